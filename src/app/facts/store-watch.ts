/** Since when the store takes no write. */
export interface StoreWatch {
  wrote(this: void): void;
  refused(this: void): void;
  /** ms since 1970; `undefined`: the last write was taken, or none was tried. */
  failingSince(this: void): number | undefined;
}

/** To be told of each write of whatever is written all the time. `now`: ms since 1970. */
export function createStoreWatch(now: () => number): StoreWatch {
  let since: number | undefined;
  return {
    wrote: () => (since = undefined),
    refused: () => (since ??= now()),
    failingSince: () => since,
  };
}
