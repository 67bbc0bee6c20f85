import type { FaultRequest } from "../control/provider.ts";
import type { EvidenceRecord, FaultLease, GatewayStatus, GroupStatus, SequencePage } from "../control/types.ts";
import type { Transition } from "../upstream/types.ts";

/** A gateway as a drill needs it; a control client is one. Every call rejects with `AppError`. */
export interface DrilledGateway {
  status(signal?: AbortSignal): Promise<GatewayStatus>;
  transitions(after: number, signal?: AbortSignal): Promise<SequencePage<Transition>>;
  evidence(after: number, signal?: AbortSignal): Promise<SequencePage<EvidenceRecord>>;
  startFault(request: FaultRequest, signal?: AbortSignal): Promise<FaultLease>;
  renewFault(id: string, leaseMs: number, signal?: AbortSignal): Promise<FaultLease>;
  stopFault(id: string, signal?: AbortSignal): Promise<void>;
}

/** What a gateway told since the reading before. */
export interface GatewayReading {
  status: GatewayStatus;
  group: GroupStatus | undefined;
  evidence: readonly EvidenceRecord[];
  transitions: readonly Transition[];
  /** Evidence that was overwritten before it was read. */
  unseen: number;
}

/** So many pages of a ring in one reading: a gateway that fills it faster than it is read must not hold the drill up. */
const maxPages = 40;

/** Reads what is new about a group since `first`. A reading that fails loses nothing: the next one has it. */
export function createGatewayReader(
  gateway: Pick<DrilledGateway, "status" | "transitions" | "evidence">,
  groupName: string,
  first: GatewayStatus,
): () => Promise<GatewayReading> {
  let evidenceAfter = first.lastEvidenceSeq;
  let transitionsAfter = first.lastTransitionSeq;
  let transitions: Transition[] = [];
  let evidence: EvidenceRecord[] = [];
  let unseen = 0;

  return async () => {
    // First the status: the rings may then hold more than it shows, never less.
    const status = await gateway.status();
    for (let page = 0; page < maxPages && transitionsAfter < status.lastTransitionSeq; page++) {
      const { items, nextAfter } = await gateway.transitions(transitionsAfter);
      transitionsAfter = nextAfter;
      for (const { item } of items) if (item.group === groupName) transitions.push(item);
    }
    for (let page = 0; page < maxPages && evidenceAfter < status.lastEvidenceSeq; page++) {
      const { items, nextAfter, gap } = await gateway.evidence(evidenceAfter);
      evidenceAfter = nextAfter;
      if (gap) unseen += gap.toSeq - gap.fromSeq + 1;
      for (const { item } of items) if (item.group === groupName) evidence.push(item);
    }
    const reading = { status, group: groupOf(status, groupName), evidence, transitions, unseen };
    transitions = [];
    evidence = [];
    unseen = 0;
    return reading;
  };
}

export function groupOf(status: GatewayStatus, name: string): GroupStatus | undefined {
  return status.groups.find(({ group }) => group === name);
}
