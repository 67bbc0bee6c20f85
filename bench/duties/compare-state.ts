import { dutyBits, type EpochResult } from "../../src/duties/types.ts";
import type { StateTruth } from "./state-truth.ts";

/** Compares every duty of an epoch with a real node's own participation flags; one line for each difference. */
export function compareState(
  { epoch, columns }: EpochResult,
  truth: StateTruth,
  increment: number,
): { checked: number; lost: number; differences: string[] } {
  const differences: string[] = [];
  let checked = 0;
  let lost = 0;
  const same = (what: string, node: unknown, ours: unknown): void => {
    if (node !== ours) differences.push(`epoch ${epoch}: ${what}: node ${String(node)}, ours ${String(ours)}`);
  };
  same("validators", truth.participation.length, columns.indices.length);
  for (const [place, index] of columns.indices.entries()) {
    const duty = columns.duty[place] ?? 0;
    const flags = truth.participation[index] ?? 0;
    const isActive = truth.isActive(index, epoch);
    const who = `validator ${index}`;
    same(`${who}, assigned`, isActive, (duty & dutyBits.assigned) !== 0);
    same(`${who}, flags`, flags, (duty >> 2) & 7);
    // A vote that earned nothing may still be included; one with a flag must be.
    if (flags !== 0) same(`${who}, included`, true, (duty & dutyBits.included) !== 0);
    same(`${who}, delay`, (duty & dutyBits.included) !== 0, (columns.delay[place] ?? 0) > 0);
    same(`${who}, slashed`, truth.slashed[index], (duty & dutyBits.slashed) !== 0);
    same(
      `${who}, effective balance`,
      truth.effectiveBalances[index],
      (columns.effectiveBalance[place] ?? 0) * increment,
    );
    same(`${who}, balance`, truth.balances[index], columns.balance[place]);
    if (!isActive) continue;
    checked += 1;
    if (flags !== 7) lost += 1;
  }
  return { checked, lost, differences };
}
