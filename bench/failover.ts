import { setTimeout as sleep } from "node:timers/promises";
import { startFaultProxy, type FaultProxy } from "../src/faults/start-fault-proxy.ts";
import { systemClock } from "../src/lib/clock.ts";
import { startDevnet, type Devnet } from "../testbed/src/devnet.ts";
import { startDutyRecorder } from "../testbed/src/duty-recorder.ts";
import { faultPlans, type FaultPlan } from "./failover/fault-plans.ts";
import { playRound, type RoundResult } from "./failover/play-round.ts";
import { untilSlot } from "./failover/round.ts";
import { primaries, startSystems, validatorCount, type Systems } from "./failover/systems.ts";
import { describeRound, tableByKind, totalsOf } from "./failover/totals.ts";
import { haproxyVersion } from "./lib/haproxy.ts";
import type { BenchmarkOptions } from "./registry.ts";

/** A round is played again when the control missed something, at most so often in all. */
const maxVoidShare = 0.2;

/**
 * Every kind of fault at the node that Slotkeeper serves from, on one devnet with all systems at once: first at the nodes
 * themselves, then in a second devnet through fault proxies, so that all groups see the same.
 */
export async function run({ isQuick, flags }: BenchmarkOptions): Promise<Record<string, unknown>> {
  const kinds = flags["kinds"]?.split(",") ?? (isQuick ? ["kill"] : faultPlans.map(({ kind }) => kind));
  const unknown = kinds.filter((kind) => !faultPlans.some((plan) => plan.kind === kind));
  if (unknown.length > 0)
    throw new Error(`no kind ${unknown.join(", ")}; there are ${faultPlans.map(({ kind }) => kind).join(", ")}`);
  const each = Number(flags["rounds"] ?? (isQuick ? 1 : 3));
  const results: RoundResult[] = [];
  for (const at of ["node", "proxy"] as const) {
    const plans = faultPlans.filter((plan) => plan.at === at && kinds.includes(plan.kind));
    if (plans.length > 0) results.push(...(await playAll(at, plans, each)));
  }
  const counted = results.filter(({ isVoid }) => !isVoid);
  for (const line of tableByKind(counted)) console.log(line);
  return {
    rounds: counted.length,
    faults: Object.fromEntries(
      [...Map.groupBy(counted, ({ plan }) => plan.kind)].map(([kind, all]) => [kind, all.length]),
    ),
    voidRounds: results.length - counted.length,
    systems: totalsOf(counted),
    peer: `HAProxy ${haproxyVersion()}, Lodestar 1.5.1 validator client`,
  };
}

async function playAll(at: FaultPlan["at"], plans: readonly FaultPlan[], each: number): Promise<RoundResult[]> {
  const devnet = await startDevnet({ nodes: 4, validators: validatorCount, genesisDelaySeconds: 20 });
  const proxies = new Map<string, FaultProxy>();
  let systems: Systems | undefined;
  try {
    const served = devnet.nodes.slice(0, 3);
    if (at === "proxy")
      for (const { name, url } of served)
        proxies.set(name, await startFaultProxy({ targetUrl: url, clock: systemClock, random: Math.random }));
    systems = await startSystems(devnet, new Map(served.map(({ name, url }) => [name, proxies.get(name)?.url ?? url])));
    const judgeNode = devnet.node("bn4");
    const recorder = await startDutyRecorder(judgeNode.url);
    // Sync duties and aggregates need an epoch to settle after genesis.
    await untilSlot(devnet, 2 * devnet.slotsPerEpoch);
    // Kinds in turn, not one after the other: what a round leaves behind must not always meet the same kind.
    const wanted = Array.from({ length: each }, () => plans).flat();
    const results: Promise<RoundResult>[] = [];
    const maxRounds = Math.ceil(wanted.length * (1 + maxVoidShare));
    for (let plan = wanted.shift(); plan && results.length < maxRounds; plan = wanted.shift()) {
      const node = devnet.node(await untilWell(systems, devnet));
      const victim = { node, proxy: proxies.get(node.name) };
      const { result } = await playRound(devnet, plan, victim, systems.keepers, judgeNode, recorder);
      const told = result.then((round) => {
        console.log(describeRound(round));
        if (round.isVoid) wanted.push(round.plan);
        return round;
      });
      results.push(told);
      // The last verdicts come late, and one of them may be that a round was void.
      if (wanted.length === 0) await Promise.all(results);
    }
    const played = await Promise.all(results);
    await recorder.stop();
    return played;
  } finally {
    await systems?.stop();
    for (const proxy of proxies.values()) await proxy.stop();
    await devnet.stop();
  }
}

/** Waits until all nodes are ready and one of the primaries serves; resolves with its name. */
async function untilWell({ control, slotkeeper }: Systems, devnet: Devnet): Promise<string> {
  let last = "";
  for (const end = performance.now() + 240_000; performance.now() < end; await sleep(250)) {
    const view = (await control.status()).groups[0]?.view;
    const first = view?.ready[0];
    last = JSON.stringify(view?.ready);
    const isWell = view?.ready.length === 3 && devnet.nodes.every((node) => node.isUp);
    if (isWell && first !== undefined && primaries.some((name) => name === first)) return first;
  }
  throw new Error(`the nodes are not well after 4 minutes, ready: ${last}\n${slotkeeper.log().slice(-4_000)}`);
}
