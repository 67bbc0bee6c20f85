import { setTimeout as sleep } from "node:timers/promises";
import { followGateway } from "../src/control/follow-gateway.ts";
import { createMemoryJournal } from "../src/control/testing/memory-journal.ts";
import { parseChainSpec } from "../src/chain/chain-spec.ts";
import { createCauseGatherer } from "../src/duties/causes/gather-causes.ts";
import type { CauseOf } from "../src/duties/judge/lost-duty.ts";
import type { DutyException } from "../src/duties/types.ts";
import { startFaultProxy, type FaultProxy } from "../src/faults/start-fault-proxy.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLogger } from "../src/lib/log.ts";
import { startSimBeaconNode } from "../src/sim/start-sim-beacon-node.ts";
import { startDrillBed, untilReady } from "../test/support/drill-bed.ts";
import { injections, type Injection } from "./causes/injections.ts";
import { openLossReader } from "./causes/read-losses.ts";
import { startScriptedClient } from "./causes/scripted-client.ts";
import { createVoteBook } from "./causes/vote-book.ts";
import { round } from "./lib/statistics.ts";

/** Of 512 validators half are ours: 32 in each slot, and as many strangers. */
const [validators, own] = [512, 256];
/** Keys of ours that no client has loaded, lost in every epoch. */
const unloaded = (index: number) => index % 64 === 63;

/**
 * A scripted validator client behind a real gateway with two simulated nodes, on a chain that holds only those votes which a
 * node took in time. One thing after the other goes wrong on purpose; every duty that the chain then lacks is judged over
 * the Beacon API, and its cause held against what was injected.
 */
export async function run({
  isQuick,
  flags,
}: {
  isQuick: boolean;
  flags: Readonly<Record<string, string>>;
}): Promise<Record<string, unknown>> {
  const slots = isQuick ? 2 : 4;
  const wanted = flags["only"]?.split(",");
  const quick = ["validator client paused", "late blocks", "nodes frozen", "nodes forked", "fault refuse"];
  const chosen = injections.filter(({ name }) => wanted?.includes(name) ?? (!isQuick || quick.includes(name)));
  const book = createVoteBook(own);
  const proxies: FaultProxy[] = [];
  const bed = await startDrillBed({
    ...{ nodes: 2, chain: { validators, duties: book.duties } },
    async between(_name, targetUrl) {
      const proxy = await startFaultProxy({ targetUrl, clock: systemClock, random: Math.random });
      proxies.push(proxy);
      return proxy.url;
    },
  });
  const { chain } = bed;
  const judgeNode = await startSimBeaconNode({ chain, clock: systemClock, name: "judge", rememberedRequests: 0 });
  book.open(chain, () => bed.nodes);
  const names = bed.nodes.map(({ name }) => name);
  const client = startScriptedClient(bed.gatewayUrl, chain, own, (index) => !unloaded(index));
  const gatherer = createCauseGatherer({
    ...{ slotsPerEpoch: chain.slotsPerEpoch, keepEpochs: 16 },
    fleetFacts: (index) => ({
      labels: {},
      key: { state: unloaded(index) ? "missing" : "loaded", place: "vc1", at: Date.now() },
    }),
  });
  const follower = followGateway({
    ...{ name: "gateway", client: bed.control, journal: createMemoryJournal(), clock: systemClock },
    ...{ random: Math.random, log: silentLogger, listener: gatherer, onChange: () => {}, onTransitions: () => {} },
  });
  const reader = await openLossReader(judgeNode.url);
  const periods: { injection: Injection; from: number; to: number }[] = [];
  const now = () => chain.slotAt(Date.now());
  const startOf = async (slot: number) => sleep(Math.max(0, chain.startOfSlot(slot) - Date.now()));
  try {
    // A whole epoch in which all is well first.
    await startOf((chain.epochOf(now()) + 2) * chain.slotsPerEpoch);
    const raw = (await (await fetch(`${judgeNode.url}/eth/v1/config/spec`)).json()) as { data: unknown };
    const spec = parseChainSpec(raw.data);
    if (!spec.ok) throw new Error(spec.error.message);
    const watched = Uint32Array.from({ length: own }, (_, index) => index);
    const tally = createTally(periods);
    // The epoch that begins now: the first injection is in it.
    let nextEpoch = chain.epochOf(now());
    // As the monitor does: while the evidence is there, and what was lost in the end.
    const judgeUpTo = async (last: number) => {
      for (; nextEpoch <= last; nextEpoch++) {
        const causeOf = named(book, gatherer.causeOf({ spec: spec.spec, genesis: chain }));
        const result = await reader.judge(nextEpoch, watched, causeOf);
        gatherer.learnResult(result);
        lost.push(...result.exceptions.filter(({ kind }) => kind === "attestation"));
      }
    };
    const lost: DutyException[] = [];
    for (const injection of chosen) {
      await untilReady(bed, names);
      await judgeUpTo(chain.epochOf(now()) - 2);
      const from = now() + 3;
      const lasts = Math.max(slots, injection.leastSlots ?? 0);
      await startOf(from - 1);
      await sleep(0.85 * chain.slotDurationMs);
      const end = await injection.begin({ bed, client, book, proxies }, from, lasts);
      await startOf(from + lasts);
      await end();
      // What was on its way, and the time until the nodes are ready again, count for it too.
      await untilReady(bed, names);
      periods.push({ injection, from: from - 1, to: now() + 1 });
      console.log(`${injection.name}: slots ${from} to ${from + lasts - 1}, ready again in slot ${now()}`);
    }
    const lastEpoch = chain.epochOf(periods.at(-1)?.to ?? now());
    await startOf((lastEpoch + 2) * chain.slotsPerEpoch);
    // The monitor reads evidence every five seconds.
    await sleep(6_000);
    await judgeUpTo(lastEpoch);
    for (const each of lost) tally.add(each);
    return tally.figures();
  } finally {
    await follower.stop();
    await client.stop();
    await reader.close();
    await judgeNode.stop();
    await bed.stop();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  }
}

