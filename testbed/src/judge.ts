import { startDutyRecorder } from "./duty-recorder.ts";
import { readBlocks, readChainClock, readHeadSlot } from "./judge-read.ts";
import { scoreDuties } from "./judge-score.ts";
import type { DutyRecord, JudgeReport, ScoreInput } from "./judge-types.ts";

export type * from "./judge-types.ts";

export type JudgeOptions = Pick<ScoreInput, "fromSlot" | "toSlot" | "groups"> & {
  /** A node that nobody touched during the judged slots. */
  url: string;
  /** `record` of a duty recorder that ran meanwhile. Without it only slots of the present epoch can be judged. */
  duties?: DutyRecord;
  feeRecipients?: Readonly<Record<string, string>>;
};

/**
 * Counts from the chain alone what became of the duties of `fromSlot` to `toSlot`. An attestation may be included for
 * one epoch after its slot: judge earlier and the missing ones may still come (`readToSlot` tells).
 */
export async function judge(options: JudgeOptions, signal?: AbortSignal): Promise<JudgeReport> {
  const { url, fromSlot, toSlot, groups, feeRecipients } = options;
  const { slotsPerEpoch } = await readChainClock(url, { signal });
  const duties = options.duties ?? (await recordOnce(url, signal));
  const readToSlot = Math.min(await readHeadSlot(url, { signal }), toSlot + slotsPerEpoch);
  const epochStart = fromSlot - (fromSlot % slotsPerEpoch);
  const blocks = await readBlocks(url, epochStart, readToSlot, { signal });
  const checks = feeRecipients === undefined ? {} : { feeRecipients };
  return { ...scoreDuties({ blocks, duties, fromSlot, toSlot, slotsPerEpoch, groups, ...checks }), readToSlot };
}

async function recordOnce(url: string, signal?: AbortSignal): Promise<DutyRecord> {
  const recorder = await startDutyRecorder(url, signal);
  await recorder.stop();
  return recorder.record;
}
