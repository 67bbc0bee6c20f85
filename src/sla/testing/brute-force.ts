import type { StandingInput } from "../standing-of.ts";

/**
 * The same figures found another way, for tests and `npm run bench -- sla`: day by day through the window, one duty after the other,
 * fractions of bigints, the forecast by trying every epoch to come. Slow, and shares no code with `standingOf`.
 */
export function bruteForce(input: StandingInput): BruteStanding {
  const { window, now, timing } = input;
  const epochMs = timing.spec.slotDurationMs * timing.spec.slotsPerEpoch;
  const byEpoch = new Map(input.epochs.map((epoch) => [epoch.epoch, epoch]));
  const beginsAt = (epoch: number) => timing.genesis.genesisTimeMs + epoch * epochMs;
  const allowed = BigInt(1_000_000 - Math.round(input.target * 1_000_000));

  let duties = 0n;
  let up = 0n;
  let gwei = { earned: 0n, ideal: 0n };
  const mine: number[] = [];
  for (let day = Math.floor(window.fromAt / 86_400_000); day * 86_400_000 < window.toAt; day++)
    for (let epoch = Math.floor((day * 86_400_000 - timing.genesis.genesisTimeMs) / epochMs) - 1; ; epoch++) {
      const at = beginsAt(epoch);
      if (at >= (day + 1) * 86_400_000) break;
      if (epoch < 0 || at < day * 86_400_000 || at < window.fromAt || at >= window.toAt) continue;
      mine.push(epoch);
      const found = byEpoch.get(epoch);
      if (!found) continue;
      for (let duty = 0; duty < found.assigned; duty++) {
        duties++;
        if (duty < found.included) up++;
      }
      gwei = { earned: gwei.earned + BigInt(found.earned), ideal: gwei.ideal + BigInt(found.ideal) };
    }
  // Over: known, something later is known, or both it and the epoch after it have ended.
  const after = (epoch: number) => mine.some((later) => later >= epoch && byEpoch.has(later));
  const isOver = (epoch: number) => after(epoch) || beginsAt(epoch + 2) <= now;
  const unknownEpochs = mine.filter((epoch) => isOver(epoch) && !byEpoch.has(epoch)).length;
  const toCome = mine.filter((epoch) => !isOver(epoch));
  const lastOver = mine.filter(isOver).at(-1) ?? (mine[0] === undefined ? undefined : mine[0] - 1);

  const end = mine.at(-1) ?? -1;
  const newest = [...byEpoch.keys()].filter((epoch) => epoch <= end).sort((a, b) => b - a)[0];
  const perEpoch = BigInt(input.dutiesPerEpoch ?? (newest === undefined ? 0 : (byEpoch.get(newest)?.assigned ?? 0)));
  const budgetMillionths = (duties + BigInt(toCome.length) * perEpoch) * allowed;
  const missed = duties - up;

  function burn(hours: number): { assigned: bigint; missed: bigint } {
    let [assigned, lost] = [0n, 0n];
    let epoch = lastOver ?? -1;
    for (let covered = 0; covered < hours * 3_600_000; covered += epochMs, epoch--) {
      assigned += BigInt(byEpoch.get(epoch)?.assigned ?? 0);
      lost += BigInt((byEpoch.get(epoch)?.assigned ?? 0) - (byEpoch.get(epoch)?.included ?? 0));
    }
    return { assigned, missed: lost };
  }

  return {
    ...{ duties, up, missed, ...gwei, unknownEpochs, budgetMillionths, allowed },
    ...{ hour: burn(1), sixHours: burn(6), breachesAt: breach() },
  };

  function breach(): number | undefined {
    let used = 0n;
    for (const epoch of mine) {
      const found = byEpoch.get(epoch);
      for (let duty = found?.included ?? 0; duty < (found?.assigned ?? 0); duty++) {
        used += 1_000_000n;
        if (missed * 1_000_000n > budgetMillionths && used > budgetMillionths) return beginsAt(epoch + 1);
      }
    }
    const hour = burn(1);
    if (hour.missed === 0n || perEpoch === 0n) return undefined;
    // Everything times the hour's duties, so that the misses of one epoch are a whole number.
    let left = (budgetMillionths - used) * hour.assigned;
    const each = perEpoch * hour.missed * 1_000_000n;
    for (const epoch of toCome) {
      if (left < each) {
        let [low, high] = [0, epochMs];
        while (high - low > 1) {
          const middle = Math.floor((low + high) / 2);
          if (each * BigInt(middle) <= left * BigInt(epochMs)) low = middle;
          else high = middle;
        }
        return Math.max(now, beginsAt(epoch) + low);
      }
      left -= each;
    }
    return undefined;
  }
}

export interface BruteStanding {
  duties: bigint;
  up: bigint;
  missed: bigint;
  earned: bigint;
  ideal: bigint;
  unknownEpochs: number;
  /** Allowed misses times a million. */
  budgetMillionths: bigint;
  /** Allowed share of misses times a million. */
  allowed: bigint;
  hour: { assigned: bigint; missed: bigint };
  sixHours: { assigned: bigint; missed: bigint };
  breachesAt: number | undefined;
}
