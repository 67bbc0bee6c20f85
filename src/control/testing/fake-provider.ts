import type { OperatorState, Transition } from "../../upstream/types.ts";
import { AppError } from "../../lib/app-error.ts";
import { createRing, type Ring } from "../../lib/ring.ts";
import type { ControlProvider } from "../provider.ts";
import type { ArrivalRecord, EvidenceRecord, FaultLease, GatewayStatus } from "../types.ts";
import { gatewayStatus, groupStatus, nodeStatus, now } from "./samples.ts";

export interface FakeProvider extends ControlProvider {
  evidenceRing: Ring<EvidenceRecord>;
  arrivalRing: Ring<ArrivalRecord>;
  marks: { group: string; node: string; state: OperatorState; by: string; isForced?: boolean }[];
  /** The other calls, as they came in: name and arguments. */
  calls: unknown[][];
  record(transition: Transition): void;
  change(changes: Partial<GatewayStatus>): void;
}

export function transition(detail: string, changes: Partial<Transition> = {}): Transition {
  return {
    at: now,
    group: "default",
    node: "bn1",
    kind: "health",
    from: "ready",
    to: "down",
    reason: "connection-refused",
    detail,
    ...changes,
  };
}

/** For tests: a gateway with one node and rings of the given size. */
export function createFakeProvider(ringSize = 100): FakeProvider {
  const transitions = createRing<Transition>(ringSize);
  const evidence = createRing<EvidenceRecord>(ringSize);
  const arrivals = createRing<ArrivalRecord>(ringSize);
  const changeListeners = new Set<() => void>();
  const transitionListeners = new Set<(seq: number, item: Transition) => void>();
  let status = gatewayStatus([groupStatus([nodeStatus("bn1")])]);
  const marks: FakeProvider["marks"] = [];
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      void calls.push([name, ...given]);
  const lease = (id: string): FaultLease => ({
    ...{ id, node: "bn1", kind: "hang", by: "alice", startedAt: now, expiresAt: now + 60_000 },
  });
  return {
    evidenceRing: evidence,
    arrivalRing: arrivals,
    marks,
    status: () => ({ ...status, lastTransitionSeq: transitions.lastSeq, lastEvidenceSeq: evidence.lastSeq }),
    transitions: (after, limit) => transitions.readAfter(after, limit),
    evidence: (after, limit) => evidence.readAfter(after, limit),
    arrivals: (after, limit) => arrivals.readAfter(after, limit),
    onChange: (listener) => (changeListeners.add(listener), () => void changeListeners.delete(listener)),
    onTransition: (listener) => (transitionListeners.add(listener), () => void transitionListeners.delete(listener)),
    calls,
    setOperatorState(group, node, state, by, isForced) {
      if (node !== "bn1") throw new AppError(`set ${node}: no such node`, { code: "unknown-node" });
      marks.push({ group, node, state, by, ...(isForced === undefined ? {} : { isForced }) });
    },
    hold: note("hold"),
    release: note("release"),
    resetWatermark: note("resetWatermark"),
    chooseBranch(group, root, by) {
      if (root !== "0xaa") throw new AppError(`serve ${root}: no such branch`, { code: "unknown-branch" });
      calls.push(["chooseBranch", group, root, by]);
    },
    startFault(request) {
      calls.push(["startFault", request]);
      if (request.node === "bn1") return Promise.resolve(lease("f1"));
      return Promise.reject(new AppError("begin a fault: a proposal is near", { code: "fault-refused" }));
    },
    renewFault(id, leaseMs) {
      if (id !== "f1") throw new AppError(`renew ${id}: it has ended`, { code: "unknown-fault" });
      calls.push(["renewFault", id, leaseMs]);
      return lease(id);
    },
    stopFault(id) {
      calls.push(["stopFault", id]);
      return Promise.resolve();
    },
    metrics: () => Promise.resolve("up 1\n"),
    health: () => ({ isHealthy: true, detail: "ok" }),
    record(item) {
      const seq = transitions.push(item);
      for (const listener of transitionListeners) listener(seq, item);
      for (const listener of changeListeners) listener();
    },
    change(changes) {
      status = { ...status, ...changes };
      for (const listener of changeListeners) listener();
    },
  };
}
