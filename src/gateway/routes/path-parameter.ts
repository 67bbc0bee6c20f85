import type { Route } from "./route.ts";

/** Value of a named parameter in a request's path; for the few routes that have two. `target` may carry a query. */
export function pathParameter(route: Pick<Route, "path">, target: string, name: string): string | undefined {
  const index = route.path.split("/").indexOf(`{${name}}`);
  if (index === -1) return undefined;
  return target.split("?", 1)[0]?.split("/")[index];
}
