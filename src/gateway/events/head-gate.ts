import type { BlockRef } from "../../chain/types.ts";

/** An event for clients: topic and data. */
export interface Told {
  topic: string;
  data: string;
}

/** Lets `head` events through only for the head of the view, once each, whichever of event and view comes first. */
export interface HeadGate {
  /** A node sent a head event; returns the data to tell clients now, if any. */
  onHeadEvent(topic: string, data: string): string | undefined;
  /**
   * The view has moved; returns the events to tell now. None for an older head that was told before: a view falls back for
   * a moment when the node that was ahead goes, and clients must not follow it there and back.
   */
  onView(head: BlockRef | undefined): readonly Told[];
  /** The view has stayed on its head: returns what was held back. */
  onStay(): readonly Told[];
  /** Was this topic told for the head that the view is on? */
  hasTold(topic: string): boolean;
}

interface Kept {
  data: string;
  rank: number;
}

/**
 * Remembers the head events of the last `capacity` roots, until the view gets there. From Gloas on `head_v2` is sent again
 * when the payload of the same block has come: its status only ever rises here, so that nodes that lag do not undo it.
 */
export function createHeadGate(capacity = 256): HeadGate {
  const kept = new Map<string, Kept>();
  const told = new Map<string, { root: string; rank: number; slot: number }>();
  const everTold = new Set<string>();
  let head: BlockRef | undefined;

  function tell(topic: string, root: string, { data, rank }: Kept): string | undefined {
    const last = told.get(topic);
    if (last?.root === root && last.rank >= rank) return undefined;
    told.set(topic, { root, rank, slot: head?.slot ?? 0 });
    everTold.add(`${topic}:${root}`);
    if (everTold.size > capacity) everTold.delete(everTold.values().next().value as string);
    return data;
  }

  function isFallback(topic: string): boolean {
    return head !== undefined && everTold.has(`${topic}:${head.root}`) && head.slot < (told.get(topic)?.slot ?? 0);
  }

  function tellHead(mayFallBack: boolean): Told[] {
    const events: Told[] = [];
    for (const topic of ["head", "head_v2"]) {
      if (head === undefined || (!mayFallBack && isFallback(topic))) continue;
      const waiting = kept.get(`${topic}:${head.root}`);
      const data = waiting && tell(topic, head.root, waiting);
      if (data !== undefined) events.push({ topic, data });
    }
    return events;
  }

  return {
    onHeadEvent(topic, data) {
      const read = readHead(data);
      // An optimistic head may be invalid: clients hear of it once a node has verified it.
      if (!read || read.isOptimistic) return undefined;
      const key = `${topic}:${read.root}`;
      const known = kept.get(key);
      const best = known && known.rank >= read.rank ? known : { data, rank: read.rank };
      if (best !== known) kept.set(key, best);
      if (kept.size > capacity) kept.delete(kept.keys().next().value as string);
      return read.root === head?.root && !isFallback(topic) ? tell(topic, read.root, best) : undefined;
    },
    onView(next) {
      if (!next || next.root === head?.root) return [];
      head = next;
      return tellHead(false);
    },
    onStay: () => tellHead(true),
    hasTold: (topic) => head !== undefined && told.get(topic)?.root === head.root,
  };
}

const payloadRanks: Readonly<Record<string, number>> = { pending: 0, empty: 1, full: 2 };

function readHead(data: string): { root: string; isOptimistic: boolean; rank: number } | undefined {
  try {
    const parsed = JSON.parse(data) as Record<string, unknown>;
    const inner = (parsed["data"] ?? parsed) as Record<string, unknown>;
    const root = inner["block"] ?? inner["block_root"];
    if (typeof root !== "string") return undefined;
    return {
      root: root.toLowerCase(),
      isOptimistic: (parsed["execution_optimistic"] ?? inner["execution_optimistic"]) === true,
      rank: payloadRanks[String(inner["payload_status"]).toLowerCase()] ?? 0,
    };
  } catch {
    return undefined;
  }
}
