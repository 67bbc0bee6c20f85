import { emptyTotals } from "../../src/duties/totals.ts";
import {
  dutyBits,
  type CauseFinding,
  type CohortTotals,
  type DutyException,
  type EpochColumns,
  type EpochResult,
  type EpochState,
  type SyncOutcome,
} from "../../src/duties/types.ts";

const slotsPerEpoch = 32;
const perfect =
  dutyBits.assigned | dutyBits.included | dutyBits.timelySource | dutyBits.timelyTarget | dutyBits.timelyHead;
const firstEpoch = 400_000;

/** Shares of a day on mainnet, the misses as the bar names them. */
const shares = {
  /** Half of the misses one by one, half a host's validators together. */
  missed: 0.005,
  /** Half one by one, half the voters of a slot whose block came late. */
  wrongHead: 0.01,
  late: 0.002,
  emptySlots: 0.01,
  /** Validators that may hold more than 32 ETH. */
  compounding: 0.1,
};

export interface BusyFleet {
  /** The next epoch, as its chain left it. */
  next(): EpochResult;
  /** The same epoch as it was known earlier: without rewards and balances at first, a few votes still missing later. */
  inState(final: EpochResult, state: EpochState): EpochResult;
}

/** A fleet among a million validators over days: balances that grow, are swept and paid, misses with causes, 20 labels. Seeded. */
export function busyFleet(validators: number, seed = 1): BusyFleet {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const indices = new Uint32Array(validators);
  for (let i = 0, index = 0; i < validators; i++) indices[i] = index += 1 + below(19);
  const effectiveBalance = Uint16Array.from(indices, () => (random() < shares.compounding ? 33 + below(2_016) : 32));
  const balance = Float64Array.from(effectiveBalance, (increments) =>
    increments === 32 ? 32e9 + below(18_000_000) : increments * 1e9 + below(1_250_000_000),
  );
  const seats = Array.from({ length: Math.round(validators / 2_000) }, () => indices[below(validators)] ?? 0);
  let epoch = firstEpoch;
  let brokenHost = { from: 0, to: 0, untilEpoch: 0 };

  function next(): EpochResult {
    epoch++;
    const perIncrement = 355 + below(4);
    const participation = 0.992 + random() * 0.006;
    const emptySlot = Array.from({ length: slotsPerEpoch }, () => random() < shares.emptySlots);
    const lateSlot = below(slotsPerEpoch);
    const lateShare = random() < 0.25 ? (shares.wrongHead / 2) * 4 * slotsPerEpoch : 0;
    if (epoch >= brokenHost.untilEpoch && random() < 0.25) {
      // Down for one or two epochs, in a quarter of them: half of the misses on average.
      const size = Math.round(validators * shares.missed * 1.5);
      const from = below(validators - size);
      brokenHost = { from, to: from + size, untilEpoch: epoch + 1 + below(2) };
    }
    const duty = new Uint8Array(validators).fill(perfect);
    const delay = new Uint8Array(validators).fill(1);
    const emptySlots = new Uint8Array(validators);
    const earned = new Int32Array(validators);
    const ideal = new Int32Array(validators);
    const exceptions: DutyException[] = [];
    for (let i = 0; i < validators; i++) {
      const place = below(slotsPerEpoch);
      const slot = epoch * slotsPerEpoch + place;
      const isDown = i >= brokenHost.from && i < brokenHost.to && epoch < brokenHost.untilEpoch;
      const increments = effectiveBalance[i] ?? 32;
      const part = (weight: number) => Math.floor((increments * perIncrement * weight * participation) / 64);
      const [head, target, source] = [part(14), part(26), part(14)];
      ideal[i] = head + target + source;
      earned[i] = ideal[i] ?? 0;
      const fail = (outcome: DutyException["outcome"], detail: number, lost: number, cause: CauseFinding) => {
        earned[i] = (earned[i] ?? 0) - lost;
        exceptions.push({
          ...{ epoch, slot, validatorIndex: indices[i] ?? 0, kind: "attestation", outcome, detail, lost, cause },
          place: (i * 7_919) % 1_000_000,
        });
      };
      if (isDown || random() < shares.missed / 2) {
        duty[i] = dutyBits.assigned;
        delay[i] = 0;
        fail("missed", 0, head + 2 * (target + source), isDown ? hostDown(epoch) : notSubmitted(slot, below(5)));
      } else if (emptySlot[(place + 1) % slotsPerEpoch] || random() < shares.late) {
        const isExcused = emptySlot[(place + 1) % slotsPerEpoch] === true;
        duty[i] = perfect & ~dutyBits.timelyHead;
        delay[i] = 2;
        emptySlots[i] = isExcused ? 1 : 0;
        if (isExcused) earned[i] = (earned[i] ?? 0) - head;
        else fail("late", 2, head, submittedLate(slot, below(5), 4_000 + below(3_000)));
      } else if (random() < (place === lateSlot ? lateShare : 0) || random() < shares.wrongHead / 2) {
        duty[i] = perfect & ~dutyBits.timelyHead;
        fail("wrong-head", 1, head, place === lateSlot ? blockLate(slot) : staleNode(slot, below(5)));
      }
      const gained = (balance[i] ?? 0) + (earned[i] ?? 0);
      const isSwept = random() < 1 / 2_000;
      balance[i] = isSwept ? Math.min(gained, increments * 1e9) : gained;
    }
    const own = Math.floor(3 + random() * 0.4);
    const proposers = Array.from({ length: own }, () => below(validators));
    for (const place of proposers) balance[place] = (balance[place] ?? 0) + 38_000_000 + below(8_000_000);
    const columns: EpochColumns = {
      ...{ indices, duty, delay, emptySlots, earned, ideal },
      effectiveBalance: effectiveBalance.slice(),
      balance: balance.slice(),
    };
    return {
      ...{ epoch, state: "final", judgedAt: 1_700_000_000_000 + epoch * 384_000, headRoot: root(random) },
      ...{ fork: "fulu", rewards: "node", caveats: [], columns, slashings: [], exceptions, committeesPerSlot: 64 },
      slots: Array.from({ length: slotsPerEpoch }, (_, i) => ({
        ...{
          slot: epoch * slotsPerEpoch + i,
          proposerIndex: below(1_000_000),
          block: emptySlot[i] ? "missed" : "proposed",
        },
        ...{ root: emptySlot[i] ? undefined : root(random), assigned: 31_250, included: 31_000 + below(200) },
        timelyHead: 30_500 + below(400),
      })),
      network: totals(random, 1_000_000),
      cohorts: cohorts(random, validators),
      proposals: proposers.map((place, i) => ({
        ...{ slot: epoch * slotsPerEpoch + i * 9, validatorIndex: indices[place] ?? 0, outcome: "proposed" },
        ...{ root: root(random), feeRecipient: root(random).slice(0, 42), reward: 40_000_000 + below(9_999_999) },
        ...{ lost: undefined, relay: "relay.example", valuePromised: below(2 ** 31), valuePaid: below(2 ** 31) },
      })),
      sync: [...new Set(seats)].map((validatorIndex): SyncOutcome => {
        const hits = 32 - (random() < 0.1 ? below(4) : 0);
        return { validatorIndex, seats: 1, duties: 32, hits, earned: hits * 21_000 + below(9), ideal: 672_000 };
      }),
    };
  }

  return {
    next,
    inState(final, state) {
      if (state === "final") return final;
      const { columns } = final;
      const duty = columns.duty.slice();
      for (let n = 0; n < validators / 2_000; n++) duty[below(validators)] = dutyBits.assigned;
      if (state === "provisional") return { ...final, state, columns: { ...columns, duty } };
      const unknown = new Int32Array(validators);
      const balances = new Float64Array(validators).fill(Number.NaN);
      return {
        ...{ ...final, state, rewards: "none" },
        columns: { ...columns, duty, earned: unknown, ideal: unknown, balance: balances },
      };
    },
  };
}

