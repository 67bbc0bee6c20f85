export type DevnetErrorCode =
  | "not-installed"
  | "bad-option"
  | "client-ended"
  | "not-running"
  | "timeout"
  | "beacon-api"
  | "duties-missing"
  | "control";

/** The one error type of the testbed; `message` names the action and what to do next. */
export class DevnetError extends Error {
  readonly code: DevnetErrorCode;

  constructor(code: DevnetErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "DevnetError";
    this.code = code;
  }
}
