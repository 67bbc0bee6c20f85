import type { CohortTable, DutiesNow, FleetPage, NextDutiesPage, SlaPage } from "../../api/contract-duties.ts";
import type { DutyPorts, EpochRange } from "../../api/ports-duties.ts";
import { slotStartAt } from "../../chain/slot-clock.ts";
import type { DutySource, DutyStore } from "../../duties/ports.ts";
import type { FollowState } from "../../duties/follow/follow-duties.ts";
import type { CellCache } from "../../duties/read/cell-cache.ts";
import { sumCohorts, sumEpochs } from "../../duties/read/cohort-table.ts";
import { encodeHeatmap } from "../../duties/read/heatmap.ts";
import { columnTotals } from "../../duties/read/column-totals.ts";
import type { ValidatorRecord } from "../../duties/types.ts";
import type { FleetInventory } from "../../fleet/validator.ts";
import { createExplainer, validatorEpoch } from "./explain-duty.ts";
import type { ChainNetwork } from "./read-network.ts";
import { isOfCohort, showDetail, showRow, showValidators, type RowFacts } from "./show-validators.ts";
import type { CauseBook } from "./cause-book.ts";
import type { WatchedFleet } from "./watched-set.ts";

/** What the desk answers from; everything may still be missing while the monitor starts. */
export interface DeskParts {
  store: DutyStore;
  cells: CellCache;
  causes: CauseBook;
  network(): ChainNetwork | undefined;
  source(): DutySource | undefined;
  follow(): FollowState | undefined;
  record(index: number): ValidatorRecord | undefined;
  statuses(): Readonly<Record<string, number>>;
  watched(): WatchedFleet;
  inventory(): FleetInventory;
  now(): DutiesNow;
  onChange(listener: () => void): () => void;
  sla(): Promise<SlaPage>;
  keys(): FleetPage["keys"];
  at: () => number;
  /** Aborts what is being read for a page when the monitor stops. */
  signal: AbortSignal;
}

const dayEpochs = 225;
const recentEpochs = 32;
/** What one answer may span: more is asked for in parts. */
const maxEpochs = 3_200;
const maxTableRows = 1_000;

