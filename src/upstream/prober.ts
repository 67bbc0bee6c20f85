import type { BeaconClient } from "../beacon/beacon-client.ts";
import type { Cancel, Clock } from "../lib/clock.ts";
import type { Fact, ProbeKind } from "./facts.ts";
import { askProbe, probePlan, probeRetryMs, type ProbeOutcome } from "./probe-plan.ts";

export interface Prober {
  /** Asks out of turn; calls while one is under way are one more call after it, however many. */
  ask(probe: Exclude<ProbeKind, "header">): void;
  /** Asks for the header of a root once; a root that could not be had is asked for again a quarter of a second later, then ever more rarely, at last every two seconds. */
  lookUp(root: string): void;
}

interface ProberOptions {
  node: string;
  clock: Clock;
  random: () => number;
  health: BeaconClient;
  others: BeaconClient;
  slotDurationMs: () => number | undefined;
  signal: AbortSignal;
  onFact: (fact: Fact) => void;
  onProbe?: ((node: string, probe: string, outcome: string, latencyMs: number) => void) | undefined;
}

/**
 * A node silent for so long on `node/syncing` is suspect, while the probe goes on to the hard limit; one that is usually
 * slower, for three times its usual latency: what it always does is no news, and must not make it flap.
 */
const slowAfterMs = 500;
const slowAtMostMs = 1500;
const syncingTimeoutMs = 2000;
/** A timer may run before an answer that has arrived meanwhile is read: that long it is given, once. */
const readTurnMs = 10;
/** Two probes of a kind never start closer than this: a storm of reports must not become a storm of probes. */
const minGapMs = { syncing: 60, other: 400 };
/** A timer that fires later than this was late because this process stood still, and says nothing about the node. */
const ownStallMs = 200;
const maxLookUps = 4;
const firstLookUpRetryMs = 250;

interface Slot {
  isBusy: boolean;
  isWantedAgain: boolean;
  startedAt: number;
  dueAt: number;
  cancel: Cancel | undefined;
}

