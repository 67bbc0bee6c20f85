import type { WatchedFleet } from "../../src/app/duties/watched-set.ts";
import { emptyTotals } from "../../src/duties/totals.ts";
import {
  dutyBits,
  type DutyException,
  type DutyTotals,
  type EpochColumns,
  type EpochResult,
  type SlotOutcome,
} from "../../src/duties/types.ts";
import type { Effects } from "./faults.ts";
import { validatorClients } from "./fleet.ts";
import { pick } from "./random.ts";

export const slotsPerEpoch = 32;
export const slotDurationMs = 12_000;
export const epochMs = slotsPerEpoch * slotDurationMs;

const { assigned, included, timelySource, timelyTarget, timelyHead } = dutyBits;
const perfect = assigned | included | timelySource | timelyTarget | timelyHead;
const idealGwei = 13_000;
const syncMember = 100_050;
const networkSize = 1_000_000;

/** What the chain had in store for everybody in one epoch. */
interface Weather {
  slots: ("proposed" | "late" | "missed" | "orphaned")[];
  /** A hiccup of one of our own: its validators miss more often, once. */
  hiccup: { client: string; share: number } | undefined;
}

function weatherOf(random: () => number): Weather {
  const slots = Array.from({ length: slotsPerEpoch }, () => {
    const luck = random();
    return luck < 0.005 ? "missed" : luck < 0.0055 ? "orphaned" : luck < 0.02 ? "late" : "proposed";
  });
  if (random() < 0.02) slots[0] = "late";
  return {
    slots,
    hiccup: random() < 0.04 ? { client: pick(random, validatorClients), share: 0.02 + random() * 0.25 } : undefined,
  };
}

/**
 * One judged epoch of the fleet with ordinary losses: about one duty in a hundred missed, late or wrong, more of them where
 * a block came late or did not come; and with what `effects` take away.
 */
export function makeEpoch(epoch: number, fleet: WatchedFleet, random: () => number, effects: Effects): EpochResult {
  const weather = weatherOf(random);
  const { indices } = fleet;
  const columns = emptyColumns(indices);
  const exceptions: DutyException[] = [];
  indices.forEach((index, position) => {
    const isHit =
      weather.hiccup !== undefined &&
      fleet.byIndex.get(index)?.labels["validatorClient"] === weather.hiccup.client &&
      random() < weather.hiccup.share;
    attest(columns, position, weather, random, isHit || effects.loses?.(position) === true);
    const outcome = outcomeOf(columns.duty[position] ?? 0);
    if (outcome) exceptions.push(exceptionOf(epoch, index, outcome, random() < 0.1 ? "unknown" : "late-block"));
  });
  const slots = slotsOf(epoch, weather);
  const own = proposalsOf(epoch, indices, random, effects);
  if (effects.wrongFeeOf !== undefined)
    exceptions.push({ ...exceptionOf(epoch, effects.wrongFeeOf, "wrong-fee-recipient", "unknown"), kind: "proposal" });
  const blocks = weather.slots.filter((slot) => slot !== "missed" && slot !== "orphaned").length;
  const hits = effects.missesSync ? 0 : Math.max(0, blocks - Math.floor(random() * 3));
  return {
    ...{ epoch, state: "provisional", judgedAt: 0, headRoot: "0x", fork: "fulu", rewards: "computed", caveats: [] },
    ...{ slots, columns, exceptions, proposals: own },
    network: networkOf(weather, random, blocks, effects),
    cohorts: [{ key: "", value: "", members: undefined }, ...fleet.cohorts].map(({ key, value, members }) => ({
      ...{ key, value, totals: totalsOf(columns, members) },
    })),
    sync: [
      {
        validatorIndex: syncMember,
        seats: 1,
        duties: blocks,
        hits,
        earned: (2 * hits - blocks) * 500,
        ideal: blocks * 500,
      },
    ],
    slashings:
      effects.slashes === undefined
        ? []
        : [{ slot: epoch * slotsPerEpoch, validatorIndex: effects.slashes, offence: "attester" }],
  };
}

function emptyColumns(indices: Uint32Array): EpochColumns {
  const size = indices.length;
  return {
    ...{ indices, duty: new Uint8Array(size).fill(assigned), delay: new Uint8Array(size) },
    ...{ emptySlots: new Uint8Array(size), balance: new Float64Array(size).fill(32e9) },
    effectiveBalance: new Uint16Array(size).map((_, position) => (position % 100 === 7 ? 2_048 : 32)),
    ...{ earned: new Int32Array(size), ideal: new Int32Array(size).fill(idealGwei) },
  };
}

