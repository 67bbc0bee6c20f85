import type { ArrivalRecord, EvidenceRecord } from "../control/types.ts";
import { createRing, type Ring } from "../lib/ring.ts";
import type { Transition } from "../upstream/types.ts";
import { createEvidenceRing } from "./evidence-ring.ts";

/** What the monitor reads from a gateway, bounded: an hour of trouble, not a memory leak. */
export interface GatewayRings {
  readonly transitions: Ring<Transition>;
  readonly evidence: Ring<EvidenceRecord>;
  readonly arrivals: Ring<ArrivalRecord>;
  record(transition: Transition): void;
  /** Something in the status changed. */
  changed(): void;
  onChange(listener: () => void): () => void;
  onTransition(listener: (seq: number, transition: Transition) => void): () => void;
}

const transitionCapacity = 4_096;
/** Two epochs of a client with 10,000 keys take 2,000; of a hundred clients with 100 each, the ring holds one epoch. */
const evidenceCapacity = 16_384;
/** Validators named in all of it: two epochs of 250,000 keys, 8 MB. */
const evidenceNames = 1_000_000;
/** Three events of each block from each node: two epochs of forty nodes. */
const arrivalCapacity = 8_192;

export function createGatewayRings(): GatewayRings {
  const transitions = createRing<Transition>(transitionCapacity);
  const changeListeners = new Set<() => void>();
  const transitionListeners = new Set<(seq: number, transition: Transition) => void>();
  const changed = () => {
    for (const listener of changeListeners) listener();
  };
  return {
    transitions,
    evidence: createEvidenceRing(evidenceCapacity, evidenceNames),
    arrivals: createRing<ArrivalRecord>(arrivalCapacity),
    record(transition) {
      const seq = transitions.push(transition);
      for (const listener of transitionListeners) listener(seq, transition);
      changed();
    },
    changed,
    onChange(listener) {
      changeListeners.add(listener);
      return () => void changeListeners.delete(listener);
    },
    onTransition(listener) {
      transitionListeners.add(listener);
      return () => void transitionListeners.delete(listener);
    },
  };
}
