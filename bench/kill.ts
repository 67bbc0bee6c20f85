import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPagerdutyStandIn } from "../test/support/pagerduty-stand-in.ts";
import { findPostgres, startPostgres } from "../test/support/postgres.ts";
import { askPostgres } from "../test/support/ask-postgres.ts";
import { startProviderStandIn } from "../test/support/provider-stand-in.ts";
import { startSlackStandIn } from "../test/support/slack-stand-in.ts";
import { startTelegramStandIn } from "../test/support/telegram-stand-in.ts";
import {
  groupKeyOf,
  killPoints,
  token,
  type ChildOrder,
  type ChildReport,
  type KillOrder,
  type KillPoint,
  type StorePlace,
} from "./kill/round.ts";
import { seenOf, type HookEvent, type Providers } from "./kill/verdict.ts";
import type { BenchmarkOptions } from "./registry.ts";

/** A little more than a lease. */
const leaseOverMs = 31_000;
const longestChildMs = 60_000;
/** Most of a round is waiting for what the providers' limits ask. */
const sideBySide = 6;

interface Tally {
  killed: number;
  lost: number;
  orphanFirings: number;
  outOfOrder: number;
  visibleRepeats: Record<string, number>;
  /** Of those, the ones of rounds in which nothing else was under way. */
  alone: number;
  knownRepeats: number;
  untold: number;
}

type Tallies = ReadonlyMap<KillPoint, Tally>;

/**
 * The monitor's path from fact to person is killed at each named point, equal rounds each, half of them while an alarm begins and half
 * while it ends, half with one message under way at a time. The next process finds the same store and goes on: the fact still holds, or has
 * become good in between. Each one's clock is 31 s ahead of the last one's, in place of waiting for leases.
 */
export async function run({ isQuick, flags }: BenchmarkOptions) {
  const rounds = Number(flags["rounds"] ?? (isQuick ? 4 : 130));
  const wanted = (flags["stores"] ?? "sqlite,postgres").split(",");
  const stores: Record<string, unknown> = {};
  if (wanted.includes("sqlite")) stores["sqlite"] = await onSqlite(rounds);
  if (wanted.includes("postgres")) stores["postgres"] = await onPostgres(rounds);
  return { roundsEach: rounds, points: killPoints.length, stores };
}

