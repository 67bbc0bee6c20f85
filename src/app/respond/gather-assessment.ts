import type { AuditLog } from "../../access/audit.ts";
import type { Labels } from "../../alerts/labels.ts";
import type { DutiesNow } from "../../api/contract-duties.ts";
import { finalityDistanceEpochs } from "../../control/judge-group.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import { dutyBits, type EpochColumns } from "../../duties/types.ts";
import { findVictims } from "../../incidents/assessment/find-victims.ts";
import type { AssessmentInput, AssessedHost, Victim } from "../../incidents/assessment/input.ts";
import { usualLossOf } from "../../incidents/assessment/judge-scope.ts";
import type { HostState } from "../../signals/hosts/host-state.ts";
import type { Store } from "../../store/store.ts";
import type { WiredDuties } from "../duties/wire-duties.ts";
import type { WiredSignals } from "../signals/wire-signals.ts";
import { nodesOf, branchesOf, clientLabels } from "./assessed-nodes.ts";
import { recentActions } from "./recent-actions.ts";

/** What an assessment is gathered from; each may still be empty while the monitor starts. */
export interface AssessmentParts {
  store: Pick<Store, "journal" | "audit" | "duties">;
  duties: Pick<WiredDuties, "watched" | "state" | "open"> & { ports: Pick<WiredDuties["ports"], "sla" | "causes"> };
  signals: Pick<WiredSignals, "hosts"> & { ports: Pick<WiredSignals["ports"], "logs"> };
  observed: () => readonly ObservedGateway[];
}

export interface AssessmentQuestion {
  /** When the impact began as far as is known, ms since 1970: at the latest when the first alert began to fire. */
  fromAt: number;
  /** What alerts or the author say that it is about. */
  labels?: Labels;
  now: number;
}

/** An alarm on duties fires when the third epoch since the beginning is judged, and an epoch is judged one later. */
const lookBackEpochs = 4;
const baselineEpochs = 32;
/** Columns are large: of a longer incident, the newest epochs count. */
const mostColumns = 32;
const changesMs = 48 * 3_600_000;
const mostTransitions = 500;
const mostActions = 300;
const mostLogs = 300;
const noLabels: Labels = {};

/** Gathers what an assessment is made of. What cannot be known yet stays empty; only a failing store throws. */
export async function gatherAssessment(
  parts: AssessmentParts,
  { fromAt, labels = noLabels, now }: AssessmentQuestion,
): Promise<AssessmentInput> {
  const { store, duties, signals } = parts;
  const state = duties.state();
  const observed = parts.observed();
  const span = await epochSpan(parts, state, fromAt);
  const stored = span ? await store.duties.epochs(span.baseline, span.newest) : [];
  const columns = span ? await columnsOf(store, span) : [];
  const startOf = (epoch: number) => state.genesisTimeMs + epoch * state.slotsPerEpoch * state.slotDurationMs;
  const open = duties.open().filter(({ epoch, own }) => epoch > (span?.newest ?? -1) && own.assigned > 0);
  const epochs = [
    ...stored.map(({ epoch, watched, network }) => ({ epoch, at: startOf(epoch), own: watched, network })),
    ...open.map(({ epoch, own, network }) => ({ epoch, at: startOf(epoch), own, network })),
  ];
  const windowAt = span ? startOf(span.from) : fromAt;
  const found = findVictims([...columns.slice(-3), ...open], usualLossOf(epochs, windowAt));
  const labelsOf = labelReader(duties.watched(), observed);
  const newest = columns.at(-1);
  const asVictim = victimReader(newest, labelsOf);
  const slashings = span ? await store.duties.slashings(span.from, span.newest) : [];
  const causes = span && (await duties.ports.causes({ from: span.from, to: span.newest }));
  const sla = await duties.ports.sla();
  const logs = signals.ports.logs({ from: Math.min(windowAt, fromAt), to: now, limit: mostLogs });
  const finalityLagEpochs = finalityLag(state, observed);
  return {
    ...{ fromAt: windowAt, about: labels, epochs, finalityLagEpochs },
    branches: branchesOf(observed),
    watched: countLabels(newest, duties.watched(), labelsOf),
    victims: found.indices.map(asVictim),
    ordinaryRate: found.ordinaryRate,
    slashed: [...new Set(slashings.map(({ validatorIndex }) => validatorIndex))].sort((a, b) => a - b).map(asVictim),
    nodes: nodesOf(observed),
    silentGateways: observed.filter(({ isReachable }) => !isReachable).map(({ name }) => name),
    hosts: signals.hosts().map(hostOf),
    logs: logs.events,
    logSources: logs.logs.length,
    transitions: (await store.journal.transitions({ limit: mostTransitions })).filter(
      ({ at }) => at >= now - changesMs,
    ),
    actions: recentActions(await newestRecords(store.audit, mostActions)).filter(({ at }) => at >= now - changesMs),
    otherChanges: gatewayChanges(observed),
    sla: sla.customers.map(({ customer, month }) => ({ customer: customer.name, standing: month })),
    causes: causes?.causes.map(({ code, lost }) => ({ code, lost })) ?? [],
    penaltiesGwei: penaltiesOf(columns, found.indices),
  };
}

