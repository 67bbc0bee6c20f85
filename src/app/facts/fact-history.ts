import type { HistoryFrame } from "../../alerts/backtest.ts";
import type { Fact } from "../../alerts/fact.ts";
import { factCatalogue } from "../../alerts/fact-catalogue.ts";
import type { HistorySample } from "../../control/observed-gateway.ts";
import { AppError } from "../../lib/app-error.ts";
import type { WatchedFleet } from "../duties/watched-set.ts";
import { createDutyDigest } from "./duty-supply.ts";
import { recallEarlier } from "./recall-duties.ts";
import { epochMsOf, judgeableAt, type EpochTiming, type FactStore } from "./types.ts";

/** Epochs before the first that facts look back at. */
const lookBackEpochs = 10;
/** About two weeks of mainnet: each epoch is read and digested as if it came now. */
export const mostHistoryEpochs = 3_200;
const sampleStepMs = 60_000;

interface HistoryParts {
  store: FactStore;
  watched(): WatchedFleet;
  timing: EpochTiming | undefined;
  fromAt: number;
  toAt: number;
}

/**
 * Facts of the past, oldest frame first, from stored epochs and samples: what would have been known when. The watched set
 * and its labels are those of now. Throws `AppError` `history-too-long`, and what the store throws.
 */
export async function factHistory(parts: HistoryParts): Promise<{ frames: HistoryFrame[]; factsWithout: string[] }> {
  const frames = [...(await epochFrames(parts)), ...(await sampleFrames(parts))].sort((a, b) => a.at - b.at);
  const found = new Set(frames.flatMap(({ facts }) => facts.map(({ name }) => name)));
  return { frames, factsWithout: factCatalogue.map(({ name }) => name).filter((name) => !found.has(name)) };
}

async function epochFrames({ store, watched, timing, fromAt, toAt }: HistoryParts): Promise<HistoryFrame[]> {
  if (!timing) return [];
  const epochOf = (at: number) => Math.floor((at - timing.genesisTimeMs) / epochMsOf(timing)) - 2;
  const newest = await store.duties.lastEpoch("live");
  const to = Math.min(newest ?? -1, epochOf(toAt));
  const from = Math.max(0, epochOf(fromAt) + 1);
  if (to - from >= mostHistoryEpochs)
    throw new AppError(
      `Trying rules over ${to - from + 1} epochs is too much at once: choose at most ${mostHistoryEpochs}.`,
      { code: "history-too-long" },
    );
  const digest = createDutyDigest(watched);
  await recallEarlier(store.duties, digest, timing, from);
  const frames: HistoryFrame[] = [];
  for (let epoch = Math.max(0, from - lookBackEpochs); epoch <= to; epoch += 1) {
    const result = await store.duties.result(epoch);
    if (!result) continue;
    const at = judgeableAt(timing, epoch);
    digest.take(result, timing, at);
    if (epoch < from) continue;
    const events = digest.events(timing, { now: at, hasRelays: true });
    // Whatever a person closed since: then it was open.
    frames.push({ at, facts: [...digest.duties(), ...events, ...digest.slashings(new Set(), at)] });
  }
  return frames;
}

async function sampleFrames({ store, fromAt, toAt }: HistoryParts): Promise<HistoryFrame[]> {
  const samples = (await store.history.samples(fromAt)).filter(({ at }) => at <= toAt);
  const steps = Map.groupBy(samples, ({ at }) => Math.floor(at / sampleStepMs));
  return [...steps.values()].map(frameOf);
}

/** The worst of a minute, as the rules would have seen it at one of its looks. */
function frameOf(samples: readonly HistorySample[]): HistoryFrame {
  const at = Math.max(...samples.map((sample) => sample.at));
  const lags = samples.flatMap(({ finalityDistanceEpochs }) => finalityDistanceEpochs ?? []);
  const facts: Fact[] =
    lags.length === 0 ? [] : [{ name: "finality_lag_epochs", labels: {}, value: Math.min(...lags), at }];
  for (const [group, own] of Map.groupBy(samples, (sample) => sample.group)) {
    const value = Math.min(...own.map(({ readyNodes }) => readyNodes));
    facts.push({ name: "upstream_ready_count", labels: { group }, value, at });
  }
  return { at, facts };
}
