import { gatewayStatus, groupStatus, nodeStatus, now } from "../../control/testing/samples.ts";
import type { EvidenceRecord, FaultLease, GatewayStatus, GroupStatus } from "../../control/types.ts";
import { AppError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import { createRing } from "../../lib/ring.ts";
import type { Transition } from "../../upstream/types.ts";
import type { DrilledGateway } from "../read-gateway.ts";

/** For tests: a gateway in memory, with nodes bn1 to bn3 in group `default`, that does what a test says. */
export interface ScriptedGateway extends DrilledGateway {
  group: GroupStatus;
  startedAt: number;
  /** While set, every call rejects. */
  error: Error | undefined;
  /** What `startFault` rejects with. */
  refusal: Error | undefined;
  /** The lease that holds now. */
  lease: FaultLease | undefined;
  readonly calls: string[];
  change(changes: Partial<GroupStatus>): void;
  /** Takes a node out of the view, or back into it, with its transition. */
  leave(node: string): void;
  comeBack(node: string): void;
  evidenceOf(record: Partial<EvidenceRecord>): void;
}

export const duty = (changes: Partial<EvidenceRecord> = {}): EvidenceRecord => ({
  ...{ at: now, slot: 3200, group: "default", client: "10.0.0.9", requestId: "r1", method: "GET", durationMs: 10 },
  ...{ route: "/eth/v1/validator/attestation_data", policy: "agree", status: 200, node: "bn2", headRoot: "0xaa" },
  answers: [{ node: "bn2", outcome: "answered", status: 200, durationMs: 9 }],
  ...changes,
});

export function createScriptedGateway(clock: Clock, ringSize = 100): ScriptedGateway {
  const transitions = createRing<Transition>(ringSize);
  const evidence = createRing<EvidenceRecord>(ringSize);
  const status = (): GatewayStatus =>
    gatewayStatus([{ ...gateway.group, ...(gateway.lease ? { faults: [gateway.lease] } : {}) }], {
      at: clock.now(),
      startedAt: gateway.startedAt,
      lastTransitionSeq: transitions.lastSeq,
      lastEvidenceSeq: evidence.lastSeq,
    });
  const answer = async <T>(call: string, value: () => T): Promise<T> => {
    gateway.calls.push(call);
    if (gateway.error) throw gateway.error;
    return value();
  };
  const move = (node: string, from: "ready" | "down", to: "ready" | "down") => {
    const ready =
      to === "ready" ? [...gateway.group.view.ready, node] : gateway.group.view.ready.filter((each) => each !== node);
    const reason = to === "ready" ? "in-sync" : "no-answer";
    gateway.change({ view: { ...gateway.group.view, ready, signingInputs: ready } });
    transitions.push({ at: clock.now(), group: "default", node, kind: "health", from, to, reason, detail: "" });
  };
  const gateway: ScriptedGateway = {
    group: groupStatus(["bn1", "bn2", "bn3"].map((node) => nodeStatus(node))),
    startedAt: clock.now() - 3_600_000,
    error: undefined,
    refusal: undefined,
    lease: undefined,
    calls: [],
    status: () => answer("status", status),
    transitions: (after) => answer("transitions", () => transitions.readAfter(after)),
    evidence: (after) => answer("evidence", () => evidence.readAfter(after)),
    startFault: ({ node, kind, by, leaseMs }) =>
      answer("start", () => {
        if (gateway.refusal) throw gateway.refusal;
        return (gateway.lease = {
          ...{ id: "f1", node, kind, by, startedAt: clock.now() },
          expiresAt: clock.now() + leaseMs,
        });
      }),
    renewFault: (id, leaseMs) =>
      answer("renew", () => {
        if (gateway.lease?.id !== id) throw new AppError("renew: it has ended", { code: "unknown-fault" });
        return (gateway.lease = { ...gateway.lease, expiresAt: clock.now() + leaseMs });
      }),
    stopFault: () => answer("stop", () => void (gateway.lease = undefined)),
    change(changes) {
      gateway.group = { ...gateway.group, ...changes };
    },
    leave: (node) => move(node, "ready", "down"),
    comeBack: (node) => move(node, "down", "ready"),
    evidenceOf: (record) => void evidence.push(duty({ at: clock.now(), ...record })),
  };
  return gateway;
}
