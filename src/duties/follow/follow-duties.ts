import type { CallFailure } from "../../beacon/call-result.ts";
import { epochAtSlot, slotAt, slotStartAt, type ChainTiming } from "../../chain/slot-clock.ts";
import { AppError, describeError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { DutySpec } from "../judge/duty-spec.ts";
import type { DutyCursor, DutySource, DutyStore } from "../ports.ts";
import type { EpochResult, ValidatorRecord } from "../types.ts";
import { createBlockChain } from "./block-chain.ts";
import { neededSlot, staleEpochs, takeStep, withReorg, type Progress, type StepParts } from "./duty-steps.ts";
import { createEpochFacts } from "./epoch-facts.ts";
import type { LiveSlot } from "../live-slot.ts";
import { liveSlots } from "./live-slots.ts";
import { readNextDuties, type NextDuties } from "./next-duties.ts";
import { openDuties, type OpenDuties } from "./open-duties.ts";
import { openEpoch, type OpenEpoch } from "./open-epoch.ts";
import { createWatchedFacts, type WatchedFacts } from "./watched-facts.ts";

export interface FollowOptions extends Pick<StepParts, "watched" | "causesOf" | "askRelays" | "maxBackfillEpochs"> {
  source: DutySource;
  store: DutyStore;
  spec: DutySpec;
  timing: ChainTiming;
  clock: Clock;
  log: Logger;
  /** Keys whose index nobody knows yet; what the chain says of validators goes to `learn`. */
  unresolvedKeys(): readonly string[];
  learn(records: readonly ValidatorRecord[]): void;
  onStored(result: EpochResult): void;
  /** Called when `state()` may differ. */
  onChange(): void;
}

/** What the follower does now. */
export interface FollowState {
  kind: "starting" | "following" | "behind" | "stalled";
  /** What it waits for, or why a call failed; "" where all is well. */
  detail: string;
  cursor: DutyCursor | undefined;
  headSlot: number | undefined;
  finalizedEpoch: number | undefined;
  /** Validators in committees of the running epoch. */
  network: number | undefined;
  live: readonly LiveSlot[];
  next: NextDuties;
  /** What the last whole epoch cost. */
  cost: { requests: number; bytesReceived: number; bytesSent: number; epoch: number } | undefined;
}

export interface DutyFollower {
  state(): FollowState;
  /** Epochs that are not judged yet, oldest first, as far as their votes are known. Costs some milliseconds for many watched. */
  open(): readonly OpenDuties[];
  readonly facts: Pick<WatchedFacts, "record" | "statuses">;
  stop(): Promise<void>;
}

/** The head is read this far into the slot, when its block has come or will hardly come any more. */
const pollShare = 0.85;
/** More than this many epochs to catch up with: walked epoch by epoch instead of from the head, so that memory stays bounded. */
const walkableEpochs = 6;
/** Slots and roots of this many slots are kept in non-finality, so that a deep reorg is seen. */
const keptLinkSlots = 16_384;

/**
 * Follows the chain and judges one epoch after the other: provisional when the next one has ended, final when the chain is.
 * Every result is stored together with the cursor, so it goes on where it was after any crash; a gap is filled as far as
 * nodes still hold the states, and recorded where they do not.
 */
export async function followDuties(options: FollowOptions): Promise<DutyFollower> {
  const { source, store, spec, timing, clock, log } = options;
  const { slotsPerEpoch } = spec;
  const chain = createBlockChain((root, signal) => source.block(root, signal));
  const facts = createEpochFacts({ source, spec, chain });
  const watchedFacts = createWatchedFacts(source, spec.effectiveBalanceIncrement);
  const open = new Map<number, OpenEpoch>();
  const parts: StepParts = { ...options, chain, facts, watchedFacts, now: clock.now };
  const stopping = new AbortController();
  const { signal } = stopping;

  const cursor = await store.cursor();
  let progress: Progress = {
    ...{ cursor, recent: new Map(), again: [] },
    gaps: cursor ? await store.gaps(cursor.finalEpoch + 1, cursor.provisionalEpoch) : [],
  };
  let isChecked = cursor === undefined;
  let finality: { epoch: number; readInSlot: number } | undefined;
  let epochSeen = -1;
  let costBefore = { ...source.cost };
  let lastFailure = "";
  let state: FollowState = {
    ...{ kind: "starting", detail: "reading the chain", cursor, headSlot: undefined, finalizedEpoch: undefined },
    ...{ network: undefined, live: [], next: { duties: [], knownToEpoch: undefined }, cost: undefined },
  };

  function show(change: Partial<FollowState>): void {
    state = {
      ...state,
      cursor: progress.cursor,
      headSlot: chain.head?.slot,
      finalizedEpoch: finality?.epoch,
      ...change,
    };
    options.onChange();
  }

  function fail(failure: CallFailure): void {
    if (signal.aborted) return;
    if (failure.message !== lastFailure) log.warn({ detail: failure.message }, "duties cannot be read");
    lastFailure = failure.message;
    show({ kind: "stalled", detail: failure.message });
  }

  /** Everything that can be done in this slot; `false`: a call failed, and the next slot tries again. */
  async function catchUp(): Promise<void> {
    const currentSlot = slotAt(timing, clock.now());
    if (currentSlot < 0) return show({ kind: "starting", detail: "genesis is still to come" });
    const epoch = epochAtSlot(spec, currentSlot);
    if (finality === undefined || currentSlot - finality.readInSlot >= slotsPerEpoch / 4 || epoch !== epochSeen) {
      const read = await source.finality(signal);
      if (!read.ok) return fail(read.failure);
      finality = { epoch: read.value.finalized.epoch, readInSlot: currentSlot };
    }
    for (;;) {
      const moved = await walk(epoch);
      if (!moved) return;
      const outcome = await takeStep(
        parts,
        progress,
        { currentSlot, finalizedEpoch: finality.epoch, known: (of) => open.get(of) },
        signal,
      );
      ({ progress } = outcome);
      if (outcome.kind === "failed") return fail(outcome.failure);
      if (outcome.kind === "done") {
        if (!isAtHead) continue;
        const unread = await live(currentSlot, epoch);
        if (signal.aborted) return;
        lastFailure = "";
        const detail = outcome.isHeadBehind
          ? "the nodes' head has not come to the end of the epoch yet"
          : (unread ?? "");
        return show({ kind: detail === "" ? "following" : "behind", detail });
      }
      if (signal.aborted) return;
      show({
        kind: (progress.cursor?.provisionalEpoch ?? epoch) < epoch - 3 ? "behind" : state.kind,
        detail: "reading back",
      });
    }
  }

  let isAtHead = false;

  /** Brings the chain to the head, or, far behind it, just as far as the next epoch to judge needs. */
  async function walk(epoch: number): Promise<boolean> {
    const next = Math.max(0, progress.cursor ? progress.cursor.provisionalEpoch + 1 : epoch - 4);
    const head = await source.head(signal);
    if (!head.ok) return (fail(head.failure), false);
    let target = head.value;
    const end = (next + 3) * slotsPerEpoch;
    isAtHead = epochAtSlot(spec, target.slot) - next <= walkableEpochs;
    if (!isAtHead) {
      const found = await canonicalBefore(end);
      if (!found) return false;
      target = found;
    }
    if (target.root === chain.head?.root) return true;
    const notFinal = progress.cursor ? Math.max(progress.cursor.finalEpoch + 1, next - walkableEpochs) : next;
    const hadHead = chain.head !== undefined;
    const down = neededSlot(isChecked ? next : notFinal, slotsPerEpoch);
    const moved = await chain.advance(target, hadHead ? Math.max(0, down) : down, signal);
    if (!moved.ok) return (fail(moved.failure), false);
    if (moved.isReorg) progress = withReorg(progress, moved.commonSlot, slotsPerEpoch);
    if (!isChecked && progress.cursor) {
      const stored = await store.epochs(progress.cursor.finalEpoch + 1, progress.cursor.provisionalEpoch);
      progress = { ...progress, again: staleEpochs(stored, chain.blockAt, slotsPerEpoch) };
    }
    isChecked = true;
    const oldest = Math.min(next, epochAtSlot(spec, target.slot) - 1);
    const final = progress.cursor?.finalEpoch ?? oldest;
    const links = Math.max(
      Math.min((final - 1) * slotsPerEpoch, neededSlot(oldest, slotsPerEpoch)) - 1,
      target.slot - keptLinkSlots,
    );
    chain.forget((oldest - 1) * slotsPerEpoch - 1, links);
    for (const held of open.keys()) if (held < oldest) open.delete(held);
    return true;
  }

  async function canonicalBefore(slot: number): Promise<{ slot: number; root: string } | undefined> {
    for (let at = slot - 1; at >= Math.max(0, slot - 2 * slotsPerEpoch); at--) {
      const read = await source.rootsAt(at, signal);
      if (!read.ok) return (fail(read.failure), undefined);
      const found = read.value.find(({ isCanonical }) => isCanonical);
      if (found) return { slot: at, root: found.root };
    }
    fail({
      kind: "wrong-shape",
      message: `read back: no node names a canonical block in the two epochs before slot ${slot}`,
    });
    return undefined;
  }

  /** Ledgers of the running epoch and the one before, the numbers of the page, and once per epoch what changes with it. */
  async function live(currentSlot: number, epoch: number): Promise<string | undefined> {
    const { indices } = options.watched();
    let unread: string | undefined;
    for (const near of [epoch - 1, epoch]) {
      if (near < 0) continue;
      const opened = await openEpoch(parts, near, indices, open.get(near), signal);
      if (opened.ok) open.set(near, opened.value);
      else unread = opened.failure.message;
    }
    const running = open.get(epoch);
    if (running)
      show({ live: liveSlots(running, chain, slotsPerEpoch, currentSlot), network: running.committees.members.length });
    if (epoch === epochSeen) return unread;
    epochSeen = epoch;
    const { requests, bytesReceived, bytesSent } = source.cost;
    const spent = {
      requests: requests - costBefore.requests,
      bytesReceived: bytesReceived - costBefore.bytesReceived,
      bytesSent: bytesSent - costBefore.bytesSent,
    };
    costBefore = { requests, bytesReceived, bytesSent };
    const keys = options.unresolvedKeys();
    if (keys.length > 0) {
      const found = await watchedFacts.resolveKeys(keys, signal);
      if (found.ok) options.learn(found.value);
    }
    const next = await readNextDuties(facts, spec, options.watched().indices, currentSlot, signal);
    show({ next, cost: { ...spent, epoch: epoch - 1 } });
    return unread;
  }

  let cancel: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();
  function loop(): void {
    running = catchUp()
      .catch((error: unknown) => {
        // A defect or a store that cannot write: said, and tried again with the next slot; nothing is skipped.
        log.error({ error: describeError(error) }, "judging duties failed");
        show({
          kind: "stalled",
          detail: error instanceof AppError ? error.message : "judging duties failed; see the log",
        });
      })
      .finally(() => {
        if (signal.aborted) return;
        cancel = clock.after(untilNextPoll(), loop);
      });
  }
  function untilNextPoll(): number {
    const now = clock.now();
    const slot = Math.max(-1, slotAt(timing, now));
    const poll = (of: number) => slotStartAt(timing, of) + Math.floor(pollShare * timing.spec.slotDurationMs);
    const due = poll(slot) > now ? poll(slot) : poll(slot + 1);
    return Math.max(1, due - now);
  }

  // Keys must have indices before the first epoch is judged, or it would be judged for nobody.
  async function begin(): Promise<void> {
    const keys = options.unresolvedKeys();
    if (keys.length === 0) return;
    const found = await watchedFacts.resolveKeys(keys, signal);
    if (found.ok) options.learn(found.value);
  }
  running = begin().finally(() => (signal.aborted ? undefined : loop()));

  return {
    state: () => state,
    open: () =>
      [...open.values()]
        .filter(({ epoch }) => epoch > (progress.cursor?.provisionalEpoch ?? -1))
        .sort((a, b) => a.epoch - b.epoch)
        .map((of) => openDuties(of, chain, slotsPerEpoch)),
    facts: watchedFacts,
    async stop() {
      stopping.abort();
      cancel();
      await running.catch(() => undefined);
    },
  };
}
