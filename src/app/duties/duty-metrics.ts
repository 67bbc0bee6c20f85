import { Counter, Gauge, type Registry } from "prom-client";
import type { DutiesNow, FleetPage } from "../../api/contract-duties.ts";
import { emptyTotals } from "../../duties/totals.ts";
import type { DutyTotals, EpochResult } from "../../duties/types.ts";
import { knownLabels } from "../../fleet/validator.ts";

export interface DutyMetricSources {
  now(): DutiesNow;
  newest(): EpochResult | undefined;
  fleet(): FleetPage;
}

export interface DutyMetrics {
  /** Takes in an epoch as it is stored; each epoch is counted once, in the state that comes first. */
  count(result: EpochResult): void;
}

/** Cohorts become labels, validators never do: of the labels that have a meaning, this many. */
const maxCohorts = 500;
const states = ["off", "starting", "following", "behind", "stalled"] as const;
/** Parts of a totals row that are counted over time. */
const parts = ["assigned", "included", "timelySource", "timelyTarget", "timelyHead"] as const;
const partNames: Readonly<Record<(typeof parts)[number], string>> = {
  assigned: "assigned",
  included: "included",
  timelySource: "timely_source",
  timelyTarget: "timely_target",
  timelyHead: "timely_head",
};

/** The metrics of the watch over duties. Labels are bounded by the inventory's cohorts and by our own lists of codes. */
export function registerDutyMetrics(registry: Registry, sources: DutyMetricSources): DutyMetrics {
  const registers = [registry];
  const cohort = ["cohort_key", "cohort"] as const;
  const gauge = (name: string, help: string, read: (gauge: Gauge<"cohort_key" | "cohort">) => void): void => {
    new Gauge({
      ...{ name, help, labelNames: cohort, registers },
      collect() {
        this.reset();
        read(this);
      },
    });
  };
  const perCohort = (name: string, help: string, value: (totals: DutyTotals) => number): void =>
    gauge(name, help, (metric) => {
      for (const { key, value: of, totals } of cohortsOf(sources.newest()))
        metric.set({ cohort_key: key, cohort: of }, value(totals));
    });

  perCohort(
    "slotkeeper_duties_validators",
    "Validators of the cohort; the cohort without a key is everybody of ours.",
    (totals) => totals.validators,
  );
  perCohort(
    "slotkeeper_duties_stake",
    "Effective balance of the cohort, in increments (1 ETH on mainnet).",
    (totals) => totals.stake,
  );
  perCohort(
    "slotkeeper_duties_uptime_ratio",
    "Included over assigned attestations of the newest judged epoch.",
    (totals) => ratio(totals.included, totals.assigned),
  );
  perCohort(
    "slotkeeper_duties_effectiveness_ratio",
    "Earned over ideal gwei of the newest judged epoch, attestations and sync committee; NaN where rewards are not known.",
    (totals) => ratio(totals.earned + totals.syncEarned, totals.ideal + totals.syncIdeal),
  );
  perCohort(
    "slotkeeper_duties_effective_delay_slots",
    "Mean inclusion delay in slots of the newest judged epoch, empty slots excused.",
    (totals) => ratio(totals.effectiveDelaySum, totals.included),
  );
  perCohort(
    "slotkeeper_duties_lost_gwei",
    "Ideal less earned gwei of the newest judged epoch.",
    (totals) => totals.ideal + totals.syncIdeal - totals.earned - totals.syncEarned,
  );

  const attestations = new Counter({
    name: "slotkeeper_duties_attestations_total",
    help: "Attestations of judged epochs by cohort and by what became of them; `assigned` is all of them.",
    labelNames: [...cohort, "outcome"],
    registers,
  });
  const network = new Counter({
    name: "slotkeeper_duties_network_attestations_total",
    help: "The same of the whole network: the baseline.",
    labelNames: ["outcome"],
    registers,
  });
  const exceptions = new Counter({
    name: "slotkeeper_duties_exceptions_total",
    help: "Duties of ours that were not perfect, by kind, outcome and cause.",
    labelNames: ["kind", "outcome", "cause"],
    registers,
  });
  const proposals = new Counter({
    name: "slotkeeper_duties_proposals_total",
    help: "Blocks that were our turn, by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  const sync = new Counter({
    name: "slotkeeper_duties_sync_total",
    help: "Sync-committee signatures of ours: `duties` asked for, `hits` on chain.",
    labelNames: ["outcome"],
    registers,
  });

  new Gauge({
    name: "slotkeeper_duties_unknown_cause_ratio",
    help: "Share of the newest judged epoch's losses whose cause is unknown; 0 without losses.",
    registers,
    collect() {
      const lost = sources.newest()?.exceptions ?? [];
      const unknown = lost.filter(({ cause }) => cause.code === "unknown").length;
      this.set(lost.length === 0 ? 0 : unknown / lost.length);
    },
  });
  new Gauge({
    name: "slotkeeper_duties_epoch",
    help: "Epoch up to which duties are judged (`provisional`, `final`), and the running one (`current`).",
    labelNames: ["state"],
    registers,
    collect() {
      const { currentEpoch, provisionalEpoch, finalEpoch } = sources.now();
      for (const [state, epoch] of Object.entries({
        current: currentEpoch,
        provisional: provisionalEpoch,
        final: finalEpoch,
      }))
        if (epoch !== undefined) this.set({ state }, epoch);
    },
  });
  new Gauge({
    name: "slotkeeper_duties_state",
    help: "1 for what the watch over duties does now, 0 for the others.",
    labelNames: ["state"],
    registers,
    collect() {
      const now = sources.now().state;
      for (const state of states) this.set({ state }, state === now ? 1 : 0);
    },
  });
  for (const [what, field] of [
    ["requests", "requests"],
    ["received_bytes", "bytesReceived"],
    ["sent_bytes", "bytesSent"],
  ] as const)
    new Gauge({
      name: `slotkeeper_duties_epoch_${what}`,
      help: `What the last whole epoch cost the beacon nodes: ${what.replace("_", " ")}.`,
      registers,
      collect() {
        this.set(sources.now().cost?.[field] ?? 0);
      },
    });
  registerFleetMetrics(registry, sources);

  let counted = -1;
  return {
    count(result) {
      if (result.epoch <= counted) return;
      counted = result.epoch;
      for (const { key, value, totals } of cohortsOf(result))
        for (const part of parts)
          attestations.inc({ cohort_key: key, cohort: value, outcome: partNames[part] }, totals[part]);
      for (const part of parts) network.inc({ outcome: partNames[part] }, result.network[part]);
      for (const { kind, outcome, cause } of result.exceptions) exceptions.inc({ kind, outcome, cause: cause.code });
      for (const { outcome } of result.proposals) proposals.inc({ outcome });
      const ours = result.cohorts.find(({ key }) => key === "")?.totals ?? emptyTotals();
      sync.inc({ outcome: "duties" }, ours.syncDuties);
      sync.inc({ outcome: "hits" }, ours.syncHits);
    },
  };
}

