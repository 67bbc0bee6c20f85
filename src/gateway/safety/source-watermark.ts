import type { SourceWatermark } from "../../control/types.ts";

/** What is known when attestation data is about to be served. */
export interface SourceReport {
  /** Source epoch of the answer. */
  sourceEpoch: number;
  /** Wall-clock epoch; `undefined` while the network is unknown. */
  currentEpoch: number | undefined;
  /** Justified epoch by node, as each node said it last; `undefined` where it has not. */
  justified: readonly (number | undefined)[];
}

/** Would serving this source go back behind one that was served before? */
export function isRegressed(watermark: SourceWatermark | undefined, sourceEpoch: number): boolean {
  return watermark !== undefined && sourceEpoch < watermark.epoch;
}

/**
 * The watermark after serving. It rises only to an epoch below the current one that two nodes, or the only one of the
 * group, reported: one node that lies about its source must not lock the others out.
 */
export function raise(
  watermark: SourceWatermark | undefined,
  { sourceEpoch, currentEpoch, justified }: SourceReport,
  now: number,
): SourceWatermark | undefined {
  if (currentEpoch === undefined || sourceEpoch >= currentEpoch) return watermark;
  if (watermark !== undefined && sourceEpoch <= watermark.epoch) return watermark;
  const reporters = justified.filter((epoch) => epoch !== undefined && epoch >= sourceEpoch).length;
  if (reporters < Math.min(2, justified.length)) return watermark;
  return { epoch: sourceEpoch, at: now };
}
