import { at, isObject } from "./json.ts";
import type { ChainPicture } from "./picture.ts";
import type { RootMap } from "./root-map.ts";

/** Roots of a made-up branch: every root after the fork point is the target's own, changed by one random mask. */
export interface ForkRoots extends RootMap {
  /** Blocks up to this slot are shared with the target's chain. */
  forkSlot: number;
  /** The target's root for a root that was served as the branch's; `undefined` for any other text. */
  original(root: string): string | undefined;
  /** The branch's root for one that is known to lie after the fork point. */
  fork(root: string): string;
}

/** How many served roots are remembered for translating a client's later question. */
const rememberedRoots = 4096;

export function createForkRoots(picture: ChainPicture, random: () => number): ForkRoots {
  const mask = Array.from({ length: 32 }, () => 1 + Math.floor(random() * 255));
  const served = new Map<string, string>();

  function fork(root: string): string {
    if (!/^0x[0-9a-f]{64}$/i.test(root)) return root;
    const bytes = Buffer.from(root.slice(2), "hex").map((byte, i) => byte ^ (mask[i] ?? 0));
    const forked = `0x${Buffer.from(bytes).toString("hex")}`;
    served.delete(forked);
    served.set(forked, root.toLowerCase());
    const oldest = served.size > rememberedRoots ? served.keys().next().value : undefined;
    if (oldest !== undefined) served.delete(oldest);
    return forked;
  }

  const isShared = (root: string) => root.toLowerCase() === picture.root;
  const roots: ForkRoots = {
    slotsPerEpoch: picture.slotsPerEpoch,
    forkSlot: picture.slot,
    fork,
    original: (root) => served.get(root.toLowerCase()),
    head: (root) => (isShared(root) ? root : fork(root)),
    at: (root, slot) => (slot <= picture.slot || isShared(root) ? root : fork(root)),
    source(checkpoint) {
      const epoch = Number(at(checkpoint, "epoch"));
      const root = checkpoint["root"];
      if (!isObject(checkpoint) || typeof root !== "string" || !Number.isInteger(epoch)) return checkpoint;
      return { ...checkpoint, root: roots.at(root, epoch * picture.slotsPerEpoch) };
    },
  };
  return roots;
}
