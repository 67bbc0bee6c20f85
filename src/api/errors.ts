import type { ErrorAnswer } from "./contract.ts";
import { ControlRefusal } from "../control/client.ts";
import { AppError, describeError } from "../lib/app-error.ts";

/** An error as status and body. What is not ours says nothing about its insides. */
export function answerOfError(error: unknown): { status: number; body: ErrorAnswer } {
  if (error instanceof ControlRefusal && error.refusal !== "")
    return answer(isUnknown(error.refusal) ? 404 : 409, error.refusal, error.message);
  if (error instanceof AppError) return answer(statusOfCode(error.code), error.code, describeError(error));
  const { validation, statusCode } = error as { validation?: unknown; statusCode?: unknown };
  if (validation !== undefined) return answer(400, "bad-request", describeError(error));
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500)
    return answer(statusCode, "bad-request", describeError(error));
  return answer(500, "internal", "Slotkeeper could not answer this. Its log says why.");
}

function answer(status: number, code: string, message: string): { status: number; body: ErrorAnswer } {
  return { status, body: { error: { code, message } } };
}

const isUnknown = (code: string) => code === "unknown-group" || code === "unknown-node";

function statusOfCode(code: string): number {
  switch (code) {
    case "not-found":
    case "unknown-gateway":
    case "unknown-group":
    case "unknown-node":
    case "unknown-drill":
    case "user-unknown":
      return 404;
    case "unknown-drill-kind":
    case "bad-request":
    case "inbound-not-json":
    case "inbound-bad-shape":
      return 400;
    case "token-missing":
    case "token-wrong":
    case "token-expired":
    case "login-wrong":
    case "session-unknown":
    case "session-expired":
    case "setup-code-wrong":
    case "setup-code-expired":
      return 401;
    case "origin-foreign":
    case "csrf-wrong":
    case "user-disabled":
    case "role-too-low":
      return 403;
    case "inbound-too-large":
      return 413;
    case "login-throttled":
    case "link-throttled":
    case "inbound-flooded":
      return 429;
    case "user-name-bad":
    case "password-too-short":
    case "password-too-long":
    case "password-too-simple":
      return 400;
    case "user-exists":
    case "last-admin":
    case "conflict":
    case "setup-over":
      return 409;
    case "host-unknown":
      return 421;
    case "control-refused":
    case "drill-refused":
      return 409;
    case "control-unreachable":
    case "control-garbage":
    case "control-version":
      return 502;
    case "too-many-streams":
    case "inbound-busy":
    case "inbound-no-room":
    case "inbound-not-stored":
      return 503;
    default:
      return 500;
  }
}
