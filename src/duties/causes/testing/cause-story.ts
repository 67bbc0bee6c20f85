import type { LostDuty } from "../../judge/lost-duty.ts";
import type { CauseFinding } from "../../types.ts";
import type { CauseCode } from "../reasons.ts";
import type { CauseRecord } from "../types.ts";

/** A lost duty with what is known of it, and what must be found. */
export interface CauseStory {
  name: string;
  lost: LostDuty;
  record: CauseRecord;
  code: CauseCode;
  confidence: CauseFinding["confidence"];
}

export const story = (
  name: string,
  code: CauseCode,
  confidence: CauseFinding["confidence"],
  lost: LostDuty,
  record: CauseRecord,
): CauseStory => ({ name, code, confidence, lost, record });
