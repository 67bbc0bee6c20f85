/** A list of functions to tell something to. */
export interface Listeners<A extends unknown[]> {
  /** Returns what takes it off the list. */
  add(listener: (...args: A) => void): () => void;
  tell(this: void, ...args: A): void;
}

export function createListeners<A extends unknown[]>(): Listeners<A> {
  const listeners = new Set<(...args: A) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(...args) {
      for (const listener of listeners) listener(...args);
    },
  };
}
