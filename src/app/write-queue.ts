/** Runs writes one after the other, bounded. */
export interface WriteQueue {
  add(write: () => Promise<void>): void;
  settled(): Promise<void>;
}

const maxWaiting = 1_000;

/** What does not fit or fails is told to `onError`; later writes go on. */
export function createQueue(onError: (error: unknown) => void): WriteQueue {
  let last = Promise.resolve();
  let waiting = 0;
  return {
    add(write) {
      if (waiting >= maxWaiting)
        return onError(new Error(`over ${maxWaiting} writes are waiting; this one was dropped`));
      waiting++;
      last = last
        .then(write)
        .catch(onError)
        .finally(() => waiting--);
    },
    settled: () => last,
  };
}
