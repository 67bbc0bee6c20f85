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
export type Advance =
  | { ok: true; commonSlot: number; isReorg: boolean; added: readonly BlockFacts[] }
  | { ok: false; failure: CallFailure };

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
      const path: { root: string; link: Link }[] = [];
      let root = newHead.root;
      let childSlot = Number.MAX_SAFE_INTEGER;
      let commonSlot: number | undefined;
      for (;;) {
        const known = links.get(root);
        if (known && canonical.get(known.slot) === root) {
          commonSlot = known.slot;
          break;
        }
        const found = await linkOf(root, childSlot, signal);
        if (!found.ok) {
          // Some nodes keep no block for genesis: its root is known from its first child, or from the head, all the same.
          if (found.failure.status !== 404 || downToSlot > 0 || (path.length === 0 && newHead.slot > 0)) return found;
          const genesis = { slot: 0, parentRoot: zeroRoot, facts: undefined };
          path.push({ root, link: genesis });
          links.set(root, genesis);
          break;
        }
        path.push({ root, link: found.value });
        if (found.value.slot <= downToSlot || found.value.slot === 0) break;
        root = found.value.parentRoot;
        childSlot = found.value.slot;
      }
      const lowest = path.at(-1)?.link.slot;
      const isFresh = commonSlot === undefined;
      const common = commonSlot ?? (lowest ?? 0) - 1;
      const isReorg = head !== undefined && common < head.slot;
      if (head)
        for (let slot = head.slot; slot > common && slot >= (fromSlot ?? 0); slot--) {
          const left = canonical.get(slot);
          if (left === undefined) continue;
          canonical.delete(slot);
          orphans.set(slot, left);
        }
      for (const { root: added, link } of path) {
        canonical.set(link.slot, added);
        if (orphans.get(link.slot) === added) orphans.delete(link.slot);
      }
      if (isFresh) {
        for (const slot of [...canonical.keys()]) if (slot < (lowest ?? 0)) canonical.delete(slot);
        fromSlot = lowest;
      }
      head = { slot: links.get(newHead.root)?.slot ?? newHead.slot, root: newHead.root };
      while (orphans.size > keptOrphans) orphans.delete(orphans.keys().next().value ?? 0);
      const added = path.reverse().flatMap(({ link }) => (link.facts ? [link.facts] : []));
      return { ok: true, commonSlot: common, isReorg, added };
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
