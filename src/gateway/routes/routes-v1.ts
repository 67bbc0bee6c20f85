import type { ForkName } from "../../chain/types.ts";
import { blockRoutes } from "./blocks.ts";
import { dutyRoutes } from "./duties.ts";
import { nodeRoutes } from "./node.ts";
import { poolRoutes } from "./pool.ts";
import { preparingRoutes, publishingRoutes } from "./publishing.ts";
import { researchRoutes } from "./research.ts";
import type { Route } from "./route.ts";
import { isInForce, rowAt } from "./row-at.ts";
import { pass } from "./rows.ts";
import { signingInputRoutes } from "./signing-inputs.ts";
import { stateRoutes } from "./states.ts";

/** Counts up when a row changes its meaning; status and evidence of different gateways can be told apart by it. */
export const routesVersion = 2;

/** The areas of the table, in the order of the generated page. */
export const routeAreas: Readonly<Record<string, readonly Route[]>> = {
  Duties: dutyRoutes,
  "What validators sign over": signingInputRoutes,
  Publishing: publishingRoutes,
  Preparing: preparingRoutes,
  "Node, configuration and events": nodeRoutes,
  States: stateRoutes,
  Blocks: blockRoutes,
  Pools: poolRoutes,
  "Rewards, light clients, debugging": researchRoutes,
};

/** Every route of the Beacon API, and retired ones that clients still call. What is not here is passed through. */
export const routesV1: readonly Route[] = Object.values(routeAreas).flat();

/** The rows that nodes know at a fork, as they are at that fork. Requests are matched against all rows, whatever the fork. */
export function routesAt(fork: ForkName): Route[] {
  return routesV1.filter((route) => isInForce(route, fork)).map((route) => rowAt(route, fork));
}

/** What a request that no row describes gets: reads may be repeated on another node, anything else may not. */
export const unknownRead: Route = pass("unknown", "/*");
export const unknownWrite: Route = { ...pass("unknown", "/*", {}, "POST"), id: "unknown-write", mayRepeat: false };
