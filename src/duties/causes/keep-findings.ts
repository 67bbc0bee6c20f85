import type { CauseOf, LostDuty } from "../judge/lost-duty.ts";
import type { CauseFinding } from "../types.ts";

/** What was found of a loss while its evidence was fresh. */
export interface KeptFindings {
  /**
   * An epoch is judged again when it is final, and then much of its evidence is forgotten: of two findings of one loss the
   * surer one stands, the newer one where they are alike.
   */
  keep(causeOf: CauseOf): CauseOf;
}

const ranks: Readonly<Record<CauseFinding["confidence"], number>> = { possible: 1, likely: 2, certain: 3 };
const rankOf = ({ code, confidence }: CauseFinding): number => (code === "unknown" ? 0 : ranks[confidence]);

export function keepFindings(most: number): KeptFindings {
  const kept = new Map<string, CauseFinding>();
  return {
    keep: (causeOf) => (lost, context) => {
      const finding = causeOf(lost, context);
      const key = keyOf(lost);
      const before = kept.get(key);
      if (before && rankOf(before) > rankOf(finding)) return before;
      kept.delete(key);
      kept.set(key, finding);
      if (kept.size > most) kept.delete(kept.keys().next().value ?? key);
      return finding;
    },
  };
}

/** A loss that is another one after a reorg is judged anew: what the chain holds of it is part of the name. */
function keyOf(lost: LostDuty): string {
  const { kind, slot, validatorIndex, outcome } = lost;
  const chain = lost.kind === "attestation" ? (lost.voted?.headRoot ?? "") + lost.expected.headRoot : "";
  return `${kind}/${slot}/${validatorIndex}/${outcome}/${chain}`;
}
