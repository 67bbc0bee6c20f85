/** The 95th percentile of a stream of samples, learnt in a few numbers: it rises fast and falls slowly (a slow sample weighs 19). */
export interface Quantile {
  /** Milliseconds; 0 before the first sample. */
  value: number;
}

/** Of the present value: how far a slow sample lifts it. A nineteenth of that is what a fast one lowers it by. */
const rise = 0.19;

export function observe(quantile: Quantile, sampleMs: number): void {
  if (quantile.value === 0) {
    // One sample says little of the slow ones: start well above it.
    quantile.value = Math.max(1, 2 * sampleMs);
    return;
  }
  const step = Math.max(0.5, quantile.value) * rise;
  quantile.value = sampleMs > quantile.value ? quantile.value + step : Math.max(0.5, quantile.value - step / 19);
}

/** Learns of one node how long each kind of cheap call takes to its first byte; the kinds are rows of the routing table. */
export function learnLatency(byRoute: Map<string, Quantile>, routeId: string, sampleMs: number): void {
  let quantile = byRoute.get(routeId);
  if (!quantile) byRoute.set(routeId, (quantile = { value: 0 }));
  observe(quantile, sampleMs);
}

/** How long to wait for the first byte of a cheap call before another node is asked too: the learnt p95 within bounds, ms. */
export function hedgeDelayMs(learnt: Quantile | undefined, slotMs: number, hedgeMs: number): number {
  const least = hedgeMs / 2;
  const most = Math.min(hedgeMs, Math.max(least, slotMs / 40));
  if (!learnt || learnt.value === 0) return most;
  return Math.min(most, Math.max(least, learnt.value));
}
