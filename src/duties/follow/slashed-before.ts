import { dutyBits, type EpochResult } from "../types.ts";

/**
 * Who was slashed before an epoch N began, by the result of N - 2: its duty bits tell who was slashed by the end of N - 1.
 * `undefined` where there is no such result.
 */
export function slashedBefore(earlier: EpochResult | undefined): ((validatorIndex: number) => boolean) | undefined {
  if (!earlier) return undefined;
  const { indices, duty } = earlier.columns;
  const slashed = new Set<number>();
  for (const [place, index] of indices.entries()) if ((duty[place]! & dutyBits.slashed) !== 0) slashed.add(index);
  return (validatorIndex) => slashed.has(validatorIndex);
}
