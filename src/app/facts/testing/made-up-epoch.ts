import { addTotals, emptyTotals } from "../../../duties/totals.ts";
import { dutyBits, type DutyTotals, type EpochColumns, type EpochResult } from "../../../duties/types.ts";
import type { FleetValidator } from "../../../fleet/validator.ts";
import { watchedFleet, type WatchedFleet } from "../../duties/watched-set.ts";

export const timing = { slotsPerEpoch: 32, slotDurationMs: 12_000, genesisTimeMs: 1_600_000_000_000 };
export const epochMs = 384_000;

export function epochStartAt(epoch: number): number {
  return timing.genesisTimeMs + epoch * epochMs;
}

/** Validators 0, 1, 2 … of customer `a`, then as many of `b` as asked for. */
export function fleetOf(
  sizes: Readonly<Record<string, number>>,
  extra: Readonly<Record<string, string>> = {},
): WatchedFleet {
  const validators: FleetValidator[] = [];
  for (const [customer, size] of Object.entries(sizes)) {
    const labels = { customer, ...extra };
    for (let n = 0; n < size; n += 1)
      validators.push({ index: validators.length, pubkey: undefined, labels, sources: ["list"] });
  }
  return watchedFleet({ revision: 1, validators, conflicts: [], sources: [], findings: [] }, [], []);
}

/** What became of one validator's vote. */
export type Vote = "good" | "missed" | "wrong-target" | "late";

const { assigned, included, timelySource, timelyTarget, timelyHead } = dutyBits;
const dutyOf: Readonly<Record<Vote, number>> = {
  good: assigned | included | timelySource | timelyTarget | timelyHead,
  missed: assigned,
  "wrong-target": assigned | included | timelySource,
  late: assigned | included | timelySource | timelyTarget,
};
const earnedOf: Readonly<Record<Vote, number>> = { good: 100, missed: -80, "wrong-target": -20, late: 50 };

/** A judged epoch; everybody votes well unless `votes` says otherwise, and so does the network. */
export function epochOf(
  epoch: number,
  fleet: WatchedFleet,
  votes: (position: number) => Vote = () => "good",
  change: Partial<EpochResult> = {},
): EpochResult {
  const size = fleet.indices.length;
  const all = Array.from({ length: size }, (_, position) => votes(position));
  const columns: EpochColumns = {
    ...{ indices: fleet.indices, duty: Uint8Array.from(all, (vote) => dutyOf[vote]) },
    delay: Uint8Array.from(all, (vote) => (vote === "missed" ? 0 : vote === "late" ? 3 : 1)),
    ...{ emptySlots: new Uint8Array(size), effectiveBalance: new Uint16Array(size).fill(32) },
    ...{ balance: new Float64Array(size), earned: Int32Array.from(all, (vote) => earnedOf[vote]) },
    ideal: new Int32Array(size).fill(100),
  };
  const network = { ...emptyTotals(), assigned: 1_000, included: 1_000, timelyTarget: 1_000, timelyHead: 1_000 };
  return {
    ...{ epoch, state: "provisional", judgedAt: 0, headRoot: "0x", fork: "fulu", rewards: "computed", caveats: [] },
    ...{ slots: [], network, columns, proposals: [], sync: [], slashings: [], exceptions: [] },
    cohorts: [{ key: "", value: "", members: undefined }, ...fleet.cohorts].map(({ key, value, members }) => ({
      ...{ key, value },
      totals: Array.from(members ?? fleet.indices.keys(), (at) => totalsOf(columns, at)).reduce(
        (sum, totals) => addTotals(sum, totals, "sets"),
        emptyTotals(),
      ),
    })),
    ...change,
  };
}

function totalsOf({ duty, delay, earned }: EpochColumns, at: number): DutyTotals {
  const has = (bit: number) => Number(((duty[at] ?? 0) & bit) !== 0);
  return {
    ...emptyTotals(),
    ...{ validators: 1, stake: 32, assigned: 1, included: has(included), timelyTarget: has(timelyTarget) },
    ...{ timelyHead: has(timelyHead), delaySum: delay[at] ?? 0, effectiveDelaySum: delay[at] ?? 0 },
    ...{ earned: earned[at] ?? 0, ideal: 100 },
  };
}
