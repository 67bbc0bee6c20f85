import type { CallObservation } from "../../upstream/types.ts";

export type CallError = Exclude<CallObservation["outcome"], "answered" | "status-5xx" | "not-ready" | "garbage">;

/** Maps what undici or the socket reported to an outcome that the health machine knows. */
export function classifyError(error: unknown): CallError {
  const code = codeOf(error);
  switch (code) {
    case "ECONNREFUSED":
      return "refused";
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
    case "UND_ERR_RES_CONTENT_LENGTH_MISMATCH":
    case "UND_ERR_DESTROYED":
    case "UND_ERR_CLOSED":
      return "reset";
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
    case "ETIMEDOUT":
      return "timeout";
    default:
      return code.startsWith("HPE_") ? "reset" : "unreachable";
  }
}

/** Did the connection fail before the request could have left? Then any request may go elsewhere. */
export function isBeforeSending(error: unknown): boolean {
  return ["ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH"].includes(
    codeOf(error),
  );
}

/**
 * Was it a kept-alive connection that the node closed under the request? undici gives the socket's counters with the
 * error; a bare ECONNRESET has none, and then the caller's knowledge of earlier calls decides.
 */
export function isReusedSocket(error: unknown, hadEarlierCalls: boolean): boolean {
  const socket = (error as { socket?: { bytesRead?: number } } | null)?.socket;
  if (socket && typeof socket.bytesRead === "number") return socket.bytesRead > 0;
  const code = codeOf(error);
  return hadEarlierCalls && (code === "ECONNRESET" || code === "EPIPE");
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const code = (error as { code?: unknown }).code;
  if (typeof code === "string") return code;
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause;
  return first instanceof Error && first !== error ? codeOf(first) : "";
}