function attest(
  columns: EpochColumns,
  position: number,
  weather: Weather,
  random: () => number,
  isLost: boolean,
): void {
  const slot = Math.floor(random() * slotsPerEpoch);
  const luck = random();
  columns.earned[position] = -9_000;
  if (isLost || luck < 0.006) return;
  const block = weather.slots[slot] ?? "proposed";
  let duty = perfect;
  // Of a block that comes late, many vote for the one before; in an epoch's first slot that is the wrong target as well.
  const isEarly = block === "late" && random() < 0.4;
  if (isEarly || luck < 0.011) duty &= ~timelyHead;
  if ((isEarly && slot === 0) || (luck > 0.011 && luck < 0.0135)) duty &= ~(timelyTarget | timelyHead);
  const next = weather.slots[slot + 1];
  const empty = next === "missed" || next === "orphaned" ? 1 : 0;
  const late = luck > 0.99 ? 1 + Math.floor(random() * 3) : 0;
  if (empty + late > 0) duty &= ~timelyHead;
  columns.duty[position] = duty;
  columns.delay[position] = 1 + empty + late;
  columns.emptySlots[position] = empty;
  columns.earned[position] = (duty & timelyTarget) === 0 ? -2_000 : (duty & timelyHead) === 0 ? 9_500 : idealGwei;
}

function outcomeOf(duty: number): DutyException["outcome"] | undefined {
  if ((duty & included) === 0) return "missed";
  if ((duty & timelyTarget) === 0) return "wrong-target";
  return (duty & timelyHead) === 0 ? "wrong-head" : undefined;
}

function exceptionOf(
  epoch: number,
  validatorIndex: number,
  outcome: DutyException["outcome"],
  code: string,
): DutyException {
  return {
    ...{ epoch, slot: epoch * slotsPerEpoch, validatorIndex, kind: "attestation", outcome, detail: 0, lost: 9_000 },
    cause: { code, confidence: "likely", evidence: [] },
  };
}

function slotsOf(epoch: number, { slots }: Weather): SlotOutcome[] {
  return slots.map((block, n) => ({
    ...{
      slot: epoch * slotsPerEpoch + n,
      proposerIndex: 1,
      block: block === "late" ? "proposed" : block,
      root: undefined,
    },
    ...{ assigned: networkSize / slotsPerEpoch, included: 31_000, timelyHead: 30_000 },
  }));
}

/** Ours are one in a hundred of all validators. A missed block of ours is no noise: it is told. */
function proposalsOf(
  epoch: number,
  indices: Uint32Array,
  random: () => number,
  { missesProposal }: Effects,
): EpochResult["proposals"] {
  const isOurs = missesProposal === true || random() < 0.3;
  if (!isOurs) return [];
  const validatorIndex = pick(random, [...indices.slice(0, 1_000)]);
  const slot = epoch * slotsPerEpoch + Math.floor(random() * slotsPerEpoch);
  const outcome = missesProposal ? "missed" : "proposed";
  return [
    { slot, validatorIndex, outcome, root: undefined, feeRecipient: undefined, reward: undefined, lost: undefined },
  ];
}

function networkOf(weather: Weather, random: () => number, blocks: number, { noFinality }: Effects): DutyTotals {
  const share = noFinality ? 0.6 : 0.985 + random() * 0.01;
  const lateShare = weather.slots.filter((slot) => slot !== "proposed").length / slotsPerEpoch;
  const all = Math.round(networkSize * share);
  return {
    ...emptyTotals(),
    ...{ validators: networkSize, assigned: networkSize, included: all, timelySource: all },
    timelyTarget: Math.round(all * (weather.slots[0] === "late" ? 0.985 : 0.998)),
    timelyHead: Math.round(all * (0.98 - 0.4 * lateShare)),
    ...{ delaySum: Math.round(all * 1.03), effectiveDelaySum: Math.round(all * 1.02) },
    ...{ syncDuties: 512 * blocks, syncHits: Math.round(512 * blocks * share) },
  };
}

function totalsOf(columns: EpochColumns, members: Uint32Array | undefined): DutyTotals {
  const totals = emptyTotals();
  const size = members?.length ?? columns.indices.length;
  totals.validators = size;
  for (let i = 0; i < size; i += 1) {
    const at = members ? (members[i] ?? 0) : i;
    const duty = columns.duty[at] ?? 0;
    const stake = columns.effectiveBalance[at] ?? 0;
    const delay = columns.delay[at] ?? 0;
    const has = (bit: number) => Number((duty & bit) !== 0);
    totals.stake += stake;
    totals.assigned += 1;
    totals.stakeAssigned += stake;
    totals.included += has(included);
    totals.timelySource += has(timelySource);
    totals.timelyTarget += has(timelyTarget);
    totals.timelyHead += has(timelyHead);
    totals.stakeIncluded += stake * has(included);
    totals.stakeTarget += stake * has(timelyTarget);
    totals.delaySum += delay;
    totals.effectiveDelaySum += delay - (columns.emptySlots[at] ?? 0);
    totals.earned += columns.earned[at] ?? 0;
    totals.ideal += columns.ideal[at] ?? 0;
  }
  return totals;
}
