import type { GatewayListener } from "../../control/read-rings.ts";
import type { GatewayStatus } from "../../control/types.ts";
import type { CauseOf } from "../judge/lost-duty.ts";
import { dutyBits, type EpochResult, type ValidatorRecord } from "../types.ts";
import { causesFrom } from "./find-cause.ts";
import { createHomes } from "./homes.ts";
import { keepFindings } from "./keep-findings.ts";
import { createNodeHistory } from "./node-history.ts";
import { createSlotStore } from "./slot-store.ts";
import type { CauseRecord, Coverage, EvidenceGap, ValidatorFacts } from "./types.ts";

/** What the fleet knows of a validator beside the chain. */
export interface FleetFacts {
  labels: Readonly<Record<string, string>>;
  key: ValidatorFacts["key"];
}

export interface GatherOptions {
  slotsPerEpoch: number;
  /** Of evidence: an epoch is judged for good two epochs after its end. */
  keepEpochs?: number;
  /** Validators named in all of it: 4 epochs of 100,000 keys with their subscriptions are a million. */
  maxSigners?: number;
  maxValidators?: number;
  /** Record and labels of a validator, where they are known. */
  chainFacts?: (validatorIndex: number) => ValidatorRecord | undefined;
  fleetFacts?: (validatorIndex: number) => FleetFacts | undefined;
}

/** Gathers what gateways tell, for `followGateway`'s `listener`, and hands out what causes are found from. */
export interface CauseGatherer extends GatewayListener {
  /** Tells which validators miss every duty; called with each epoch's result, in order. */
  learnResult(result: Pick<EpochResult, "epoch" | "columns">): void;
  record(network: CauseRecord["network"]): Omit<CauseRecord, "chain">;
  /** For `JudgeInput.causeOf`. */
  causeOf(network: CauseRecord["network"]): CauseOf;
}

const mostGaps = 64;
/** Losses whose causes are remembered: 0.5 % of 100,000 duties over 400 epochs. */
const mostFindings = 200_000;

interface OpenCoverage {
  groups: readonly string[];
  startedAt: number;
  fromAt: number;
  toAt: number;
  gaps: EvidenceGap[];
}

export function createCauseGatherer(options: GatherOptions): CauseGatherer {
  const { slotsPerEpoch, keepEpochs = 6, maxSigners = 2_000_000, maxValidators = 1_000_000 } = options;
  const store = createSlotStore({ keepSlots: keepEpochs * slotsPerEpoch, perSlot: 4_096, signers: maxSigners });
  const homes = createHomes(maxValidators);
  const history = createNodeHistory();
  const coverage = new Map<string, OpenCoverage>();
  const statuses = new Map<string, GatewayStatus>();
  const findings = keepFindings(mostFindings);
  const missedSince = new Map<number, number>();
  let lastEpoch = -1;

  function coverageOf(gateway: string, fromAt: number): OpenCoverage {
    let found = coverage.get(gateway);
    if (!found) {
      const status = statuses.get(gateway);
      found = { groups: [], startedAt: status?.startedAt ?? fromAt, fromAt, toAt: fromAt, gaps: [] };
      coverage.set(gateway, found);
    }
    return found;
  }

  function addGap(of: OpenCoverage, gap: EvidenceGap): void {
    of.gaps.push(gap);
    const dropped = of.gaps.length > mostGaps ? of.gaps.shift() : undefined;
    // A gap that is forgotten must not look read: what came before it is given up.
    if (dropped) of.fromAt = Math.max(of.fromAt, dropped.toAt);
  }

  function factsOf(validatorIndex: number): ValidatorFacts | undefined {
    const chain = options.chainFacts?.(validatorIndex);
    const fleet = options.fleetFacts?.(validatorIndex);
    const known = homes.of(validatorIndex);
    const since = missedSince.get(validatorIndex);
    if (!chain && !fleet && known.length === 0 && since === undefined) return undefined;
    return {
      status: chain?.status,
      slashed: chain?.slashed ?? false,
      activationEpoch: chain?.activationEpoch,
      exitEpoch: chain?.exitEpoch,
      labels: fleet?.labels ?? {},
      missedSinceEpoch: since,
      key: fleet?.key,
      homes: known,
    };
  }

  /** Slots that are forgotten are not covered, whatever was read of them once. */
  function coverageSince(firstAt: number): Coverage[] {
    return [...coverage].map(([gateway, { groups, fromAt, toAt, gaps }]) => ({
      ...{ gateway, groups, toAt, gaps },
      fromAt: Math.max(fromAt, firstAt),
    }));
  }

  function record(network: CauseRecord["network"]): Omit<CauseRecord, "chain"> {
    const firstAt = network.genesis.genesisTimeMs + store.firstSlot * network.spec.slotDurationMs;
    return {
      network,
      validators: { get: factsOf },
      gateways: store.slots,
      nodes: history.nodes,
      holds: history.holds,
      coverage: coverageSince(firstAt),
    };
  }

  return {
    status(gateway, status) {
      statuses.set(gateway, status);
      history.see(gateway, status);
      const known = coverage.get(gateway);
      if (!known) return;
      known.groups = status.groups.map(({ group }) => group);
      if (known.startedAt === status.startedAt) return;
      // Between the last reading of the process before and this one's start nobody knows what was.
      addGap(known, { fromAt: known.toAt, toAt: status.startedAt, isRestart: true });
      known.startedAt = status.startedAt;
      known.toAt = Math.max(known.toAt, status.startedAt);
    },
    evidence(gateway, records, lost) {
      const isNew = !coverage.has(gateway);
      const startedAt = statuses.get(gateway)?.startedAt ?? records[0]?.at ?? 0;
      const of = coverageOf(gateway, lost ? lost.toAt : startedAt);
      if (lost && !isNew) addGap(of, { fromAt: lost.fromAt, toAt: lost.toAt, isRestart: false });
      for (const each of records) {
        if (each.published && each.published.unlisted > 0)
          addGap(of, { fromAt: each.at - each.durationMs, toAt: each.at, isRestart: false });
        store.addEvidence(gateway, each);
        homes.learn(gateway, each);
      }
    },
    arrivals(gateway, records, hasGap) {
      const of = coverage.get(gateway);
      if (hasGap && of) addGap(of, { fromAt: of.toAt, toAt: records[0]?.at ?? of.toAt, isRestart: false });
      for (const each of records) store.addArrival(gateway, each);
    },
    caughtUp(gateway, { at }) {
      const of = coverageOf(gateway, at);
      of.toAt = Math.max(of.toAt, at);
    },
    learnResult({ epoch, columns: { indices, duty } }) {
      if (epoch <= lastEpoch) return;
      // An epoch that nobody judged breaks the row of misses.
      if (epoch !== lastEpoch + 1) missedSince.clear();
      lastEpoch = epoch;
      for (let place = 0; place < indices.length; place++) {
        const index = indices[place] as number;
        const bits = duty[place] as number;
        if ((bits & dutyBits.assigned) === 0) continue;
        if ((bits & dutyBits.included) !== 0) missedSince.delete(index);
        else if (!missedSince.has(index)) missedSince.set(index, epoch);
      }
    },
    record,
    causeOf: (network) => findings.keep(causesFrom(record(network))),
  };
}
