import type { Snapshot } from "../../../src/api/contract.ts";
import type { UpstreamStatus } from "../../../src/upstream/types.ts";
import { readyNode } from "./build-node.ts";
import { slotNow } from "./build-snapshot.ts";

/** What the fake API can show; each is made anew for the moment it is asked for. */
export type Scene = (now: number) => Snapshot;

export const threeNodes = (now: number): UpstreamStatus[] =>
  ["bn-1", "bn-2", "bn-3"].map((name, index) => readyNode(name, "main", index, slotNow(now), now));
