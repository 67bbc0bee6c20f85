import type { GroupStatus } from "../control/types.ts";
import { systemClock } from "../lib/clock.ts";
import { findPlaces, type Outcome, type Where } from "./tell-gateways.ts";

export interface NodeWait extends Where {
  node: string;
  until: "drained" | "serving";
}

/** What one look at a node in one group says. */
export type NodeProgress =
  { kind: "reached"; text: string } | { kind: "waits"; text: string } | { kind: "failed"; text: string };

const lookMs = 1_000;
/** A monitor may show for a moment what was before the command. */
const settleLooks = 10;

/**
 * Waits at every place until the node is drained, or serves again; `print` hears of each change. Resolves with one outcome
 * per place, or with `undefined` when `signal` ended the wait: what was begun goes on.
 */
export async function waitForNode(
  configPath: string,
  wait: NodeWait,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<Outcome[] | undefined> {
  const shown = new Map<string, string>();
  for (let looks = 0; !signal.aborted; looks++) {
    const hasNode = ({ nodes }: GroupStatus) => nodes.some(({ node }) => node === wait.node);
    const { found, lost } = await findPlaces(configPath, wait, hasNode);
    const outcomes = found.map(({ gateway, group }) => {
      const progress = progressOf(group, wait, looks < settleLooks);
      return { gateway: gateway.name, group: group.group, progress };
    });
    const tell = (place: string, text: string) => {
      if (shown.get(place) !== text) print(`${place}: ${text}`);
      shown.set(place, text);
    };
    for (const { gateway, group, progress } of outcomes) tell(`${gateway}/${group}`, progress.text);
    for (const { gateway } of lost) tell(gateway, "cannot be reached; a drain goes on there by itself");
    if (lost.length === 0 && outcomes.every(({ progress }) => progress.kind !== "waits"))
      return outcomes.map(({ gateway, group, progress }) => ({
        ...{ gateway, group, isDone: progress.kind === "reached", message: progress.text },
      }));
    await systemClock.sleep(lookMs, signal);
  }
  return undefined;
}

/** `isEarly`: what is shown may be older than the command. */
export function progressOf(group: GroupStatus, { node, until }: NodeWait, isEarly: boolean): NodeProgress {
  const status = group.nodes.find((each) => each.node === node);
  if (!status) return { kind: "failed", text: `${node} is no longer in this group` };
  if (until === "serving") {
    if (status.operator !== "active" && !isEarly)
      return { kind: "failed", text: `${node} was set to ${status.operator} meanwhile` };
    if (status.operator === "active" && group.view.ready.includes(node))
      return { kind: "reached", text: `${node} serves again` };
    return { kind: "waits", text: `${node} is ${status.health}: ${status.detail || status.reason}` };
  }
  if (status.operator === "maintenance") return { kind: "reached", text: `${node} is drained and may be stopped` };
  if (status.operator !== "draining")
    return isEarly
      ? { kind: "waits", text: `${node} begins to drain` }
      : { kind: "failed", text: `the drain of ${node} was called off: it is ${status.operator}` };
  const waits = group.drains?.find((drain) => drain.node === node)?.waitsFor ?? [];
  return {
    kind: "waits",
    text:
      waits.length === 0
        ? `${node} is almost drained`
        : `${node} waits for: ${waits.map(({ detail }) => detail).join("; ")}`,
  };
}
