import type { EvidenceRecord } from "../control/types.ts";
import { createRing, type Ring } from "../lib/ring.ts";
import type { Transition } from "../upstream/types.ts";

/** What the monitor reads from a gateway, bounded: an hour of trouble, not a memory leak. */
export interface GatewayRings {
  readonly transitions: Ring<Transition>;
  readonly evidence: Ring<EvidenceRecord>;
  record(transition: Transition): void;
  /** Something in the status changed. */
  changed(): void;
  onChange(listener: () => void): () => void;
  onTransition(listener: (seq: number, transition: Transition) => void): () => void;
}

const transitionCapacity = 4_096;
const evidenceCapacity = 8_192;

export function createGatewayRings(): GatewayRings {
  const transitions = createRing<Transition>(transitionCapacity);
  const changeListeners = new Set<() => void>();
  const transitionListeners = new Set<(seq: number, transition: Transition) => void>();
  const changed = () => {
    for (const listener of changeListeners) listener();
  };
  return {
    transitions,
    evidence: createRing<EvidenceRecord>(evidenceCapacity),
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
