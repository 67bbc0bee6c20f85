/** Items in the order in which they came, each found and replaced by its key without a search. */
export interface Keyed<T> {
  get(key: string): T | undefined;
  /** In the place of the one with its key, or at the end. */
  put(item: T): void;
  /** The list that it was made of, while nothing was put. */
  list(): readonly T[];
}

export function keyed<T>(items: readonly T[], keyOf: (item: T) => string): Keyed<T> {
  let byKey: Map<string, T> | undefined;
  let listed: readonly T[] | undefined = items;
  const index = () => (byKey ??= new Map(items.map((item) => [keyOf(item), item])));
  return {
    get: (key) => index().get(key),
    put(item) {
      index().set(keyOf(item), item);
      listed = undefined;
    },
    list: () => (listed ??= [...index().values()]),
  };
}
