/** The validators that clients of this group named lately. Bounded: beyond it those named first are forgotten. */
export interface OwnValidators {
  /** `at` is ms since the epoch. */
  note(index: number, at: number): void;
  /** Named since `since`? */
  has(index: number, since: number): boolean;
  /** Whether any was named since `since`. */
  isAnyKnown(since: number): boolean;
  readonly size: number;
}

export function createOwnValidators(capacity: number): OwnValidators {
  const namedAt = new Map<number, number>();
  let latest = -Infinity;
  return {
    note(index, at) {
      latest = at;
      namedAt.set(index, at);
      if (namedAt.size > capacity) namedAt.delete(namedAt.keys().next().value as number);
    },
    has: (index, since) => (namedAt.get(index) ?? -Infinity) >= since,
    isAnyKnown: (since) => latest >= since,
    get size() {
      return namedAt.size;
    },
  };
}

/** Calls `take` with each whole number in a JSON list of indices, read without making a list of 100,000 strings. */
export function eachIndex(body: Buffer, take: (index: number) => void): void {
  let value = -1;
  for (let i = 0; i <= body.length; i++) {
    const digit = (body[i] ?? 0) - 48;
    if (digit >= 0 && digit <= 9) value = (value < 0 ? 0 : value) * 10 + digit;
    else if (value >= 0) {
      if (Number.isSafeInteger(value)) take(value);
      value = -1;
    }
  }
}
