/**
 * Bytes of bodies that one group holds in memory: requests and answers under way, and the cache of shared answers. What
 * comes in pieces is counted as it comes. The kernel's own socket buffers are not counted.
 */
export interface MemoryBudget {
  readonly usedBytes: number;
  readonly isFull: boolean;
  /** Counts bytes as held, whether or not there is room: publishes are never refused for it. */
  take(bytes: number): void;
  give(bytes: number): void;
  /** Called with the excess when more is held than the limit allows: the cache gives up what it can. */
  onPressure(free: (bytes: number) => void): void;
}

export function createMemoryBudget(limitBytes: number): MemoryBudget {
  let usedBytes = 0;
  let free: ((bytes: number) => void) | undefined;
  return {
    get usedBytes() {
      return usedBytes;
    },
    get isFull() {
      return usedBytes >= limitBytes;
    },
    take(bytes) {
      usedBytes += bytes;
      // What is kept for later goes before anybody is refused.
      if (usedBytes > limitBytes) free?.(usedBytes - limitBytes);
    },
    give(bytes) {
      usedBytes -= bytes;
    },
    onPressure(next) {
      free = next;
    },
  };
}