/** Everything that pages and scripts ask about duties. Reads only; what is stored is never changed from here. */
export function createDutyDesk(parts: DeskParts): DutyPorts {
  const { store, cells } = parts;
  const explainer = createExplainer({
    store,
    now: parts.at,
    chain() {
      const source = parts.source();
      const network = parts.network();
      return source && network && { source, spec: network.spec };
    },
  });
  let table: { name: string; answer: CohortTable } | undefined;

  /** The newest stored epoch and how far back: both ends are always bounded. */
  async function spanOf(
    { from, to }: EpochRange,
    fallback: number,
    most = maxEpochs,
  ): Promise<{ from: number; to: number }> {
    const newest = (await store.lastEpoch("live")) ?? -1;
    const end = Math.min(to ?? newest, newest);
    const start = Math.max(0, from ?? end - fallback + 1);
    return { from: Math.max(start, end - most + 1), to: end };
  }

  async function rowFacts(): Promise<RowFacts> {
    const span = await spanOf({}, recentEpochs);
    return { record: parts.record, cells: await cells.range(span.from, span.to) };
  }

  function find(id: string) {
    const { byIndex, byKey } = parts.watched();
    if (/^\d{1,12}$/.test(id)) return byIndex.get(Number(id));
    const key = id.toLowerCase();
    const listed = byKey.get(key);
    if (listed || !/^0x[0-9a-f]{96}$/.test(key)) return listed;
    // Listed by its index alone: then only the chain knows its key.
    for (const [index, validator] of byIndex) if (parts.record(index)?.pubkey === key) return validator;
    return undefined;
  }

  function next(): NextDutiesPage {
    const network = parts.network();
    const known = parts.follow()?.next;
    if (!network || !known) return { duties: [], knownToEpoch: undefined };
    const { byIndex } = parts.watched();
    const at = parts.at();
    const duties = known.duties.map((duty) => ({
      ...duty,
      at: slotStartAt(network.timing, duty.slot),
      untilAt: slotStartAt(network.timing, duty.untilSlot),
      pubkey: byIndex.get(duty.validatorIndex)?.pubkey ?? parts.record(duty.validatorIndex)?.pubkey,
    }));
    return { duties: duties.filter(({ untilAt }) => untilAt > at), knownToEpoch: known.knownToEpoch };
  }

  return {
    now: parts.now,
    onChange: parts.onChange,
    async epochs(range) {
      const span = await spanOf(range, dayEpochs);
      return { epochs: await store.epochs(span.from, span.to), gaps: await store.gaps(span.from, span.to) };
    },
    async epoch(epoch) {
      const [stored] = await store.epochs(epoch, epoch);
      const result = stored && (await store.result(epoch));
      if (!stored || !result) return undefined;
      const { slots, cohorts, proposals, sync, slashings } = result;
      return { ...stored, slots, cohorts, proposals, sync, slashings };
    },
    async cohorts({ key, value, ...range }) {
      const span = await spanOf(range, dayEpochs);
      return { cohorts: await store.cohorts(span.from, span.to, key, value) };
    },
    async cohortTable(epochs, key) {
      const span = await spanOf({}, epochs);
      const stored = await store.epochs(span.from, span.to);
      const name = `${span.from}/${span.to}/${key ?? ""}/${stored.filter(({ state }) => state === "final").length}`;
      if (table?.name === name) return table.answer;
      const rows = await store.cohorts(Math.max(0, span.from - epochs), span.to, key);
      const { cohorts, cut } = sumCohorts(rows, span.from, maxTableRows);
      const notFollowed = parts.watched().cut.reduce((sum, { values }) => sum + values, 0);
      const network = sumEpochs(stored.map((epoch) => epoch.network));
      const answer: CohortTable = {
        ...{ fromEpoch: span.from, toEpoch: span.to, epochs: stored.length, network, cohorts, cut: cut + notFollowed },
      };
      table = { name, answer };
      return answer;
    },
    exceptions: (query) => store.exceptions(query),
    async causes(range) {
      const span = await spanOf(range, recentEpochs);
      return parts.causes.page(span.from, span.to);
    },
    next,
    async heatmap({ key, value, ...range }) {
      const span = await spanOf(range, dayEpochs, dayEpochs);
      const { indices, byIndex } = parts.watched();
      const rows = key ? indices.filter((index) => isOfCohort(byIndex.get(index) ?? noLabels, key, value)) : indices;
      return encodeHeatmap(await cells.range(span.from, span.to), span.from, span.to, rows);
    },
    async validators(query) {
      return showValidators(parts.inventory().validators, query, await rowFacts());
    },
    async validator(id) {
      const validator = find(id);
      if (!validator) return undefined;
      const span = await spanOf({}, recentEpochs);
      const totals = [];
      if (validator.index !== undefined)
        for await (const { columns } of store.columns(span.from, span.to)) {
          const sums = columnTotals(columns, validator.index);
          if (sums) totals.push(sums);
        }
      const facts = { ...(await rowFacts()), inventory: parts.inventory(), next: next().duties };
      return showDetail(validator, { ...facts, totals: sumEpochs(totals), epochs: totals.length });
    },
    async validatorDuties(id, range) {
      const validator = find(id);
      if (!validator) return undefined;
      const span = await spanOf(range, recentEpochs, 256);
      const items = [];
      for (let epoch = span.to; epoch >= span.from && validator.index !== undefined; epoch--) {
        const result = await store.result(epoch);
        const item = result && validatorEpoch(result, validator.index);
        if (item) items.push(item);
      }
      return { items };
    },
    async explain(id, epoch) {
      const validator = find(id);
      if (!validator) return undefined;
      return explainer.explain(showRow(validator, await rowFacts()), epoch, parts.signal);
    },
    sla: parts.sla,
    fleet() {
      const { revision, validators, sources, conflicts, findings } = parts.inventory();
      const withoutIndex = validators.reduce((sum, { index }) => sum + (index === undefined ? 1 : 0), 0);
      const shown = { revision, sources, conflicts: conflicts.slice(0, 200), findings };
      return { ...shown, validators: validators.length, withoutIndex, statuses: parts.statuses(), keys: parts.keys() };
    },
  };
}

const noLabels = { pubkey: undefined, index: undefined, labels: {}, sources: [] };
