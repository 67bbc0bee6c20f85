import type { DutyException } from "../../duties/types.ts";
import { eventsOf, noEvents, withEvents, type DutyEvents } from "./duty-events.ts";
import type { DutyDigest } from "./duty-supply.ts";
import { subjectKeys } from "./kept-epoch.ts";
import { addLateness, baselineEpochs } from "./lateness-baseline.ts";
import { epochMsOf, type EpochTiming, type FactStore } from "./types.ts";

const recentEpochs = 10;
const dayMs = 86_400_000;
/** In a mass outage a day has more lost duties than that; the newest tell enough. */
const mostExceptions = 20_000;
const pageSize = 500;
/** So many epochs of cohort rows are read at once, so that others get their turn in between. */
const chunkEpochs = 32;

/** What an earlier run of the program stored, so that a restart forgets nothing. Throws what the store throws. */
export async function recallDuties(store: FactStore["duties"], digest: DutyDigest, timing: EpochTiming): Promise<void> {
  const newest = await store.lastEpoch("live");
  if (newest === undefined) return;
  for (let epoch = Math.max(0, newest - recentEpochs + 1); epoch <= newest; epoch += 1) {
    const result = await store.result(epoch);
    if (result) digest.recall(result);
  }
  const fromEpoch = Math.max(0, newest - Math.ceil(dayMs / epochMsOf(timing)));
  const [slashings, exceptions, proposals] = await Promise.all([
    store.slashings(0, newest),
    exceptionsFrom(store, fromEpoch),
    store.proposals({ fromEpoch, toEpoch: newest }),
  ]);
  digest.recallEvents((known) => {
    const stored = new Map(slashings.map((each) => [each.validatorIndex, each]));
    let events: DutyEvents = { ...noEvents, slashings: new Map([...stored, ...known.slashings]) };
    const lost = Map.groupBy(exceptions, ({ epoch }) => epoch);
    const blocks = Map.groupBy(proposals, ({ epoch }) => epoch);
    for (let epoch = fromEpoch; epoch <= newest; epoch += 1) {
      const past = eventsOf({ proposals: blocks.get(epoch) ?? [], exceptions: lost.get(epoch) ?? [] });
      events = withEvents(events, epoch, past, [], Infinity);
    }
    for (const [epoch, each] of known.epochs) events = withEvents(events, epoch, each, [], Infinity);
    return events;
  });
  await recallEarlier(store, digest, timing, newest + 1);
}

async function exceptionsFrom(store: FactStore["duties"], fromEpoch: number): Promise<DutyException[]> {
  const found: DutyException[] = [];
  let before: string | undefined;
  do {
    const page = await store.exceptions({ fromEpoch, limit: pageSize, ...(before !== undefined && { before }) });
    found.push(...page.items);
    before = page.nextBefore;
  } while (before !== undefined && found.length < mostExceptions);
  return found;
}

/** What is usual: the cohorts of the 7 days before an epoch. */
export async function recallEarlier(
  store: FactStore["duties"],
  { baseline }: DutyDigest,
  timing: EpochTiming,
  beforeEpoch: number,
): Promise<void> {
  const from = Math.max(0, beforeEpoch - baselineEpochs(timing));
  for (let start = from; start < beforeEpoch; start += chunkEpochs) {
    const end = Math.min(beforeEpoch - 1, start + chunkEpochs - 1);
    const fresh = new Set<number>();
    for (let epoch = start; epoch <= end; epoch += 1) if (!baseline.counted.has(epoch)) fresh.add(epoch);
    for (const key of ["", ...subjectKeys])
      for (const row of await store.cohorts(start, end, key)) {
        if (!fresh.has(row.epoch)) continue;
        baseline.counted.add(row.epoch);
        addLateness(baseline, timing, row.epoch, [row]);
      }
  }
}
