import type { IncomingMessage } from "node:http";
import type { GatewayReasonCode } from "../reasons.ts";
import type { Route } from "../routes/route.ts";
import { unknownRead, unknownWrite } from "../routes/routes-v1.ts";
import type { Match, Matcher } from "../routes/match.ts";
import type { GatewaySettings } from "../settings.ts";
import type { JudgeRoute } from "../clients/route-rules.ts";
import type { CheckedHeaders } from "./check-headers.ts";
import { isPassAllowed, isPlainPath } from "./normalise-path.ts";

export type Admission =
  | { kind: "admitted"; match: Match; bodyLimit: number }
  | { kind: "refused"; status: number; reason: GatewayReasonCode };

type Refusal = Extract<Admission, { kind: "refused" }>;
export type Resolve = (method: "GET" | "POST", path: string) => Match | Refusal;

/** Remembered decisions; when full of paths (slots and roots differ for ever) it starts over. */
const rememberedPaths = 2_048;

/** Decides by path alone which route serves, or why none does; recent decisions are remembered, the hot path is one look-up. */
export function createResolver(matcher: Matcher, settings: GatewaySettings, judge: JudgeRoute): Resolve {
  const remembered = { GET: new Map<string, Match | Refusal>(), POST: new Map<string, Match | Refusal>() };

  function decide(method: "GET" | "POST", path: string): Match | Refusal {
    if (!isPlainPath(path)) return { kind: "refused", status: 400, reason: "bad-path" };
    const verdict = judge(method, path);
    if (verdict === "denied") return { kind: "refused", status: 403, reason: "route-denied" };
    const match = matcher(method, path) ?? matcher(method, plainForm(path));
    if (match && !match.route.isDebug) return match;
    if (verdict !== "allowed" && !isPassAllowed(path, settings))
      return { kind: "refused", status: 403, reason: "route-not-allowed" };
    return match ?? (method === "POST" ? passWrite : passRead);
  }

  return (method, path) => {
    const known = remembered[method].get(path);
    if (known) return known;
    const decision = decide(method, path);
    if (path.length > 256) return decision;
    if (remembered[method].size >= rememberedPaths) remembered[method].clear();
    remembered[method].set(path, decision);
    return decision;
  };
}

/** Decides by method, path and headers whether a request is served at all, and by which route. */
export function admit(
  request: Pick<IncomingMessage, "method" | "url">,
  headers: CheckedHeaders,
  resolve: Resolve,
  settings: GatewaySettings,
): Admission {
  const method = request.method ?? "";
  if (method !== "GET" && method !== "POST" && method !== "HEAD") return oddMethod(method);
  if (headers.refusal) return { kind: "refused", status: 400, reason: headers.refusal };
  const target = request.url ?? "";
  const query = target.indexOf("?");
  const match = resolve(method === "POST" ? "POST" : "GET", query === -1 ? target : target.slice(0, query));
  if ("reason" in match) return match;
  const bodyLimit = isPublish(match.route) ? settings.maxPublishBodyBytes : settings.maxReadBodyBytes;
  if (headers.contentLength > bodyLimit) return { kind: "refused", status: 413, reason: "body-too-large" };
  return { kind: "admitted", match, bodyLimit };
}

/** Some nodes' routers mind neither case nor a slash at the end: the rules of the route that is meant hold all the same. */
function plainForm(path: string): string {
  const lower = path.toLowerCase();
  return lower.endsWith("/") ? lower.slice(0, -1) : lower;
}

const passRead: Match = { route: unknownRead, param: "" };
const passWrite: Match = { route: unknownWrite, param: "" };

/** An unknown POST may be a publish of a fork to come. */
function isPublish(route: Route): boolean {
  return (
    route.policy === "broadcast" || route.policy === "creator" || route.policy === "replay" || route === unknownWrite
  );
}

function oddMethod(method: string): Admission {
  const isKnown = ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"].includes(method);
  if (isKnown) return { kind: "refused", status: 405, reason: "method-not-allowed" };
  return { kind: "refused", status: 501, reason: "method-unknown" };
}
