import type { Route } from "./route.ts";

export interface Match {
  route: Route;
  /** Value of the last path parameter, or "" where the template has none; `pathParameter` reads another one by name. */
  param: string;
}

interface Node {
  children: Map<string, Node>;
  wildcard: Node | undefined;
  GET: Route | undefined;
  POST: Route | undefined;
}

const emptyNode = (): Node => ({ children: new Map(), wildcard: undefined, GET: undefined, POST: undefined });

export type Matcher = (method: "GET" | "POST", path: string) => Match | undefined;

/** Compiles the table into a tree of segments; a literal wins over a parameter. `path` has no query and is normalised. */
export function compileMatcher(routes: readonly Route[]): Matcher {
  const root = emptyNode();
  const exact = { GET: new Map<string, Match>(), POST: new Map<string, Match>() };
  for (const route of routes) {
    if (!route.path.includes("{")) exact[route.method].set(route.path, { route, param: "" });
    let node = root;
    for (const segment of route.path.slice(1).split("/")) {
      if (segment.startsWith("{")) node = node.wildcard ??= emptyNode();
      else {
        const next = node.children.get(segment) ?? emptyNode();
        node.children.set(segment, next);
        node = next;
      }
    }
    if (node[route.method]) throw new Error(`routing table: ${route.method} ${route.path} appears twice`);
    node[route.method] = route;
  }

  function walk(node: Node, method: "GET" | "POST", path: string, from: number, param: string): Match | undefined {
    if (from > path.length) {
      const route = node[method];
      return route && { route, param };
    }
    let end = path.indexOf("/", from);
    if (end === -1) end = path.length;
    const segment = path.slice(from, end);
    const literal = node.children.get(segment);
    const found = literal && walk(literal, method, path, end + 1, param);
    if (found || !node.wildcard || segment === "") return found;
    return walk(node.wildcard, method, path, end + 1, segment);
  }

  return (method, path) => exact[method].get(path) ?? walk(root, method, path, 1, "");
}
