/**
 * Says what a value will be from what was seen with the same key before, the same way when writing and when reading. One value
 * out of line does not change what it says; the same one twice in a row does.
 */
export interface Predictor {
  /** `initial`: where nothing was seen with the key yet. */
  predict(key: number, initial: number): number;
  /** What the value with the key of the last prediction was. */
  learn(value: number): void;
}

interface Seen {
  value: number;
  candidate: number;
}

export function predictor(): Predictor {
  const known = new Map<number, Seen>();
  // Most validators have the key of the one before: the map is rarely asked.
  let key = Number.NaN;
  let seen: Seen | undefined;
  return {
    predict(nextKey, initial) {
      if (nextKey !== key) {
        key = nextKey;
        seen = known.get(key);
      }
      return seen ? seen.value : initial;
    },
    learn(value) {
      if (!seen) {
        seen = { value, candidate: value };
        known.set(key, seen);
      } else if (seen.candidate === value) seen.value = value;
      else seen.candidate = value;
    },
  };
}

/**
 * For amounts that grow with the effective balance: an unseen pair of class and balance is expected to be in proportion to the first
 * one that was seen of that class.
 */
export interface ScaledPredictor {
  predict(kind: number, effectiveBalance: number, initial: number): number;
  learn(value: number): void;
}

export function scaledPredictor(): ScaledPredictor {
  const exact = predictor();
  const first = new Map<number, { effectiveBalance: number; value: number }>();
  const last = { kind: 0, effectiveBalance: 0, isFirst: false };
  return {
    predict(kind, effectiveBalance, initial) {
      const known = exact.predict(kind * 65_536 + effectiveBalance, Number.NaN);
      last.isFirst = Number.isNaN(known);
      if (!last.isFirst) return known;
      last.kind = kind;
      last.effectiveBalance = effectiveBalance;
      const like = first.get(kind);
      return like ? Math.round((like.value * effectiveBalance) / like.effectiveBalance) : initial;
    },
    learn(value) {
      exact.learn(value);
      const { isFirst, kind, effectiveBalance } = last;
      if (isFirst && effectiveBalance > 0 && !first.has(kind)) first.set(kind, { effectiveBalance, value });
    },
  };
}
