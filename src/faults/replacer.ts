/** A value that others replace, for those who must wait until it changes. */
export interface Replacer<T> {
  readonly value: T;
  /** Aborts when the value is replaced. */
  readonly replaced: AbortSignal;
  set(value: T): void;
}

export function createReplacer<T>(first: T): Replacer<T> {
  let value = first;
  let controller = new AbortController();
  return {
    get value() {
      return value;
    },
    get replaced() {
      return controller.signal;
    },
    set(next) {
      const before = controller;
      value = next;
      controller = new AbortController();
      before.abort();
    },
  };
}
