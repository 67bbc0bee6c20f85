import type { CallObservation } from "../../upstream/types.ts";
import type { Route } from "../routes/route.ts";

/** What one node's answer is worth: `next` asks another node and keeps this answer for want of a better one. */
export interface Verdict {
  kind: "good" | "final" | "next";
  outcome: CallObservation["outcome"];
  detail: string;
}

const good: Verdict = { kind: "good", outcome: "answered", detail: "" };
const final: Verdict = { kind: "final", outcome: "answered", detail: "" };

function next(outcome: Verdict["outcome"], detail: string): Verdict {
  return { kind: "next", outcome, detail };
}

type JudgedRoute = Pick<Route, "policy" | "asksOthersOn404" | "isSigningInput">;

/** Judges by status and media type, before the body is there. */
export function judgeHead(route: JudgedRoute, status: number, contentType: string | undefined): Verdict {
  if (status >= 500) return status === 503 ? next("not-ready", "HTTP 503") : next("status-5xx", `HTTP ${status}`);
  if (status === 200 && (route.policy === "pass" || !isWebPage(contentType))) return good;
  if (status === 206 && route.policy !== "pass") return next("not-ready", "HTTP 206");
  if (status >= 200 && status < 300)
    return isWebPage(contentType) && route.policy !== "pass" ? webPage(status, contentType) : good;
  // Another version of the software may know the route or the media type; a busy node says 429.
  if (status === 405 || status === 406 || status === 415 || status === 429) return next("answered", `HTTP ${status}`);
  if (status === 404 && route.asksOthersOn404) return next("answered", "HTTP 404");
  return final;
}

/** Judges the whole body of an answer whose head was good: what validators sign over must at least parse. */
export function judgeBody(route: JudgedRoute, contentType: string | undefined, body: Buffer): Verdict {
  if (!route.isSigningInput || body.length > 65_536 || !contentType?.includes("json")) return good;
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (typeof parsed !== "object" || parsed === null) return next("garbage", "JSON that is no object");
    if ((parsed as { execution_optimistic?: unknown }).execution_optimistic === true)
      return next("not-ready", "the answer is optimistic");
    return good;
  } catch {
    return next("garbage", "JSON that does not parse");
  }
}

function webPage(status: number, contentType: string | undefined): Verdict {
  return next("garbage", `HTTP ${status} with ${(contentType ?? "").slice(0, 60)}`);
}

function isWebPage(contentType: string | undefined): boolean {
  return contentType !== undefined && contentType.includes("html");
}
