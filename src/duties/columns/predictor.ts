/**
 * Says what a value will be from what was seen with the same key before, the same way when writing and when reading. One value
 * out of line does not change what it says; the same one twice in a row does.
 */
export interface Predictor {
  /** `initial`: where nothing was seen with the key yet. */
  predict(key: number, initial: number): number;
  learn(key: number, value: number): void;
}

export function predictor(): Predictor {
  const known = new Map<number, { value: number; candidate: number }>();
  return {
    predict: (key, initial) => known.get(key)?.value ?? initial,
    learn(key, value) {
      const seen = known.get(key);
      if (!seen) known.set(key, { value, candidate: value });
      else if (seen.candidate === value) seen.value = value;
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
  learn(kind: number, effectiveBalance: number, value: number): void;
}

export function scaledPredictor(): ScaledPredictor {
  const exact = predictor();
  const first = new Map<number, { effectiveBalance: number; value: number }>();
  return {
    predict(kind, effectiveBalance, initial) {
      const like = first.get(kind);
      const scaled = like ? Math.round((like.value * effectiveBalance) / like.effectiveBalance) : initial;
      return exact.predict(kind * 65_536 + effectiveBalance, scaled);
    },
    learn(kind, effectiveBalance, value) {
      if (effectiveBalance > 0 && !first.has(kind)) first.set(kind, { effectiveBalance, value });
      exact.learn(kind * 65_536 + effectiveBalance, value);
    },
  };
}
