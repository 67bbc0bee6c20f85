import { forkNames, type ForkName } from "../../chain/types.ts";
import type { Route } from "./route.ts";

const variants = new WeakMap<Route, readonly Route[]>();

/** A row as it is at a fork: the row itself where no fork changes it, else one of a few made once. */
export function rowAt(route: Route, fork: ForkName): Route {
  if (!route.forks) return route;
  let rows = variants.get(route);
  if (!rows) variants.set(route, (rows = expand(route)));
  return rows[forkNames.indexOf(fork)] ?? route;
}

/** Is the route one that a node of this fork should know? */
export function isInForce(route: Pick<Route, "since" | "until">, fork: ForkName): boolean {
  const at = forkNames.indexOf(fork);
  if (route.since !== undefined && at < forkNames.indexOf(route.since)) return false;
  return route.until === undefined || at < forkNames.indexOf(route.until);
}

function expand(route: Route): Route[] {
  let row = route;
  return forkNames.map((name) => {
    const change = route.forks?.[name];
    if (change) row = { ...row, ...change };
    return row;
  });
}
