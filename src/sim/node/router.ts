import type { SimRoute } from "./types.ts";

export interface Match {
  route: SimRoute;
  params: Readonly<Record<string, string>>;
}

export type Router = (method: string, path: string) => Match | "wrong-method" | undefined;

/** Finds the route of a request; `HEAD` is answered as `GET`. Fixed path parts win over parameters. */
export function createRouter(routes: readonly SimRoute[]): Router {
  const compiled = routes
    .map((route) => ({ route, parts: route.path.split("/") }))
    .sort((a, b) => parameterCount(a.parts) - parameterCount(b.parts));
  return (method, path) => {
    const parts = path.replace(/\/$/, "").split("/");
    let isPathKnown = false;
    for (const candidate of compiled) {
      const params = matchParts(candidate.parts, parts);
      if (!params) continue;
      isPathKnown = true;
      if (candidate.route.method === (method === "HEAD" ? "GET" : method)) return { route: candidate.route, params };
    }
    return isPathKnown ? "wrong-method" : undefined;
  };
}

function matchParts(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [position, wanted] of pattern.entries()) {
    const part = parts[position] ?? "";
    if (wanted.startsWith("{")) params[wanted.slice(1, -1)] = decode(part);
    else if (wanted !== part) return undefined;
  }
  return params;
}

function parameterCount(parts: readonly string[]): number {
  return parts.filter((part) => part.startsWith("{")).length;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
