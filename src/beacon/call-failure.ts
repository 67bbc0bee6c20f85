import type { CallFailure, CallFailureKind } from "./call-result.ts";

const kindsByCode: Readonly<Record<string, CallFailureKind>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: "reset",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "reset",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EHOSTDOWN: "unreachable",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_HEADERS_OVERFLOW: "too-large",
};

const words: Readonly<Record<CallFailureKind, string>> = {
  refused: "connection refused",
  reset: "connection reset",
  unreachable: "host unreachable",
  timeout: "no complete answer in time",
  aborted: "given up by Slotkeeper",
  status: "unexpected HTTP status",
  "too-large": "answer too large",
  "not-json": "answer is not JSON",
  "wrong-shape": "answer is not what the Beacon API says",
  tls: "TLS failed",
};

/** Sorts whatever a socket, TLS or the HTTP parser threw into the kinds that health rules know. */
export function failureKindOf(error: unknown): CallFailureKind {
  for (const each of causesOf(error)) {
    const { code, name } = each as { code?: unknown; name?: unknown };
    // Undici's parser errors carry no code.
    if (name === "HTTPParserError") return "not-json";
    if (typeof code !== "string") continue;
    const kind = kindsByCode[code];
    if (kind !== undefined) return kind;
    if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|EPROTO)/.test(code)) return "tls";
  }
  return "reset";
}

/** A failure whose message names the action: "getSyncingStatus of bn1: connection refused". */
export function callFailure(action: string, kind: CallFailureKind, detail = "", status?: number): CallFailure {
  const message = `${action}: ${words[kind]}${detail === "" ? "" : `, ${detail}`}`;
  return status === undefined ? { kind, message } : { kind, status, message };
}

/** An error, its causes, and the errors of an AggregateError (one for each address that was tried). */
function causesOf(error: unknown, depth = 0): object[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  const inner = error as { cause?: unknown; errors?: unknown };
  const several = Array.isArray(inner.errors) ? (inner.errors as unknown[]) : [];
  return [error, ...several.flatMap((each) => causesOf(each, depth + 1)), ...causesOf(inner.cause, depth + 1)];
}
