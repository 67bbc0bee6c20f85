import { AppError } from "../lib/app-error.ts";
import { accessReasons, type AccessReasonCode } from "./reasons.ts";

/** What is thrown where access is refused: the reason's own words, or `more` in place of its advice. */
export function accessRefusal(code: AccessReasonCode, more: string = accessReasons[code].long): AppError {
  return new AppError(`${accessReasons[code].short}. ${more}`, { code });
}
