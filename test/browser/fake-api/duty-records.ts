import type {
  CausesPage,
  CohortTable,
  DutiesNow,
  EpochsPage,
  NextDutiesPage,
  SlaPage,
} from "../../../src/api/contract-duties.ts";
import type { DutyTotals } from "../../../src/duties/types.ts";
import { rootOf, slotMs, slotsPerEpoch } from "./build-node.ts";
import { genesisTimeMs, slotNow } from "./build-snapshot.ts";
import { badHost, epochState, hostName, hostOf, hosts, holes, indexOf, type FakeFleet } from "./duty-cells.ts";

export const customers = ["acme", "borealis", "cobalt"] as const;
export const labelsOf = (row: number, validators: number) => {
  const host = hostOf(row, validators);
  return {
    customer: customers[host <= 10 ? 0 : host <= 16 ? 1 : 2] as string,
    host: hostName(host),
    validatorClient: `vc-${1 + (host % 4)}`,
  };
};

/** Sums over some epochs; shares of misses and wrong heads are given. */
export function totalsOf(validators: number, epochs: number, missed: number, wrongHead: number): DutyTotals {
  const assigned = validators * epochs;
  const included = Math.round(assigned * (1 - missed));
  const timelyHead = Math.round(assigned * (1 - missed - wrongHead));
  const ideal = assigned * 11_700;
  const sync = Math.round(validators / 2_000) * 32 * epochs;
  return {
    ...{ validators, stake: validators * 32, assigned, included, timelySource: included, timelyHead },
    ...{ timelyTarget: Math.round(included * 0.999), delaySum: Math.round(included * 1.06) },
    ...{ effectiveDelaySum: Math.round(included * (1.01 + wrongHead)), stakeAssigned: assigned * 32 },
    ...{ stakeIncluded: included * 32, stakeTarget: included * 32, stakeHead: timelyHead * 32, ideal },
    ...{ earned: Math.round(ideal * (1 - 1.8 * missed - 0.26 * wrongHead)) },
    ...{ proposals: Math.round(validators / 900), proposed: Math.round(validators / 900) - (missed > 0.02 ? 1 : 0) },
    ...{ syncDuties: sync, syncHits: Math.round(sync * (1 - missed)), syncEarned: sync * 20_000 },
    ...{ syncIdeal: sync * 20_100, slashed: 0 },
  };
}

const networkSize = 1_052_000;

export function cohortTable(fleet: FakeFleet, epochs: number): CohortTable {
  const { validators, toEpoch } = fleet;
  const cohort = (key: string, value: string, count: number, missed: number, wrongHead = 0.012) => ({
    ...{ key, value, totals: totalsOf(count, epochs, missed, wrongHead) },
    previous: value === hostName(20) ? undefined : totalsOf(count, epochs, 0.0041, 0.0125),
  });
  const perHost = Math.round(validators / hosts);
  const fromEpoch = toEpoch + 1 - epochs;
  return {
    ...{ fromEpoch, toEpoch, epochs, network: totalsOf(networkSize, epochs, 0.0052, 0.014), cut: 0 },
    cohorts: [
      cohort("", "", validators, 0.0056),
      cohort("customer", "acme", perHost * 10, 0.0071),
      cohort("customer", "borealis", perHost * 6, 0.0039, 0.021),
      cohort("customer", "cobalt", perHost * 4, 0.004),
      ...Array.from({ length: hosts }, (_, at) => {
        const host = at + 1;
        return cohort("host", hostName(host), perHost, host === badHost ? 0.0316 : 0.0036 + (host % 5) * 0.0002);
      }),
    ],
  };
}

export function epochsPage(fleet: FakeFleet): EpochsPage {
  const { toEpoch, epochs, validators } = fleet;
  const list = Array.from({ length: epochs }, (_, at) => toEpoch + 1 - epochs + at);
  return {
    epochs: list.flatMap((epoch) => {
      const state = epochState(epoch, fleet);
      if (state === null) return [];
      const back = toEpoch - epoch;
      const wave = 0.0006 * Math.sin(epoch / 9) + 0.0003 * Math.sin(epoch * 2.1);
      const missed = 0.0046 + wave + (back < 12 ? 0.028 : 0) + (back === 60 ? 0.03 : 0);
      return [
        {
          ...{ epoch, state, judgedAt: Date.now(), headRoot: rootOf(epoch), fork: "fulu" as const },
          ...{ rewards: "node" as const, caveats: [], watched: totalsOf(validators, 1, missed, 0.012) },
          network: totalsOf(networkSize, 1, 0.0051 + wave / 2 + (back === 60 ? 0.026 : 0), 0.014),
        },
      ];
    }),
    gaps: [
      {
        ...holes(fleet),
        reason: "state-pruned",
        detail: "bn-1 keeps 32 epochs.",
        recordedAt: Date.now() - 3_600_000,
      },
    ],
  };
}

