import { routePatternForm } from "../../fleet/route-lists.ts";

/**
 * Which routes may be used. A pattern is a path, with a method in front if only that is meant: `/lighthouse`,
 * `POST /eth/v1/beacon/pool`. A star stands for one segment, and everything below the path is meant with it.
 */
export interface RouteRules {
  /** Refused, whatever else is written. */
  deny: readonly string[];
  /** Opened, where they are closed by default: debug and client-specific routes. */
  allow: readonly string[];
  /** Where given, nothing else is served. */
  only: readonly string[];
}

export type RouteVerdict = "denied" | "allowed" | "default";
export type JudgeRoute = (method: "GET" | "POST", path: string) => RouteVerdict;

interface Pattern {
  method: "GET" | "POST" | undefined;
  segments: readonly string[];
}

/** `undefined` where the text is no pattern. `{name}`, as the routing table writes it, is `*`. */
export function parsePattern(text: string): Pattern | undefined {
  const [, method, path] = routePatternForm.exec(text.trim()) ?? [];
  if (path === undefined) return undefined;
  const segments = segmentsOf(path).map((segment) => (segment.startsWith("{") ? "*" : segment));
  return { method: method === "HEAD" ? "GET" : (method as Pattern["method"]), segments };
}

/**
 * Puts the rules of gateway, group and client together: a denial anywhere wins, each `only` must hold, an `allow`
 * anywhere opens. Paths are normalised already; case does not matter, because some nodes' routers do not mind it.
 */
export function compileRules(levels: readonly RouteRules[]): JudgeRoute {
  const read = (texts: readonly string[]) => texts.flatMap((text) => parsePattern(text) ?? []);
  const denied = levels.flatMap(({ deny }) => read(deny));
  const allowed = levels.flatMap(({ allow }) => read(allow));
  const limits = levels.filter(({ only }) => only.length > 0).map(({ only }) => read(only));
  if (denied.length + allowed.length + limits.length === 0) return () => "default";
  return (method, path) => {
    const segments = segmentsOf(path);
    const fits = (pattern: Pattern) => matches(pattern, method, segments);
    if (denied.some(fits) || !limits.every((limit) => limit.some(fits))) return "denied";
    return allowed.some(fits) ? "allowed" : "default";
  };
}

function matches(pattern: Pattern, method: string, segments: readonly string[]): boolean {
  if (pattern.method !== undefined && pattern.method !== method) return false;
  if (pattern.segments.length > segments.length) return false;
  return pattern.segments.every((segment, index) => segment === "*" || segment === segments[index]);
}

function segmentsOf(path: string): string[] {
  return path.toLowerCase().split("/").filter(Boolean);
}
