import type { CallFailure } from "../../beacon/call-result.ts";
import type { BlockRef } from "../../chain/types.ts";
import type { DutyCursor, DutyStore } from "../ports.ts";
import type { DutyGap, EpochResult } from "../types.ts";
import { judgeFromChain, type JudgeParts, type WatchedSet } from "./judge-from-chain.ts";
import type { OpenEpoch } from "./open-epoch.ts";
import { slashedBefore } from "./slashed-before.ts";
import { beforeEpoch, epochsToJudgeAgain, planEpochs } from "./plan-epochs.ts";

export interface StepParts extends JudgeParts {
  store: Pick<DutyStore, "saveEpoch" | "saveGap" | "result">;
  watched(): WatchedSet;
  maxBackfillEpochs: number;
  /** Called after an epoch was stored. */
  onStored(result: EpochResult): void;
}

/** How far judging came. `gaps`: epochs that will never be judged, and so never become final. */
export interface Progress {
  cursor: DutyCursor | undefined;
  gaps: readonly DutyGap[];
  /** Judged in this process and not final: kept so that finalizing needs no read. */
  recent: ReadonlyMap<number, EpochResult>;
  /** To be judged again because their blocks changed. */
  again: readonly number[];
}

export type StepOutcome =
  | { kind: "more"; progress: Progress }
  | { kind: "done"; progress: Progress; isHeadBehind: boolean }
  | { kind: "failed"; progress: Progress; failure: CallFailure };

/** Results of this many epochs are kept in memory; an older one is read back from the store when it becomes final. */
const keptResults = 4;
/** A state that no node holds any more is waited for this long, in epochs, before the epoch becomes a gap. */
const lostAfterEpochs = 4;
const unreadableAfterEpochs = 8;

/** Takes one step: judges, finalizes or skips one epoch, stores it, and says whether there is more to do. */
export async function takeStep(
  parts: StepParts,
  before: Progress,
  now: { currentSlot: number; finalizedEpoch: number; known: (epoch: number) => OpenEpoch | undefined },
  signal: AbortSignal,
): Promise<StepOutcome> {
  const { spec, chain, store } = parts;
  const { slotsPerEpoch } = spec;
  const currentEpoch = Math.floor(now.currentSlot / slotsPerEpoch);
  const [again] = before.again;
  if (again !== undefined && before.cursor) {
    const left = { ...before, again: before.again.slice(1) };
    return judge(again, left, before.cursor, "provisional");
  }
  const plan = planEpochs({
    ...{ cursor: before.cursor, slotsPerEpoch, currentSlot: now.currentSlot, headSlot: chain.head?.slot ?? -1 },
    ...{ finalizedEpoch: now.finalizedEpoch, maxBackfillEpochs: parts.maxBackfillEpochs },
    isGap: (epoch: number) => isInGap(before.gaps, epoch),
  });
  switch (plan.kind) {
    case "wait":
      return { kind: "done", progress: before, isHeadBehind: plan.reason === "head-behind" };
    case "skip":
      return skip(plan.fromEpoch, plan.toEpoch, "too-far-behind", "the monitor was down for longer than it reads back");
    case "judge":
      return judge(
        plan.epoch,
        before,
        { ...(before.cursor ?? beforeEpoch(plan.epoch)), provisionalEpoch: plan.epoch },
        "provisional",
      );
    case "finalize":
      return finalize(plan.epoch);
  }

  async function judge(
    epoch: number,
    progress: Progress,
    cursor: DutyCursor,
    state: "provisional" | "final",
  ): Promise<StepOutcome> {
    const unreached = await chain.reach(neededSlot(epoch, slotsPerEpoch), signal);
    if (unreached) return failedOrGap(epoch, unreached);
    const earlier = progress.recent.get(epoch - 2) ?? (await store.result(epoch - 2));
    const judged = await judgeFromChain(
      parts,
      epoch,
      state,
      {
        ...{ watched: parts.watched(), known: now.known(epoch), wasSlashed: slashedBefore(earlier) },
        finalizedEpoch: epoch + 2 === currentEpoch ? now.finalizedEpoch : undefined,
      },
      signal,
    );
    if (!judged.ok) return failedOrGap(epoch, judged.failure);
    await store.saveEpoch(judged.value, cursor);
    parts.onStored(judged.value);
    return { kind: "more", progress: { ...progress, cursor, recent: remember(progress.recent, judged.value) } };
  }

  async function finalize(epoch: number): Promise<StepOutcome> {
    const cursor: DutyCursor = { provisionalEpoch: before.cursor?.provisionalEpoch ?? epoch, finalEpoch: epoch };
    const stored = before.recent.get(epoch) ?? (await store.result(epoch));
    const unreached = await chain.reach((epoch + 2) * slotsPerEpoch - 1, signal);
    if (unreached) return { kind: "failed", progress: before, failure: unreached };
    const end = chain.blockAt((epoch + 2) * slotsPerEpoch - 1);
    const isAsJudged = stored && end?.root === stored.headRoot;
    // Judged on blocks that are not the finalized ones, or before a node could tell the rewards: once more, now for good.
    const isLacking = stored?.caveats.includes("rewards-failed") === true;
    if (!isAsJudged || isLacking) return judge(epoch, before, cursor, "final");
    const result: EpochResult = { ...stored, state: "final", judgedAt: parts.now() };
    await store.saveEpoch(result, cursor);
    parts.onStored(result);
    const recent = new Map(before.recent);
    recent.delete(epoch);
    return { kind: "more", progress: { ...before, cursor, recent } };
  }

  async function failedOrGap(epoch: number, failure: CallFailure): Promise<StepOutcome> {
    const age = currentEpoch - epoch;
    const isLost = failure.status === 404 && age >= lostAfterEpochs;
    const isUnreadable =
      (failure.kind === "wrong-shape" || failure.kind === "not-json") && age >= unreadableAfterEpochs;
    if (signal.aborted || (!isLost && !isUnreadable)) return { kind: "failed", progress: before, failure };
    return skip(epoch, epoch, isLost ? "state-pruned" : "unreadable", failure.message);
  }

  async function skip(fromEpoch: number, toEpoch: number, reason: string, detail: string): Promise<StepOutcome> {
    const gap: DutyGap = { fromEpoch, toEpoch, reason, detail, recordedAt: parts.now() };
    const old = before.cursor ?? beforeEpoch(fromEpoch);
    const cursor: DutyCursor = {
      provisionalEpoch: Math.max(old.provisionalEpoch, toEpoch),
      finalEpoch: old.finalEpoch >= fromEpoch - 1 ? Math.max(old.finalEpoch, toEpoch) : old.finalEpoch,
    };
    await store.saveGap(gap, cursor);
    return { kind: "more", progress: { ...before, cursor, gaps: [...before.gaps, gap] } };
  }
}

