import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FailpointName } from "../src/notify/start-sender.ts";
import { outboxRules } from "../src/outbox/rules.ts";
import type { OutboxMessage } from "../src/outbox/types.ts";
import { outboxStore } from "../src/store/outbox/outbox-store.ts";
import { openSqliteStore } from "../src/store/store.ts";
import { startPagerdutyStandIn } from "../test/support/pagerduty-stand-in.ts";
import { startProviderStandIn } from "../test/support/provider-stand-in.ts";
import { startSlackStandIn } from "../test/support/slack-stand-in.ts";
import { startTelegramStandIn } from "../test/support/telegram-stand-in.ts";
import { failpoints, token, type ChildOrder, type ChildReport, type KillOrder } from "./kill/round.ts";
import { seenOf, type HookEvent, type Providers } from "./kill/verdict.ts";

/** A little more than a lease. */
const leaseOverMs = 31_000;
const longestChildMs = 60_000;
/** Most of a round is waiting for what the providers' limits ask. */
const sideBySide = 6;

interface Tally {
  killed: number;
  lost: number;
  firingsWithoutResolve: number;
  outOfOrder: number;
  visibleRepeats: Record<string, number>;
  /** Of those, the ones of rounds in which nothing else was under way. */
  alone: number;
  knownRepeats: number;
  droppedUntold: number;
}

/**
 * A process that sends is killed at each named point, equal rounds each, half of them while alarms are sent and half while their ends
 * are, and half
 * with one message under way at a time. The next process finds the same SQLite file and goes on. Each one's clock is 31 s ahead of the last one's, in place of waiting for leases.
 */
export async function run({ isQuick, flags }: { isQuick: boolean; flags: Readonly<Record<string, string>> }) {
  const rounds = Number(flags["rounds"] ?? (isQuick ? 30 : 200));
  const orders = Array.from({ length: rounds }, (_, round) =>
    failpoints.map((failpoint) => orderOf(failpoint, round)),
  ).flat();
  const tallies = new Map(failpoints.map((name) => [name, emptyTally()]));
  const shares = Array.from({ length: sideBySide }, (_, lane) =>
    orders.filter((__, index) => index % sideBySide === lane),
  );
  const missed = await Promise.all(shares.map((share) => runRounds(share, tallies)));
  return {
    roundsEach: rounds,
    notKilled: missed.reduce((total, count) => total + count, 0),
    store: "SQLite",
    ...totals(tallies),
    byFailpoint: Object.fromEntries(tallies),
  };
}

/** One SQLite file and providers of its own, one process after the other. Returns the rounds in which the point was not passed. */
async function runRounds(orders: readonly KillOrder[], tallies: ReadonlyMap<FailpointName, Tally>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "sk-kill-"));
  const path = join(folder, "slotkeeper.db");
  const providers = await startProviders(orders.map(({ group }) => group));
  let missed = 0;
  try {
    let previous: KillOrder | undefined;
    for (const [index, next] of [...orders, undefined].entries()) {
      const order = childOrder(path, index, providers, previous, next);
      const wasKilled = await runChild(order);
      if (previous) await judge(path, previous, providers, tallyOf(tallies, previous.failpoint));
      if (next && wasKilled) tallyOf(tallies, next.failpoint).killed += 1;
      else if (next) missed += 1;
      previous = next;
    }
  } finally {
    for (const { stop } of Object.values(providers)) await (stop as () => Promise<void>)();
    rmSync(folder, { recursive: true });
  }
  return missed;
}

function tallyOf(tallies: ReadonlyMap<FailpointName, Tally>, name: FailpointName): Tally {
  const tally = tallies.get(name);
  if (!tally) throw new Error(`no failpoint ${name}`);
  return tally;
}

let groups = 0;
function orderOf(failpoint: FailpointName, round: number): KillOrder {
  const during = round % 2 === 0 ? "firing" : "resolve";
  // Five streams, of which one is refused first: at least so many passes of each point.
  const passes = { "before-claim": 2, "after-claim": 2, "before-send": 5, "after-accept": 5, "after-record": 5 };
  const concurrency = round % 4 < 2 ? 1 : 10;
  return {
    concurrency,
    group: `g${++groups}`,
    failpoint,
    during,
    pass: 1 + Math.floor(Math.random() * passes[failpoint]),
  };
}

