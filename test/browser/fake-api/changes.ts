import type { MutationAnswer, Snapshot, StartDrillAnswer, StartDrillBody } from "../../../src/api/contract.ts";
import type { GroupStatus } from "../../../src/control/types.ts";
import type { DrillProgress } from "../../../src/drills/types.ts";
import type { OperatorState } from "../../../src/upstream/types.ts";
import { drillOf } from "./build-drill.ts";

/** What somebody did through the fake API, laid over whatever scene is shown. */
export interface Changes {
  apply(snapshot: Snapshot): Snapshot;
  /** The answer to a change, or `undefined` where there is no such route. */
  act(path: string, body: Record<string, unknown>): MutationAnswer | StartDrillAnswer | undefined;
  drills: DrillProgress[];
  /** Laid over every group that is shown; `undefined` takes a field away. */
  group: { [K in keyof GroupStatus]?: GroupStatus[K] | undefined };
  setOperator(node: string, state: OperatorState): void;
  nextAuditId(): number;
}

const verbs: Readonly<Record<string, { state: OperatorState; done: string }>> = {
  cordon: { state: "cordoned", done: "is cordoned" },
  uncordon: { state: "active", done: "is in service again" },
  drain: { state: "draining", done: "is draining" },
  return: { state: "active", done: "is in service again" },
};

export function createChanges(): Changes {
  const operators = new Map<string, OperatorState>();
  let auditId = 40;
  const by = "api token from 127.0.0.1";

  function overlay(group: GroupStatus): GroupStatus {
    const merged = { ...group, ...changes.group } as GroupStatus;
    const nodes = merged.nodes.map((node) => ({ ...node, operator: operators.get(node.node) ?? node.operator }));
    return { ...merged, nodes };
  }

  function actOnGroup(verb: string, group: string, body: Record<string, unknown>): string | undefined {
    const at = Date.now();
    switch (verb) {
      case "hold":
        changes.group.hold = { reason: String(body["reason"]), by, at };
        return `signing of group ${group} is on hold`;
      case "release":
        changes.group.hold = undefined;
        return `the hold on group ${group} is released`;
      case "watermark/reset":
        changes.group.sourceWatermark = undefined;
        return `the source watermark of group ${group} is reset`;
      case "branch":
        changes.group.chosenBranch = { root: String(body["root"]), by, at };
        return `group ${group} serves the branch with head ${String(body["root"])}`;
      default:
        return undefined;
    }
  }

  const changes: Changes = {
    drills: [],
    group: {},
    nextAuditId: () => ++auditId,
    setOperator: (node, state) => void operators.set(node, state),
    apply(snapshot) {
      return {
        ...snapshot,
        drills: [...changes.drills, ...snapshot.drills],
        gateways: snapshot.gateways.map((view) => ({
          ...view,
          status: view.status && { ...view.status, groups: view.status.groups.map(overlay) },
        })),
      };
    },
    act(path, body) {
      const [, kind, ...parts] = path.split("/").map(decodeURIComponent);
      const answer = (done: string | undefined) => (done === undefined ? undefined : { auditId: ++auditId, done });
      if (kind === "nodes") {
        const [, , node = "", name = ""] = parts;
        const verb = verbs[name];
        if (verb) operators.set(node, verb.state);
        return answer(verb && `${node} ${verb.done}`);
      }
      if (kind === "groups") return answer(actOnGroup(parts.slice(2).join("/"), parts[1] ?? "", body));
      if (kind !== "drills") return undefined;
      const [id] = parts;
      if (id !== undefined) {
        changes.drills = changes.drills.map((drill) => (drill.id === id ? { ...drill, phase: "aborted" } : drill));
        return answer(`drill ${id} is told to end`);
      }
      const { gateway, group, node, kind: fault } = body as unknown as StartDrillBody;
      const drill = drillOf({ id: "d-8", gateway, group, node, kind: fault });
      changes.drills = [drill, ...changes.drills];
      return { auditId: ++auditId, done: `drill d-8 (${fault} on ${node}) begins`, drill };
    },
  };
  return changes;
}
