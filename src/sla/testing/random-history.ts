import type { SlaEpoch } from "../types.ts";
import type { StandingInput } from "../standing-of.ts";

/** A history with everything that happens: holes, incidents, validators that come and go, a monitor that lags. `random`: 0 to 1. */
export function randomHistory(random: () => number): StandingInput {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
  // Mainnet, Gnosis, and the minimal preset.
  const [slotDurationMs, slotsPerEpoch] = pick([12_000, 32], [5_000, 16], [6_000, 8]);
  const epochMs = slotDurationMs * slotsPerEpoch;
  const genesisTimeMs = Date.UTC(2020, 11, 1, 12, 0, 23) + below(86_400) * 1_000;
  const timing = { spec: { slotDurationMs, slotsPerEpoch }, genesis: { genesisTimeMs } };
  const windowMs = pick(2, 20, 75, 200) * epochMs + below(epochMs);
  const fromAt = genesisTimeMs + below(200) * epochMs + below(epochMs) - pick(0, 0, 3 * epochMs);
  const window = { fromAt, toAt: fromAt + windowMs };
  const now = fromAt + Math.floor(windowMs * pick(0, 1, random(), random(), random(), random(), 1 + random()));
  const lag = pick(0, 1, 2, 2, 2, 15);
  const lastEpoch = Math.floor((now - genesisTimeMs) / epochMs) - lag;
  const firstEpoch = Math.max(
    0,
    Math.floor((fromAt - genesisTimeMs) / epochMs) - pick(0, 5, 60) + pick(0, 0, 0, 0, 12),
  );
  const holes = pick(0, 0, 0.05, 0.5);
  const misses = pick(0, 0.001, 0.02, 0.3, 1);
  let validators = pick(1, 3, 12, 40, 25, 7, 2, 0);
  const epochs: SlaEpoch[] = [];
  for (let epoch = firstEpoch; epoch <= lastEpoch; epoch++) {
    if (random() < 0.03) validators = Math.max(0, validators + below(21) - 10);
    if (random() < holes) continue;
    let included = 0;
    for (let n = 0; n < validators; n++) if (random() >= misses) included++;
    const ideal = validators * 9_650;
    epochs.push({
      epoch,
      assigned: validators,
      included,
      earned: included * 9_600 - (validators - included) * 8_000,
      ideal,
    });
  }
  return {
    ...{ epochs, window, now, timing, target: pick(0.99, 0.999, 0.5, 1, 0.9995, 0.95) },
    ...(random() < 0.3 ? { dutiesPerEpoch: below(50) } : {}),
  };
}