export const causesPage = (): CausesPage => ({
  lost: 36_412,
  unknownShare: 0.018,
  causes: [
    { code: "key-not-loaded", lost: 33_910, validators: 4_988, lostGwei: 612_400_000 },
    { code: "late-block", lost: 1_240, validators: 1_203, lostGwei: 4_711_000 },
    { code: "unknown", lost: 655, validators: 640, lostGwei: 3_105_000 },
    { code: "empty-slot", lost: 607, validators: 607, lostGwei: 2_011_000 },
  ],
  blastRadius: [
    { labels: { host: hostName(badHost) }, lost: 33_905, assigned: 60_000, share: 0.565, explains: 0.931, lift: 142 },
  ],
});

export function nextPage(fleet: FakeFleet, now: number): NextDutiesPage {
  const slot = slotNow(now);
  const timed = (kind: "proposal" | "sync", row: number, from: number, until: number) => ({
    ...{ kind, validatorIndex: indexOf(row), slot: from, untilSlot: until, pubkey: undefined },
    ...{ at: genesisTimeMs + from * slotMs, untilAt: genesisTimeMs + until * slotMs },
  });
  return {
    duties: [
      timed("proposal", 17, slot + 9, slot + 10),
      timed("sync", 4 % fleet.validators, slot - 900, slot + 7_292),
      timed("proposal", 231 % fleet.validators, slot + 41, slot + 42),
    ],
    knownToEpoch: Math.floor(slot / slotsPerEpoch) + 1,
  };
}

export function slaPage(fleet: FakeFleet, now: number): SlaPage {
  const window = { fromAt: now - 20 * 86_400_000, toAt: now + 10 * 86_400_000 };
  const standing = (used: number, breachesAt: number | undefined, assigned = 40_000_000) => ({
    ...{ window, target: 0.99, uptime: assigned === 0 ? undefined : 1 - 0.01 * used, effectiveness: 0.987, assigned },
    ...{ missed: Math.round(used * 400_000), budget: 400_000, budgetUsed: used, burnRate: 1.2, breachesAt },
    ...{ burnRateLong: 1.1, unknownEpochs: 4 },
  });
  const customer = (name: string, month: ReturnType<typeof standing>, validators: number) => ({
    ...{ customer: { name, uptimeTarget: 99, feeRecipients: [], relays: "any" as const }, month, last30Days: month },
    validators,
  });
  const { validators } = fleet;
  return {
    at: now,
    customers: [
      customer("borealis", standing(0.31, undefined), validators * 0.3),
      customer("acme", standing(0.86, now + 11_430_000), validators * 0.5),
      customer("cobalt", standing(1.04, undefined), validators * 0.2),
      customer("new-one", standing(0, undefined, 0), 0),
    ],
  };
}

export function dutiesNow(fleet: FakeFleet, now: number, part: Partial<DutiesNow>): DutiesNow {
  const slot = slotNow(now);
  const currentEpoch = Math.floor(slot / slotsPerEpoch);
  const first = currentEpoch * slotsPerEpoch;
  const perSlot = Math.round(fleet.validators / slotsPerEpoch);
  return {
    ...{ at: now, state: "following", currentSlot: slot, currentEpoch, slotsPerEpoch, slotDurationMs: slotMs },
    sentence: "Every duty is judged as it comes: provisional two epochs after, final with the chain.",
    ...{ genesisTimeMs, watched: fleet.validators, network: networkSize },
    ...{ provisionalEpoch: fleet.toEpoch, finalEpoch: fleet.finalEpoch, finalizedEpoch: currentEpoch - 2 },
    live: Array.from({ length: slotsPerEpoch }, (_, at) => {
      const isPast = first + at < slot;
      const block = !isPast ? ("awaited" as const) : at % 11 === 5 ? ("missed" as const) : ("proposed" as const);
      const share = !isPast ? 0 : at % 11 === 4 ? 0.3 : 0.996;
      return {
        ...{ slot: first + at, block, assigned: 32_875, included: Math.round(32_875 * share) },
        ...{ ownAssigned: perSlot, ownIncluded: Math.round(perSlot * share) },
      };
    }),
    retention: {
      columnEpochs: 20_250,
      exceptionEpochs: 20_250,
      cohortEpochs: 82_125,
      dailyCohortDays: 730,
      epochsPerDay: 225,
    },
    cost: { requests: 118, bytesReceived: 19_400_000, bytesSent: 84_000, epoch: fleet.toEpoch },
    ...part,
  };
}