/** The simulated chain knows a wrong head only as the parent of the right one: what the vote really named is put back. */
function named(book: ReturnType<typeof createVoteBook>, causeOf: CauseOf): CauseOf {
  return (lost, context) => {
    if (lost.kind !== "attestation" || lost.voted === undefined) return causeOf(lost, context);
    const headRoot = book.headOf(lost.validatorIndex, lost.slot) ?? lost.voted.headRoot;
    return causeOf({ ...lost, voted: { ...lost.voted, headRoot } }, context);
  };
}

function createTally(periods: readonly { injection: Injection; from: number; to: number }[]) {
  const byName = new Map<string, { lost: number; right: number; unknown: number; causes: Record<string, number> }>();
  return {
    add({ slot, validatorIndex, cause, outcome }: DutyException): void {
      const period = periods.find(({ from, to }) => slot >= from && slot <= to);
      const name = unloaded(validatorIndex) ? "keys not loaded" : (period?.injection.name ?? "nothing injected");
      const right: readonly string[] = unloaded(validatorIndex) ? ["key-not-loaded"] : (period?.injection.right ?? []);
      const entry = byName.get(name) ?? { lost: 0, right: 0, unknown: 0, causes: {} };
      byName.set(name, entry);
      entry.lost++;
      entry.unknown += Number(cause.code === "unknown");
      entry.right += Number(right.includes(cause.code));
      const label = `${outcome}: ${cause.code} (${cause.confidence})`;
      if (!right.includes(cause.code) && entry.causes[label] === undefined)
        console.log(`wrong: ${name}, slot ${slot}, ${label}: ${cause.evidence.map(({ text }) => text).join(" | ")}`);
      entry.causes[label] = (entry.causes[label] ?? 0) + 1;
    },
    figures() {
      const sum = (read: (entry: { lost: number; right: number; unknown: number }) => number) =>
        [...byName.values()].reduce((total, entry) => total + read(entry), 0);
      const lost = sum((entry) => entry.lost);
      for (const [name, { lost: of, right, causes }] of byName)
        console.log(`${name}: ${right} of ${of} right; ${JSON.stringify(causes)}`);
      return {
        lost,
        rightShare: round(sum((entry) => entry.right) / lost, 4),
        unknownShare: round(sum((entry) => entry.unknown) / lost, 4),
        injections: Object.fromEntries([...byName].map(([name, { lost: of, right }]) => [name, { lost: of, right }])),
        withoutLoss: periods.map(({ injection }) => injection.name).filter((name) => !byName.has(name)),
      };
    },
  };
}
