import type { Route } from "../routes/route.ts";
import { unknownWrite } from "../routes/routes-v1.ts";
import { createFairShare, type FairShare } from "./fair-share.ts";

/** Where bulk requests find a place while they are under way. What belongs to a duty needs none and waits for nobody. */
export interface BulkPlaces {
  /** `undefined`: never refused for load. */
  of(route: Route): FairShare | undefined;
}

/** Waiting for an answer that others wait for as well costs a little memory and no call. */
const sharedFactor = 8;

export interface BulkLimits {
  /** Places per ready node. */
  maxBulkPerNode: number;
  maxBulkPerClient: number;
}

export function createBulkPlaces(limits: BulkLimits, readyNodes: () => number): BulkPlaces {
  const places = () => limits.maxBulkPerNode * Math.max(1, readyNodes());
  const perClient = () => limits.maxBulkPerClient;
  const single = createFairShare(0, places, perClient);
  const shared = createFairShare(
    1,
    () => places() * sharedFactor,
    () => perClient() * sharedFactor,
  );
  return {
    of(route) {
      // An unknown POST may be a publish of a fork to come.
      if (route.lane === "duty" || route.policy === "own" || route.policy === "events" || route === unknownWrite)
        return undefined;
      return route.share === undefined ? single : shared;
    },
  };
}