async function onSqlite(rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), "sk-kill-"));
  try {
    return await onStore(rounds, (lane) => Promise.resolve({ kind: "sqlite", path: join(folder, `${lane}.db`) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function onPostgres(rounds: number) {
  const bin = findPostgres();
  if (bin === undefined) return "not installed";
  const server = await startPostgres(bin);
  try {
    return await onStore(rounds, async (lane) => {
      await askPostgres(server.url, `CREATE DATABASE lane${lane}`);
      return { kind: "postgres", url: server.url.replace(/postgres$/, `lane${lane}`) };
    });
  } finally {
    await server.stop();
  }
}

async function onStore(rounds: number, placeOf: (lane: number) => Promise<StorePlace>) {
  const orders = Array.from({ length: rounds }, (_, round) => killPoints.map((point) => orderOf(point, round))).flat();
  const tallies: Tallies = new Map(killPoints.map((name) => [name, emptyTally()]));
  const lanes = Array.from({ length: sideBySide }, (_, lane) => lane);
  const missed = await Promise.all(
    lanes.map(async (lane) =>
      runRounds(
        await placeOf(lane),
        orders.filter((_, index) => index % sideBySide === lane),
        tallies,
      ),
    ),
  );
  return {
    ...totals(tallies),
    notKilled: missed.reduce((total, count) => total + count, 0),
    byPoint: Object.fromEntries(tallies),
  };
}

/** One store and providers of its own, one process after the other. Returns the rounds in which the point was not passed. */
async function runRounds(place: StorePlace, orders: readonly KillOrder[], tallies: Tallies): Promise<number> {
  const providers = await startProviders(orders.map(({ group }) => group));
  let missed = 0;
  try {
    let previous: KillOrder | undefined;
    for (const [index, next] of [...orders, undefined].entries()) {
      const order = childOrder(place, index, providers, previous, next);
      const wasKilled = await runChild(order);
      if (previous) judge(previous, order.open?.ends === "first", providers, tallyOf(tallies, previous.failpoint));
      if (next && wasKilled) tallyOf(tallies, next.failpoint).killed += 1;
      else if (next) missed += 1;
      previous = next;
    }
  } finally {
    for (const { stop } of Object.values(providers)) await (stop as () => Promise<void>)();
  }
  return missed;
}

function tallyOf(tallies: Tallies, name: KillPoint): Tally {
  const tally = tallies.get(name);
  if (!tally) throw new Error(`no point ${name}`);
  return tally;
}

/** At least so many passes of each point: five streams, of which one is refused first; a commit has a dozen statements or more. */
const passes: Readonly<Record<KillPoint, number>> = {
  ...{ "before-commit": 1, "in-commit": 12, "after-commit": 1, "before-claim": 2, "after-claim": 2 },
  ...{ "before-send": 5, "after-accept": 5, "after-record": 5 },
};

let groups = 0;
function orderOf(failpoint: KillPoint, round: number): KillOrder {
  return {
    ...{ group: `g${++groups}`, failpoint, concurrency: round % 4 < 2 ? 1 : 10 },
    during: round % 2 === 0 ? "firing" : "resolve",
    pass: 1 + Math.floor(Math.random() * passes[failpoint]),
  };
}

function childOrder(
  store: StorePlace,
  index: number,
  { slack, telegram, pagerduty, hook }: Providers,
  previous: KillOrder | undefined,
  next: KillOrder | undefined,
): ChildOrder {
  const urls = { slack: slack.url, telegram: telegram.url, pagerduty: pagerduty.url, hook: hook.url };
  // Killed while its end was under way, the fact is good already.
  const isFirst = previous?.during === "resolve" || Math.random() < 0.5;
  const open = previous && ({ group: previous.group, ends: isFirst ? "first" : "later" } as const);
  return { store, aheadMs: index * leaseOverMs, urls, open, next };
}

/** Runs a child to its end. True: it was killed, after everything from before was sent. */
async function runChild(order: ChildOrder): Promise<boolean> {
  const child = fork(join(import.meta.dirname, "kill/respond-child.ts"), { stdio: "inherit" });
  const exited = once(child, "exit") as Promise<[number | null, string | null]>;
  const endChild = () => void child.kill("SIGKILL");
  process.once("exit", endChild);
  const watchdog = setTimeout(endChild, longestChildMs);
  const reports: ChildReport[] = [];
  child.on("message", (report: ChildReport) => reports.push(report));
  child.send(order, (error) => {
    if (error) child.kill("SIGKILL");
  });
  const [code, signal] = await exited;
  clearTimeout(watchdog);
  process.off("exit", endChild);
  if (!reports.includes("drained"))
    throw new Error(`a child ended before everything from before was sent (${code ?? signal})`);
  return signal === "SIGKILL";
}

/**
 * What people saw of a group: each stream its alarm and then its end. A stream may have seen nothing where the fact was good again before
 * the next process looked, and the first one had not told it; never one without the other.
 */
function judge({ group, concurrency, during }: KillOrder, wasOver: boolean, providers: Providers, tally: Tally): void {
  for (const { stream, kinds, visibleRepeats, knownRepeats } of seenOf(group, groupKeyOf(group), providers)) {
    tally.knownRepeats += knownRepeats;
    if (visibleRepeats > 0) tally.visibleRepeats[stream] = (tally.visibleRepeats[stream] ?? 0) + visibleRepeats;
    if (concurrency === 1) tally.alone += visibleRepeats;
    const [hasFiring, hasResolve] = [kinds.includes("firing"), kinds.includes("resolve")];
    const mayBeUntold = wasOver && during === "firing";
    if (!hasFiring && !hasResolve && mayBeUntold) tally.untold += 1;
    else if (!hasFiring || !hasResolve) tally.lost += 1;
    if (hasFiring && !hasResolve) tally.orphanFirings += 1;
    if (hasResolve && kinds.lastIndexOf("firing") > kinds.indexOf("resolve")) tally.outOfOrder += 1;
  }
}

async function startProviders(names: readonly string[]): Promise<Providers> {
  const events: HookEvent[] = [];
  const hook = await startProviderStandIn(({ url, json }) => {
    if (url.pathname !== "/hook") return { status: 403, body: {} };
    events.push(json as unknown as HookEvent);
    return { status: 200, body: {} };
  });
  return {
    slack: await startSlackStandIn(
      token,
      names.map((name) => `C-${name}`),
    ),
    telegram: await startTelegramStandIn(
      token,
      names.map((name) => `T-${name}`),
    ),
    pagerduty: await startPagerdutyStandIn(token, 100_000),
    hook: { url: hook.url, events, stop: () => hook.stop() },
  };
}

function emptyTally(): Tally {
  return {
    ...{ killed: 0, lost: 0, orphanFirings: 0, outOfOrder: 0, visibleRepeats: {}, alone: 0 },
    ...{ knownRepeats: 0, untold: 0 },
  };
}

function totals(byPoint: Tallies) {
  const all = [...byPoint];
  const sum = (of: (tally: Tally) => number) => all.reduce((total, [, tally]) => total + of(tally), 0);
  const count = (repeats: Record<string, number>) => Object.values(repeats).reduce((total, one) => total + one, 0);
  // With one under way at a time: else another message may be accepted and not recorded when the process ends at any point.
  const elsewhere = all.filter(([name]) => name !== "after-accept").reduce((total, [, { alone }]) => total + alone, 0);
  const withKey = sum(({ visibleRepeats: { telegram: _, ...others } }) => count(others));
  return {
    rounds: sum(({ killed }) => killed),
    lost: sum(({ lost }) => lost),
    orphanFirings: sum(({ orphanFirings }) => orphanFirings),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    /** Seen twice by people where they must not be: elsewhere than at accepted-but-unrecorded, or of a provider with a key. */
    duplicatesElsewhere: elsewhere + withKey,
    visibleRepeats: sum(({ visibleRepeats }) => count(visibleRepeats)),
    untold: sum(({ untold }) => untold),
  };
}