function registerFleetMetrics(registry: Registry, { fleet }: DutyMetricSources): void {
  const registers = [registry];
  new Gauge({
    name: "slotkeeper_fleet_validators",
    help: "Validators of the inventory by status on chain; `unknown`: the chain does not know the key, or nobody asked yet.",
    labelNames: ["status"],
    registers,
    collect() {
      this.reset();
      const { statuses, validators } = fleet();
      const known = Object.values(statuses).reduce((sum, count) => sum + count, 0);
      for (const [status, count] of Object.entries(statuses)) this.set({ status }, count);
      const unknown = (statuses["unknown"] ?? 0) + Math.max(0, validators - known);
      this.set({ status: "unknown" }, unknown);
    },
  });
  new Gauge({
    name: "slotkeeper_fleet_conflicts",
    help: "Keys that two sources give to different owners or validator clients.",
    registers,
    collect() {
      this.set(fleet().conflicts.length);
    },
  });
  new Gauge({
    name: "slotkeeper_fleet_source_failed",
    help: "1 where a source of validators could not be read last time.",
    labelNames: ["source"],
    registers,
    collect() {
      this.reset();
      for (const { name, error } of fleet().sources) this.set({ source: name }, error ? 1 : 0);
    },
  });
  new Gauge({
    name: "slotkeeper_fleet_keys",
    help: "Keys of a validator client or signer against the inventory: expected, loaded, missing, unexpected, doubled.",
    labelNames: ["place", "count"],
    registers,
    collect() {
      this.reset();
      for (const { place, expected, loaded, counts } of fleet().keys) {
        this.set({ place, count: "expected" }, expected);
        if (loaded !== undefined) this.set({ place, count: "loaded" }, loaded);
        for (const [count, value] of Object.entries(counts)) this.set({ place, count }, value);
      }
    },
  });
}

function cohortsOf(result: EpochResult | undefined) {
  return (result?.cohorts ?? [])
    .filter(({ key }) => key === "" || (knownLabels as readonly string[]).includes(key))
    .slice(0, maxCohorts);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? Number.NaN : part / whole;
}