function totals(random: () => number, validators: number) {
  const sum = emptyTotals();
  for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] = Math.floor(validators * 33 * random());
  return { ...sum, validators, earned: Math.floor(validators * 9_000 * (1 + random())) };
}

function cohorts(random: () => number, validators: number): CohortTotals[] {
  const named = Array.from({ length: 20 }, (_, i) => ({ key: i < 8 ? "customer" : "host", value: `name-${i}` }));
  return [{ key: "", value: "" }, ...named].map((name) => ({
    ...name,
    totals: totals(random, name.key === "" ? validators : Math.floor(validators / 12)),
  }));
}

function root(random: () => number): string {
  let text = "0x";
  while (text.length < 66)
    text += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return text;
}

function finding(code: string, ...texts: readonly string[]): CauseFinding {
  const evidence = texts.map((text, i) => ({ origin: i === 0 ? "chain" : `gateway:main`, at: undefined, text }));
  return { code, confidence: "likely", evidence };
}

const hostDown = (epoch: number) =>
  finding(
    "validator-client-down",
    `No vote of any validator of this host in epoch ${epoch}.`,
    "The client of the host asked for nothing.",
  );
const notSubmitted = (slot: number, client: number) =>
  finding(
    "not-submitted",
    `99.1 % of the network voted in slot ${slot}.`,
    `Client vc${client} fetched the data of slot ${slot} and published no vote.`,
  );
const submittedLate = (slot: number, client: number, ms: number) =>
  finding(
    "submitted-late",
    `98.7 % of the network voted in time in slot ${slot}.`,
    `Client vc${client} published ${ms} ms into slot ${slot}.`,
  );
const blockLate = (slot: number) =>
  finding(
    "block-late",
    `61 % of the network voted for another head in slot ${slot}.`,
    `All nodes saw the block of slot ${slot} after the deadline.`,
  );
const staleNode = (slot: number, client: number) =>
  finding(
    "node-behind",
    `97.9 % of the network voted for the head of slot ${slot}.`,
    `Node bn${client} served a head one slot behind for slot ${slot}.`,
  );

/** Numbers from 0 to 1 that are the same for the same seed (Park and Miller's generator with the multiplier 48,271). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
