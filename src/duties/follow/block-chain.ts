import type { BlockRef } from "../../chain/types.ts";
import type { CallFailure, CallResult } from "../../beacon/call-result.ts";
import type { CanonicalView } from "../judge/canonical-view.ts";
import type { BlockFacts } from "../types.ts";

/** Blocks by root, and which of them are ancestors of the head that was named last. */
export interface BlockChain extends CanonicalView {
  /** The lowest slot from which on the chain is known without a hole; `undefined` before the first head. */
  readonly fromSlot: number | undefined;
  /** Walks from a head towards its parents until known ground, or until the first block at or below `downToSlot`. */
  advance(head: BlockRef, downToSlot: number, signal: AbortSignal): Promise<Advance>;
  /** Goes further back from the lowest known block; `undefined`: it reaches the slot, or the beginning of the chain. */
  reach(downToSlot: number, signal: AbortSignal): Promise<CallFailure | undefined>;
  /** The last canonical block at or before the slot. */
  blockAt(slot: number): BlockRef | undefined;
  /** Canonical blocks of these slots, oldest first; those that were let go are read again. */
  blocks(fromSlot: number, toSlot: number, signal: AbortSignal): Promise<CallResult<readonly BlockFacts[]>>;
  /** A block that was canonical in this slot and is no longer. */
  orphanAt(slot: number): string | undefined;
  /** Lets go of the contents of blocks below `contentSlot`, and of everything below `linkSlot`. */
  forget(contentSlot: number, linkSlot: number): void;
}

/** Blocks up to and including `commonSlot` are as before. */
export type Advance = { ok: true; commonSlot: number; isReorg: boolean } | { ok: false; failure: CallFailure };

interface Walk {
  ok: true;
  path: { root: string; link: Link }[];
  commonSlot: number | undefined;
}

interface Link {
  slot: number;
  parentRoot: string;
  facts: BlockFacts | undefined;
}

/** Orphans are kept for this many, newest ones; each is a slot and a root. */
const keptOrphans = 4096;

