import type { HistoryPoint, TransitionsPage } from "../../../src/api/contract.ts";

/** Samples come every few seconds: further apart than this, nobody was watching. */
const silentAfterMs = 30_000;

/**
 * Stretches of the window in which a gateway left no sample: before the first start, or while gateway or monitor was
 * stopped. No change could be recorded there, so nothing may be drawn from its absence.
 */
export function unwatchedGaps(
  points: readonly HistoryPoint[] | undefined,
  gateway: string,
  fromAt: number,
): TransitionsPage["gaps"] {
  const own = (points ?? []).filter((point) => point.gateway === gateway && point.at >= fromAt);
  let before = fromAt;
  return own.flatMap(({ at }) => {
    const gap = { gateway, fromAt: before, toAt: at, count: 0 };
    before = at;
    return gap.toAt - gap.fromAt > silentAfterMs ? [gap] : [];
  });
}
