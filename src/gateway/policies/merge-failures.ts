/** One item of a pool submission that a node refused. */
export interface ItemFailure {
  index: number;
  message: string;
}

/** The failures named in a 400 body (`IndexedErrorMessage`), or `undefined` where it refuses the request as a whole. */
export function readItemFailures(body: Buffer): readonly ItemFailure[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
  const failures = (parsed as { failures?: unknown } | null)?.failures;
  if (!Array.isArray(failures) || failures.length === 0) return undefined;
  const items: ItemFailure[] = [];
  for (const failure of failures as unknown[]) {
    const { index, message } = (failure ?? {}) as { index?: unknown; message?: unknown };
    const at = typeof index === "string" ? Number(index) : index;
    if (typeof at !== "number" || !Number.isInteger(at) || at < 0) return undefined;
    items.push({ index: at, message: typeof message === "string" ? message.slice(0, 500) : "refused" });
  }
  return items;
}

/**
 * Merges the refusals of several nodes: an item failed only if every node that judged items refused it, because one
 * node's acceptance publishes it. An empty result means that all items were accepted by someone.
 */
export function mergeFailures(lists: readonly (readonly ItemFailure[])[]): ItemFailure[] {
  const [first, ...others] = lists;
  if (!first) return [];
  const sets = others.map((list) => new Set(list.map((item) => item.index)));
  const merged = new Map<number, ItemFailure>();
  for (const item of first) if (sets.every((set) => set.has(item.index))) merged.set(item.index, item);
  return [...merged.values()].sort((a, b) => a.index - b.index);
}
