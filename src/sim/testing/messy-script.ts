import { createStream, hashParts } from "../hash.ts";
import type { DutyScript } from "../chain/duty-script.ts";
import type { ValidatorLife } from "../chain/validators.ts";

/** A number from 0 up to 1, the same for the same parts. */
function chance(...parts: readonly (string | number)[]): number {
  return createStream(hashParts(...parts))() / 2 ** 32;
}

/** Every kind of loss, all over the chain, for tests that hold results against the rules. */
export function messyScript(seed: string): DutyScript {
  return {
    attestation(index, slot) {
      const roll = chance(seed, "vote", index, slot);
      if (roll < 0.05) return { attests: false };
      if (roll < 0.15) return { lateSlots: Math.floor(roll * 200) - 9 };
      if (roll < 0.2) return { wrongHead: true };
      if (roll < 0.24) return { wrongTarget: true };
      return roll < 0.26 ? { lateSlots: 1, wrongHead: true } : undefined;
    },
    missesSync: (index, slot) => chance(seed, "sync", index, slot) < 0.1,
    proposal(index, slot) {
      const roll = chance(seed, "proposal", index, slot);
      if (roll < 0.06) return "missed";
      if (roll < 0.12) return "orphaned";
      return roll < 0.2 ? { lateMs: 5_000 } : undefined;
    },
  };
}

/** Some come, some go, some are slashed. */
export function messyLife(slotsPerEpoch: number): (index: number) => ValidatorLife {
  return (index) => {
    if (index % 16 === 3) return { activationEpoch: 4, exitEpoch: Infinity };
    if (index % 16 === 5) return { activationEpoch: 0, exitEpoch: 7 };
    if (index % 40 === 7) {
      const offence = index % 80 === 7 ? "attester" : "proposer";
      return { activationEpoch: 0, exitEpoch: Infinity, slashed: { slot: 3 * slotsPerEpoch + 2, offence } };
    }
    return { activationEpoch: 0, exitEpoch: Infinity };
  };
}

/** Balances in gwei from 20 to 2048 ETH, most of them 32. */
export function messyBalance(index: number): number {
  if (index % 9 === 1) return 31_700_000_000 - index * 1_000_000;
  if (index % 9 === 2) return 20_000_000_000;
  if (index % 9 === 4) return Math.min(2048, 33 + index * 7) * 1_000_000_000;
  return index % 9 === 6 ? 32_000_000_000 - 1 : 32_000_000_000;
}
