import { hash } from "node:crypto";

/** Remembers the contents of recent events, so that the same from another node is told only once. */
export interface SeenEvents {
  /** True the first time for a topic and content; key order and spaces of the JSON do not matter. */
  isNew(topic: string, data: string): boolean;
  /** The same by the text alone: for topics of many events that come from one node at a time. */
  isNewText(topic: string, data: string): boolean;
}

/** Bounded to `capacity` events of a topic; the oldest are forgotten. */
export function createSeenEvents(capacity = 1_024): SeenEvents {
  const byTopic = new Map<string, Set<string>>();
  function isNew(topic: string, text: string): boolean {
    const seen = byTopic.get(topic) ?? new Set<string>();
    byTopic.set(topic, seen);
    const key = hash("sha1", text, "base64");
    if (seen.has(key)) return false;
    seen.add(key);
    if (seen.size > capacity) seen.delete(seen.values().next().value as string);
    return true;
  }
  return {
    isNew: (topic, data) => isNew(topic, canonical(data)),
    isNewText: isNew,
  };
}

function canonical(data: string): string {
  try {
    return JSON.stringify(sortKeys(JSON.parse(data)));
  } catch {
    return data;
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