/** The lowest slot that judging an epoch looks at: the block that decided its committees. */
export function neededSlot(epoch: number, slotsPerEpoch: number): number {
  return Math.max(0, (epoch - 1) * slotsPerEpoch - 1);
}

/** After the chain moved: what was judged on blocks that are gone is judged again, oldest first. */
export function withReorg(progress: Progress, commonSlot: number, slotsPerEpoch: number): Progress {
  if (!progress.cursor) return progress;
  const touched = epochsToJudgeAgain(progress.cursor, commonSlot, slotsPerEpoch);
  const again = [...new Set([...progress.again, ...touched])].filter((epoch) => !isInGap(progress.gaps, epoch));
  return { ...progress, again: again.sort((a, b) => a - b) };
}

/** Epochs that were stored before this start on blocks that are not the chain's (any more). */
export function staleEpochs(
  stored: readonly { epoch: number; headRoot: string }[],
  blockAt: (slot: number) => BlockRef | undefined,
  slotsPerEpoch: number,
): readonly number[] {
  return stored
    .filter(({ epoch, headRoot }) => {
      const end = blockAt((epoch + 2) * slotsPerEpoch - 1);
      return end !== undefined && end.root !== headRoot;
    })
    .map(({ epoch }) => epoch);
}

function remember(recent: ReadonlyMap<number, EpochResult>, result: EpochResult): ReadonlyMap<number, EpochResult> {
  const kept = new Map(recent);
  kept.delete(result.epoch);
  if (result.state !== "final") kept.set(result.epoch, result);
  while (kept.size > keptResults) kept.delete(kept.keys().next().value ?? 0);
  return kept;
}

function isInGap(gaps: readonly DutyGap[], epoch: number): boolean {
  return gaps.some(({ fromEpoch, toEpoch }) => fromEpoch <= epoch && epoch <= toEpoch);
}