/** Creates an empty chain. `readBlock` as in `DutySource`. Roots link blocks: a node that mixes forks cannot mislead it. */
export function createBlockChain(
  readBlock: (root: string, signal: AbortSignal) => Promise<CallResult<BlockFacts | undefined>>,
): BlockChain {
  const links = new Map<string, Link>();
  const canonical = new Map<number, string>();
  const orphans = new Map<number, string>();
  let head: BlockRef | undefined;
  let fromSlot: number | undefined;

  async function linkOf(root: string, childSlot: number, signal: AbortSignal): Promise<CallResult<Link>> {
    const known = links.get(root);
    if (known) return { ok: true, value: known, status: 200, latencyMs: 0 };
    const read = await readBlock(root, signal);
    if (!read.ok) return read;
    if (!read.value) return refuse("status", `block ${root} is not held by any node that was asked`, 404);
    if (read.value.root !== root || read.value.slot >= childSlot)
      return refuse(
        "wrong-shape",
        `asked for block ${root} below slot ${childSlot}, got one of slot ${read.value.slot}`,
      );
    const link = { slot: read.value.slot, parentRoot: read.value.parentRoot, facts: read.value };
    links.set(root, link);
    return { ok: true, value: link, status: 200, latencyMs: 0 };
  }

  /** From a root towards its parents; `commonSlot`: where it met the canonical chain. Newest first. */
  async function walk(
    fromRoot: string,
    belowSlot: number,
    downToSlot: number,
    mayBeGenesis: boolean,
    signal: AbortSignal,
  ): Promise<Walk | { ok: false; failure: CallFailure }> {
    const path: Walk["path"] = [];
    let root = fromRoot;
    let childSlot = belowSlot;
    for (;;) {
      const known = links.get(root);
      if (known && canonical.get(known.slot) === root) return { ok: true, path, commonSlot: known.slot };
      const found = await linkOf(root, childSlot, signal);
      if (!found.ok) {
        // Some nodes keep no block for genesis: its root is known from its first child, or from the head, all the same.
        if (found.failure.status !== 404 || downToSlot > 0 || (path.length === 0 && !mayBeGenesis)) return found;
        const genesis = { slot: 0, parentRoot: zeroRoot, facts: undefined };
        links.set(root, genesis);
        path.push({ root, link: genesis });
        return { ok: true, path, commonSlot: undefined };
      }
      path.push({ root, link: found.value });
      if (found.value.slot <= downToSlot || found.value.slot === 0) return { ok: true, path, commonSlot: undefined };
      root = found.value.parentRoot;
      childSlot = found.value.slot;
    }
  }

  function leave(aboveSlot: number, toSlot: number): void {
    for (let slot = toSlot; slot > aboveSlot && slot >= (fromSlot ?? 0); slot--) {
      const left = canonical.get(slot);
      if (left === undefined) continue;
      canonical.delete(slot);
      orphans.set(slot, left);
    }
    while (orphans.size > keptOrphans) orphans.delete(orphans.keys().next().value ?? 0);
  }

  function adopt(root: string, link: Link): void {
    canonical.set(link.slot, root);
    if (orphans.get(link.slot) === root) orphans.delete(link.slot);
  }

  function blockAt(slot: number): BlockRef | undefined {
    if (!head || fromSlot === undefined || slot < fromSlot) return undefined;
    for (let at = Math.min(slot, head.slot); at >= fromSlot; at--) {
      const root = canonical.get(at);
      if (root !== undefined) return { slot: at, root };
    }
    return undefined;
  }

  return {
    get head() {
      return head;
    },
    get fromSlot() {
      return fromSlot;
    },
    async advance(newHead, downToSlot, signal) {
      const walked = await walk(newHead.root, Number.MAX_SAFE_INTEGER, downToSlot, newHead.slot === 0, signal);
      if (!walked.ok) return walked;
      const { path, commonSlot } = walked;
      const lowest = path.at(-1)?.link.slot;
      const common = commonSlot ?? (lowest ?? 0) - 1;
      const isReorg = head !== undefined && common < head.slot;
      if (head) leave(common, head.slot);
      for (const { root, link } of path) adopt(root, link);
      if (commonSlot === undefined) {
        for (const slot of [...canonical.keys()]) if (slot < (lowest ?? 0)) canonical.delete(slot);
        fromSlot = lowest;
      }
      head = { slot: links.get(newHead.root)?.slot ?? newHead.slot, root: newHead.root };
      return { ok: true, commonSlot: common, isReorg };
    },
    async reach(downToSlot, signal) {
      const lowest = links.get(canonical.get(fromSlot ?? -1) ?? "");
      if (!lowest || lowest.slot <= downToSlot || lowest.slot === 0) return undefined;
      const walked = await walk(lowest.parentRoot, lowest.slot, downToSlot, true, signal);
      if (!walked.ok) return walked.failure;
      for (const { root, link } of walked.path) adopt(root, link);
      fromSlot = walked.path.at(-1)?.link.slot ?? fromSlot;
      return undefined;
    },
    blockAt,
    rootAt: (slot) => blockAt(slot)?.root,
    hasBlock: (slot) => canonical.has(slot),
    emptyBetween(slot, laterSlot) {
      let empty = 0;
      for (let at = slot + 1; at < laterSlot; at++) if (!canonical.has(at)) empty++;
      return empty;
    },
    async blocks(from, to, signal) {
      const found: BlockFacts[] = [];
      for (let slot = Math.max(from, fromSlot ?? from); slot <= Math.min(to, head?.slot ?? -1); slot++) {
        const root = canonical.get(slot);
        const link = root === undefined ? undefined : links.get(root);
        if (root === undefined || !link) continue;
        if (!link.facts) {
          // Genesis without a block has nothing to read.
          if (link.slot === 0) continue;
          const read = await readBlock(root, signal);
          if (!read.ok) return read;
          if (!read.value) return refuse("status", `block ${root} of slot ${slot} is no longer held by any node`, 404);
          found.push(read.value);
        } else found.push(link.facts);
      }
      return { ok: true, value: found, status: 200, latencyMs: 0 };
    },
    orphanAt: (slot) => orphans.get(slot),
    forget(contentSlot, linkSlot) {
      for (const [root, link] of links) {
        if (link.slot < linkSlot) {
          links.delete(root);
          if (canonical.get(link.slot) === root) canonical.delete(link.slot);
        } else if (link.slot < contentSlot) link.facts = undefined;
      }
      if (fromSlot !== undefined && fromSlot < linkSlot) fromSlot = lowestOf(canonical) ?? fromSlot;
    },
  };
}

const zeroRoot = `0x${"00".repeat(32)}`;

function lowestOf(slots: ReadonlyMap<number, string>): number | undefined {
  let lowest: number | undefined;
  for (const slot of slots.keys()) if (lowest === undefined || slot < lowest) lowest = slot;
  return lowest;
}

function refuse(
  kind: CallFailure["kind"],
  message: string,
  status?: number,
): { ok: false; failure: CallFailure; latencyMs: number } {
  return {
    ok: false,
    failure: { kind, message: `walk the chain: ${message}`, ...(status !== undefined && { status }) },
    latencyMs: 0,
  };
}