/** Judged epochs that belong to the incident, and those before it; `undefined` while none is judged. */
async function epochSpan(
  { store }: AssessmentParts,
  { slotsPerEpoch, slotDurationMs, genesisTimeMs }: DutiesNow,
  fromAt: number,
): Promise<{ baseline: number; from: number; newest: number } | undefined> {
  const newest = await store.duties.lastEpoch("provisional");
  if (newest === undefined || slotsPerEpoch === 0 || slotDurationMs === 0) return undefined;
  const began = Math.floor((fromAt - genesisTimeMs) / (slotsPerEpoch * slotDurationMs));
  const from = Math.max(0, began - lookBackEpochs);
  return { baseline: Math.max(0, Math.min(from, newest) - baselineEpochs), from, newest };
}

/** Labels of a validator, with the clients of its nodes where it names none itself. Equal ones stay one object. */
function labelReader(
  { byIndex }: ReturnType<WiredDuties["watched"]>,
  observed: readonly ObservedGateway[],
): (index: number) => Labels {
  const clientsOf = clientLabels(observed);
  const known = new Map<Labels, Labels>();
  return (index) => {
    const labels = byIndex.get(index)?.labels ?? noLabels;
    const before = known.get(labels);
    if (before) return before;
    const full = { ...clientsOf(labels["group"]), ...labels };
    known.set(labels, full);
    return full;
  };
}

function victimReader(
  columns: EpochColumns | undefined,
  labelsOf: (index: number) => Labels,
): (index: number) => Victim {
  const stakes = new Map<number, number>();
  columns?.indices.forEach((index, at) => stakes.set(index, (columns.effectiveBalance[at] ?? 0) * 1e9));
  return (index) => ({ index, stakeGwei: stakes.get(index) ?? 0, labels: labelsOf(index) });
}

/** Those who had a duty in the newest epoch, by their labels; before one is judged, everybody. */
function countLabels(
  columns: EpochColumns | undefined,
  { indices }: ReturnType<WiredDuties["watched"]>,
  labelsOf: (index: number) => Labels,
): { labels: Labels; validators: number }[] {
  const counts = new Map<Labels, number>();
  const count = (index: number) => {
    const labels = labelsOf(index);
    counts.set(labels, (counts.get(labels) ?? 0) + 1);
  };
  if (columns)
    columns.indices.forEach((index, at) => {
      if (((columns.duty[at] ?? 0) & dutyBits.assigned) !== 0) count(index);
    });
  else indices.forEach(count);
  return [...counts].map(([labels, validators]) => ({ labels, validators }));
}

/** The least that anybody knows: a node that stands still sees less finality than there is. */
function finalityLag({ state, currentEpoch, finalizedEpoch }: DutiesNow, observed: readonly ObservedGateway[]) {
  const lags = observed
    .flatMap(({ isReachable, status }) => (isReachable ? (status?.groups ?? []) : []))
    .flatMap((group) => finalityDistanceEpochs(group) ?? []);
  if (state === "following" && currentEpoch !== undefined && finalizedEpoch !== undefined)
    lags.push(Math.max(0, currentEpoch - finalizedEpoch));
  return lags.length === 0 ? undefined : Math.min(...lags);
}

function hostOf({ name, provider, region, verdict, readAt, bootedAt, findings, processes }: HostState): AssessedHost {
  return {
    ...{ name, provider, region, verdict, readAt, bootedAt },
    findings: findings.map(({ verdict: of, detail }) => ({ verdict: of, detail })),
    started: processes.flatMap(({ place, startedAt }) => (startedAt === undefined ? [] : [{ place, at: startedAt }])),
  };
}

/** A gateway that was started runs another version or configuration than before, or crashed. */
function gatewayChanges(observed: readonly ObservedGateway[]): AssessmentInput["otherChanges"] {
  return observed.flatMap(({ name, status }) =>
    status
      ? [{ text: `gateway ${name} started with version ${status.version}`, link: "/nodes", at: status.startedAt }]
      : [],
  );
}

async function columnsOf({ duties }: AssessmentParts["store"], { from, newest }: { from: number; newest: number }) {
  const columns: EpochColumns[] = [];
  for await (const epoch of duties.columns(Math.max(from, newest - mostColumns + 1), newest))
    columns.push(epoch.columns);
  return columns;
}

/** What epochs cost the victims in which they lost more than they earned. */
function penaltiesOf(columns: readonly EpochColumns[], victims: readonly number[]): number {
  const isVictim = new Set(victims);
  let sum = 0;
  for (const { indices, earned } of columns)
    for (let at = 0; at < indices.length; at++) {
      const gwei = earned[at] ?? 0;
      if (gwei < 0 && isVictim.has(indices[at] ?? -1)) sum -= gwei;
    }
  return sum;
}

/** The log tells records from an id on, ids without a gap: the last one is found by doubling, then halving. */
async function newestRecords(audit: Pick<AuditLog, "read">, count: number) {
  const isThere = async (id: number) => (await audit.read(id - 1, 1)).length > 0;
  let [none, some] = [1, 0];
  while (await isThere(none)) [some, none] = [none, none * 2];
  while (none - some > 1) {
    const middle = Math.floor((some + none) / 2);
    if (await isThere(middle)) some = middle;
    else none = middle;
  }
  return some === 0 ? [] : audit.read(Math.max(0, some - count), count);
}
