import { parseJsonOnce } from "../http/parse-once.ts";
import type { CallObservation } from "../../upstream/types.ts";
import type { GatewayReasonCode } from "../reasons.ts";
import { isJson, isSsz } from "../http/media-type.ts";
import type { Route } from "../routes/route.ts";
import { isBalancedJson } from "../share/read-answer.ts";

/** What one node's answer is worth: `next` asks another node and keeps this answer for want of a better one. */
export interface Verdict {
  kind: "good" | "final" | "next";
  outcome: CallObservation["outcome"];
  detail: string;
  /** What the client is told if nobody has a better answer. */
  reason?: GatewayReasonCode;
}

const good: Verdict = { kind: "good", outcome: "answered", detail: "" };
const final: Verdict = { kind: "final", outcome: "answered", detail: "" };

function next(outcome: Verdict["outcome"], detail: string): Verdict {
  return { kind: "next", outcome, detail };
}

/**
 * What one node refuses and another may take: a route, a media type or a length that its version does not know, too many
 * requests, and the gateway's own credentials (a client's are never sent to a node).
 */
const ownLimits: ReadonlySet<number> = new Set([401, 403, 405, 406, 407, 408, 413, 414, 415, 421, 425, 429, 431]);

type JudgedRoute = Pick<Route, "policy" | "asksOthersOn404" | "isSigningInput" | "isDuty">;

/** Judges by status and media type, before the body is there. */
export function judgeHead(route: JudgedRoute, status: number, contentType: string | undefined): Verdict {
  if (status >= 500) return status === 503 ? next("not-ready", "HTTP 503") : next("status-5xx", `HTTP ${status}`);
  if (status === 200 && (route.policy === "pass" || !isWebPage(contentType))) return good;
  if (status === 206 && route.policy !== "pass") return next("not-ready", "HTTP 206");
  if (status >= 200 && status < 300)
    return isWebPage(contentType) && route.policy !== "pass" ? webPage(status, contentType) : good;
  if (ownLimits.has(status)) return next("answered", `HTTP ${status}`);
  if (status === 404 && route.asksOthersOn404) return next("answered", "HTTP 404");
  return final;
}

/** JSON up to this size is parsed; of larger JSON only the brackets and strings are followed. */
const parseBytes = 16_384;

/**
 * Judges the whole body of an answer whose head was good. JSON must be whole wherever it was received whole; a duty's
 * answer must have `data`, and what validators sign over must not be optimistic. Bodies that are passed on stay untouched.
 */
export function judgeBody(route: JudgedRoute, contentType: string | undefined, body: Buffer, status = 200): Verdict {
  if (route.policy === "pass" || status !== 200) return good;
  const isDuty = route.isSigningInput || route.isDuty;
  if (isSsz(contentType)) return isDuty && body.length === 0 ? next("garbage", "an empty body") : good;
  if (!isDuty && !isJson(contentType)) return good;
  if (body.length > parseBytes) return isBalancedJson(body) ? good : next("garbage", "JSON that is cut off");
  let parsed: unknown;
  try {
    parsed = parseJsonOnce(body);
  } catch {
    return next("garbage", "JSON that does not parse");
  }
  if (typeof parsed !== "object" || parsed === null) return next("garbage", "JSON that is no object");
  const { data, execution_optimistic } = parsed as { data?: unknown; execution_optimistic?: unknown };
  if (isDuty && (data === undefined || data === null)) return next("garbage", "an answer without data");
  if (route.isSigningInput && execution_optimistic === true) return next("not-ready", "the answer is optimistic");
  return good;
}

function webPage(status: number, contentType: string | undefined): Verdict {
  return next("garbage", `HTTP ${status} with ${(contentType ?? "").slice(0, 60)}`);
}

function isWebPage(contentType: string | undefined): boolean {
  return contentType !== undefined && contentType.includes("html");
}
