import { AppError } from "../../lib/app-error.ts";
import type { EpochResult } from "../types.ts";
import type { JudgeInput } from "./judge-input.ts";

/** Judges one epoch from what is known of it. Pure. In state `live`, duties that may still be included are no exceptions. */
export function judgeEpoch(input: JudgeInput): EpochResult {
  throw new AppError(`judge epoch ${input.epoch}: this build has no judge yet`, { code: "not-built" });
}
