import type { BlockRef } from "../../chain/types.ts";

/** Lets `head` events through only for the head of the view, once each, whichever of event and view comes first. */
export interface HeadGate {
  /** A node sent a head event; returns the data to tell clients now, if any. */
  onHeadEvent(topic: string, data: string): string | undefined;
  /** The view has moved; returns events (topic and data) to tell now. */
  onView(head: BlockRef | undefined): readonly { topic: string; data: string }[];
}

/** Remembers the head events of the last `capacity` roots, until the view gets there. `head` and `head_v2` alike. */
export function createHeadGate(capacity = 64): HeadGate {
  const waiting = new Map<string, string>();
  const told = new Map<string, string>();
  let head: string | undefined;

  function tell(topic: string, root: string, data: string): string | undefined {
    if (told.get(topic) === root) return undefined;
    told.set(topic, root);
    return data;
  }

  return {
    onHeadEvent(topic, data) {
      const read = readHead(data);
      // An optimistic head may be invalid: clients hear of it once a node has verified it.
      if (!read || read.isOptimistic) return undefined;
      const key = `${topic}:${read.root}`;
      if (!waiting.has(key)) waiting.set(key, data);
      if (waiting.size > capacity) waiting.delete(waiting.keys().next().value as string);
      return read.root === head ? tell(topic, read.root, waiting.get(key) as string) : undefined;
    },
    onView(next) {
      if (!next || next.root === head) return [];
      head = next.root;
      const events = [];
      for (const topic of ["head", "head_v2"]) {
        const data = waiting.get(`${topic}:${next.root}`);
        if (data !== undefined && tell(topic, next.root, data) !== undefined) events.push({ topic, data });
      }
      return events;
    },
  };
}

function readHead(data: string): { root: string; isOptimistic: boolean } | undefined {
  try {
    const parsed = JSON.parse(data) as Record<string, unknown>;
    const inner = (parsed["data"] ?? parsed) as Record<string, unknown>;
    const root = inner["block"] ?? inner["block_root"];
    if (typeof root !== "string") return undefined;
    return {
      root: root.toLowerCase(),
      isOptimistic: (parsed["execution_optimistic"] ?? inner["execution_optimistic"]) === true,
    };
  } catch {
    return undefined;
  }
}
