import type { CallFailureKind, CallResult } from "../beacon/call-result.ts";
import type { GetFailureKind, GetResult } from "../signals/bounded-get.ts";
import type { Fact, FactFailure } from "./evidence.ts";

const failureByCall: Readonly<Record<CallFailureKind, FactFailure>> = {
  refused: "refused",
  reset: "reset",
  unreachable: "unreachable",
  timeout: "timeout",
  aborted: "timeout",
  status: "status",
  "too-large": "not-beacon",
  "not-json": "not-beacon",
  "wrong-shape": "not-beacon",
  tls: "tls",
};

/** A call's outcome as a fact. `at` is our wall clock when it came. */
export function factOfCall<T>(result: CallResult<T>, at: number): Fact<T> {
  if (result.ok) {
    const { value, latencyMs, executionOptimistic: isOptimistic } = result;
    return { kind: "known", value, at, latencyMs, ...(isOptimistic !== undefined && { isOptimistic }) };
  }
  const { kind, status, message } = result.failure;
  return failed(failureByCall[kind], message, status);
}

const failureByGet: Readonly<Record<GetFailureKind, FactFailure>> = {
  refused: "refused",
  reset: "reset",
  unreachable: "unreachable",
  timeout: "timeout",
  tls: "tls",
  "too-large": "not-beacon",
  failed: "failed",
};

/** The failure of a metrics page that did not come, or came with another status than 200. */
export function pageFailure(result: GetResult): (Fact<never> & { kind: "failed" }) | undefined {
  if (!result.ok) return failed(failureByGet[result.kind], result.message);
  if (result.status === 200) return undefined;
  const where = result.status >= 300 && result.status < 400 ? " (a redirect; name the final address)" : "";
  return failed("status", `HTTP ${result.status}${where}`, result.status);
}

export function failed(failure: FactFailure, message: string, status?: number): Fact<never> & { kind: "failed" } {
  return status === undefined ? { kind: "failed", failure, message } : { kind: "failed", failure, status, message };
}