/** Asks a node its questions, each at its own period, never two of a kind at once. */
export function createProber(options: ProberOptions): Prober {
  const { clock, node, signal } = options;
  const slots = new Map<ProbeKind, Slot>();
  const lookUps = new Map<string, { until: number; tries: number }>();
  let lookUpsBusy = 0;
  let usualMs = 0;

  function slotOf(probe: ProbeKind): Slot {
    const known = slots.get(probe);
    if (known) return known;
    const slot: Slot = {
      isBusy: false,
      isWantedAgain: false,
      startedAt: -Infinity,
      dueAt: -Infinity,
      cancel: undefined,
    };
    slots.set(probe, slot);
    return slot;
  }

  function ask(probe: Exclude<ProbeKind, "header">): void {
    if (signal.aborted) return;
    const slot = slotOf(probe);
    if (slot.isBusy) {
      slot.isWantedAgain = true;
      return;
    }
    const waitMs = slot.startedAt + (probe === "syncing" ? minGapMs.syncing : minGapMs.other) - clock.monotonic();
    slot.cancel?.();
    slot.cancel = waitMs > 0 ? clock.after(waitMs, () => start(probe)) : undefined;
    if (waitMs <= 0) start(probe);
  }

  function start(probe: Exclude<ProbeKind, "header">): void {
    const slot = slotOf(probe);
    if (signal.aborted || slot.isBusy) return;
    slot.cancel?.();
    slot.cancel = undefined;
    slot.isBusy = true;
    slot.isWantedAgain = false;
    slot.startedAt = clock.monotonic();
    void run(probe, slot);
  }

  async function run(probe: Exclude<ProbeKind, "header">, slot: Slot): Promise<void> {
    const askedAt = clock.now();
    const timeoutMs = probe === "syncing" ? syncingTimeoutMs : probePlan[probe].timeoutMs;
    const isHealth = probe === "syncing";
    const cancelSlow = isHealth ? watchSlow(slot) : undefined;
    const outcome = await askProbe(isHealth ? options.health : options.others, probe, { timeoutMs, signal });
    cancelSlow?.();
    if (isHealth && outcome.ok) usualMs = usualMs * 0.7 + outcome.latencyMs * 0.3;
    if (signal.aborted) return;
    const isOwnStall = !outcome.ok && outcome.failure.kind === "timeout" && outcome.latencyMs > timeoutMs + ownStallMs;
    slot.isBusy = false;
    slot.dueAt = clock.monotonic() + (outcome.ok || isHealth ? periodOf(probe) : probeRetryMs);
    // The next turn is planned first: what the answer makes urgent then takes its place.
    if (isHealth) plan(slot);
    if (isOwnStall) ask(probe);
    else tell(probe, askedAt, outcome);
    if (slot.isWantedAgain && !slot.isBusy) ask(probe);
  }

  function tell(probe: ProbeKind, askedAt: number, outcome: ProbeOutcome): void {
    options.onProbe?.(node, probe, outcome.ok ? "answered" : outcome.failure.kind, outcome.latencyMs);
    if (!outcome.ok) return options.onFact({ kind: "probe-failed", node, probe, failure: outcome.failure });
    const { answer, latencyMs, serverTimeAt } = outcome;
    options.onFact({ kind: "answer", node, askedAt, latencyMs, serverTimeAt, answer });
    if (probe === "syncing") askWhatIsDue();
  }

  function watchSlow(slot: Slot): Cancel {
    const afterMs = Math.min(slowAtMostMs, Math.max(slowAfterMs, 3 * usualMs));
    let cancel = clock.after(afterMs, () => {
      cancel = clock.after(readTurnMs, () => {
        const isOwnStall = clock.monotonic() - slot.startedAt > afterMs + readTurnMs + ownStallMs;
        if (slot.isBusy && !isOwnStall) options.onFact({ kind: "probe-slow", node });
      });
    });
    return () => cancel();
  }

  /** The rarer questions ride on an answered health probe: a node that is down is not asked for its peers. */
  function askWhatIsDue(): void {
    const now = clock.monotonic();
    for (const probe of ["genesis", "spec", "forks", "version", "peers", "head", "finality"] as const)
      if (!slotOf(probe).isBusy && slotOf(probe).dueAt <= now) ask(probe);
  }

  function plan(slot: Slot): void {
    const jitter = 0.95 + options.random() * 0.1;
    slot.cancel?.();
    slot.cancel = clock.after(Math.max(0, slot.startedAt + periodOf("syncing") * jitter - clock.monotonic()), () =>
      start("syncing"),
    );
  }

  function periodOf(probe: ProbeKind): number {
    if (probe !== "syncing") return probePlan[probe].periodMs;
    const slotMs = options.slotDurationMs();
    return slotMs === undefined ? 1000 : Math.max(200, Math.min(1000, slotMs / 4));
  }

  function lookUp(root: string): void {
    const now = clock.monotonic();
    if (signal.aborted || lookUpsBusy >= maxLookUps || (lookUps.get(root)?.until ?? -Infinity) > now) return;
    const tries = (lookUps.get(root)?.tries ?? 0) + 1;
    for (const [known, { until }] of lookUps) if (until + probeRetryMs <= now) lookUps.delete(known);
    // A node may tell of a block a moment before its API has it: the first repeats come soon.
    lookUps.set(root, { until: now + Math.min(probeRetryMs, firstLookUpRetryMs * 2 ** (tries - 1)), tries });
    lookUpsBusy++;
    const askedAt = clock.now();
    void askProbe(options.others, "header", { timeoutMs: probePlan.header.timeoutMs, signal, root }).then((outcome) => {
      lookUpsBusy--;
      if (!signal.aborted) tell("header", askedAt, outcome);
    });
  }

  signal.addEventListener("abort", () => slots.forEach((slot) => slot.cancel?.()), { once: true });
  start("syncing");
  return { ask, lookUp };
}