function childOrder(
  path: string,
  index: number,
  { slack, telegram, pagerduty, hook }: Providers,
  previous: KillOrder | undefined,
  next: KillOrder | undefined,
): ChildOrder {
  const urls = { slack: slack.url, telegram: telegram.url, pagerduty: pagerduty.url, hook: hook.url };
  const open = previous ? [previous.group] : [];
  const isFirst = Math.random() < 0.5;
  return {
    ...{ path, aheadMs: index * leaseOverMs, urls, next },
    ...{ resolveFirst: isFirst ? open : [], resolveLater: isFirst ? [] : open },
  };
}

/** Runs a child to its end. True: it was killed, after everything from before was sent. */
async function runChild(order: ChildOrder): Promise<boolean> {
  const child = fork(join(import.meta.dirname, "kill/sender-child.ts"), { stdio: "inherit" });
  const exited = once(child, "exit") as Promise<[number | null, string | null]>;
  const endChild = () => void child.kill("SIGKILL");
  process.once("exit", endChild);
  const watchdog = setTimeout(endChild, longestChildMs);
  const reports: ChildReport[] = [];
  child.on("message", (report: ChildReport) => reports.push(report));
  send(child, order);
  const [code, signal] = await exited;
  clearTimeout(watchdog);
  process.off("exit", endChild);
  if (!reports.includes("drained"))
    throw new Error(`a child ended before everything from before was sent (${code ?? signal})`);
  return signal === "SIGKILL";
}

function send(child: ChildProcess, order: ChildOrder): void {
  child.send(order, (error) => {
    if (error) child.kill("SIGKILL");
  });
}

/** Holds what people saw of a group against what the outbox says of it. */
async function judge(
  path: string,
  { group, concurrency }: KillOrder,
  providers: Providers,
  tally: Tally,
): Promise<void> {
  const messages = await messagesOf(path, group);
  for (const { stream, kinds, visibleRepeats, knownRepeats } of seenOf(group, providers)) {
    tally.knownRepeats += knownRepeats;
    if (visibleRepeats > 0) tally.visibleRepeats[stream] = (tally.visibleRepeats[stream] ?? 0) + visibleRepeats;
    if (concurrency === 1) tally.alone += visibleRepeats;
    const isUntold = isDroppedTogether(messages, stream);
    if (isUntold) tally.droppedUntold += 1;
    if (!kinds.includes("firing") && !isUntold) tally.lost += 1;
    if (!kinds.includes("resolve") && !isUntold) tally.lost += 1;
    if (kinds.includes("firing") && !kinds.includes("resolve")) tally.firingsWithoutResolve += 1;
    if (kinds.indexOf("resolve") !== -1 && kinds.lastIndexOf("firing") > kinds.indexOf("resolve"))
      tally.outOfOrder += 1;
  }
}

/** Nobody was told of either: the alarm was over before its first attempt. */
function isDroppedTogether(messages: readonly OutboxMessage[], stream: string): boolean {
  const own = messages.filter(({ recipient, channel }) =>
    stream === "fallback" ? recipient === "bob" : recipient === "ann" && channel === stream,
  );
  const isIn = (kind: string, reason: string) =>
    own.some((message) => message.kind === kind && message.reason === reason);
  return isIn("firing", "already-resolved") && isIn("resolve", "never-told");
}

async function messagesOf(path: string, groupKey: string): Promise<OutboxMessage[]> {
  const store = await openSqliteStore(path, () => "", {} as never);
  const outbox = outboxStore(store.db, { rules: outboxRules, newId: () => "" });
  const found = await outbox.find({ groupKey, limit: 100 });
  await store.close();
  return found;
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
    ...{ killed: 0, lost: 0, firingsWithoutResolve: 0, outOfOrder: 0, visibleRepeats: {}, alone: 0 },
    ...{ knownRepeats: 0, droppedUntold: 0 },
  };
}

function totals(byFailpoint: ReadonlyMap<FailpointName, Tally>) {
  const all = [...byFailpoint];
  const sum = (of: (tally: Tally) => number) => all.reduce((total, [, tally]) => total + of(tally), 0);
  const count = (repeats: Record<string, number>) => Object.values(repeats).reduce((total, one) => total + one, 0);
  return {
    killed: sum(({ killed }) => killed),
    lost: sum(({ lost }) => lost),
    firingsWithoutResolve: sum(({ firingsWithoutResolve }) => firingsWithoutResolve),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    visibleRepeats: sum(({ visibleRepeats }) => count(visibleRepeats)),
    // With one under way at a time: else another message may be accepted and not recorded when the process ends at any point.
    repeatsElsewhereThanAfterAccept: all
      .filter(([name]) => name !== "after-accept")
      .reduce((total, [, { alone }]) => total + alone, 0),
    repeatsOnChannelsWithKeyOrLookUp: sum(({ visibleRepeats: { telegram: _, ...others } }) => count(others)),
  };
}
