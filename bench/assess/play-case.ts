import { setTimeout as sleep } from "node:timers/promises";
import { gatherAssessment, type AssessmentParts } from "../../src/app/respond/gather-assessment.ts";
import { auditHash } from "../../src/access/audit.ts";
import { columnCodec } from "../../src/duties/columns/column-codec.ts";
import type { FleetValidator } from "../../src/fleet/validator.ts";
import { assess } from "../../src/incidents/assessment/assess.ts";
import type { Assessment } from "../../src/incidents/assessment/types.ts";
import { createFakeClock } from "../../src/lib/fake-clock.ts";
import type { HostState } from "../../src/signals/hosts/host-state.ts";
import type { LogEvent } from "../../src/signals/logs/log-state.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import { openSqliteStore } from "../../src/store/store.ts";
import { createDraw, mix } from "./draw.ts";
import { followSim, type SimWatch } from "./follow-sim.ts";
import { observe, type StartedNode } from "./observe.ts";
import { createPager, type Pager } from "./page-count.ts";
import type { Play, Scenario, Truth } from "./scenario.ts";

const slotsPerEpoch = 8;
const slotDurationMs = 12_000;
const strangers = 3_000;
/** Attestations that nobody's fault loses. */
const missShare = 0.004;
const lookShare = 0.9;
/** Judged epochs before the impact, and epochs for which alarms may page after the assessment. */
const epochsBefore = 9;
const epochsAfter = 6;
/** It is declared in any slot of these and assessed in each: the assessment must not depend on who noticed when. */
const deadlineSlots = 2 * slotsPerEpoch;

export interface CaseResult {
  seed: number;
  truth: { scope: string; labels: string };
  assessment: Assessment;
  isRight: boolean;
  /** Slots from the impact to the first assessment that was right and stayed so; `undefined`: none was. */
  rightAfterSlots: number | undefined;
  /** Assessments up to the deadline that said something definite and wrong, in words. */
  misleading: readonly string[];
  slowestMs: number;
  pages: Pager["pages"];
}

/** Plays one case on a chain of its own and assesses it at each slot of the two epochs after the impact. */
export async function playCase(scenario: Scenario, seed: number): Promise<CaseResult> {
  const draw = createDraw(seed);
  const play = scenario.make(draw);
  // A case in which nothing happens to ours proves nothing.
  if (play.slashed === undefined && !play.fleet.some(({ labels }) => play.lostOf(labels) > 0))
    throw new Error(`incident ${scenario.incident}, seed ${seed}: the play hits nobody of the fleet`);
  const firstEpoch = draw.int(1_000, 400_000);
  const impactSlot = (firstEpoch + epochsBefore) * slotsPerEpoch + draw.int(0, slotsPerEpoch - 1);
  const genesisTimeMs = 1_606_824_000_000;
  const startOf = (slot: number) => genesisTimeMs + slot * slotDurationMs;
  const validators = listFleet(play);
  const count = strangers + validators.length;
  const chain = makeChain(play, { seed, count, validators, impactSlot, firstEpoch, genesisTimeMs });
  const time = createFakeClock(startOf((firstEpoch + 2) * slotsPerEpoch) + lookShare * slotDurationMs);
  const store = await openSqliteStore(":memory:", auditHash, columnCodec);
  const judge = await startSimBeaconNode({ chain, clock: time, name: "judge", rememberedRequests: 0 });
  const nodes: StartedNode[] = [];
  let watch: SimWatch | undefined;
  try {
    for (const own of play.nodes) {
      const branch = own.trouble === "other-branch" ? "other" : "main";
      nodes.push({
        own,
        sim: await startSimBeaconNode({ chain, clock: time, name: own.name, branch, rememberedRequests: 0 }),
      });
    }
    watch = await followSim({ url: judge.url, chain, time, store, validators });
    const isHit = () => time.now() >= startOf(impactSlot);
    const parts: AssessmentParts = {
      ...{ store, duties: watch.duties, observed: () => [observe(nodes, chain, isHit(), time.now())] },
      signals: signalsOf(play, () => (isHit() ? startOf(impactSlot) : undefined), time.now),
    };
    const pager = createPager({ watch, parts, play });
    const said: { slot: number; assessment: Assessment; tookMs: number }[] = [];
    // Whoever declares knows, at the earliest, of the impact when it begins.
    const declaredAt = startOf(impactSlot + draw.int(0, deadlineSlots));
    for (
      let slot = (firstEpoch + 3) * slotsPerEpoch;
      slot <= impactSlot + deadlineSlots + epochsAfter * slotsPerEpoch;
      slot++
    ) {
      await watch.advanceTo(startOf(slot) + lookShare * slotDurationMs);
      if (slot === impactSlot) for (const node of nodes) strike(node);
      if (slot < impactSlot) {
        pager.look(time.now(), undefined);
        continue;
      }
      const before = performance.now();
      const input = await gatherAssessment(parts, { fromAt: Math.min(time.now(), declaredAt), now: time.now() });
      const assessment = assess(input, time.now());
      if (slot <= impactSlot + deadlineSlots) said.push({ slot, assessment, tookMs: performance.now() - before });
      pager.look(time.now(), assessment);
      await sleep(0);
    }
    return { ...resultOf(play.truth, said, impactSlot), seed, pages: pager.pages };
  } finally {
    await watch?.stop();
    for (const { sim } of nodes) await sim.stop();
    await judge.stop();
    await store.close();
  }

  function resultOf(
    truth: Truth,
    said: readonly { slot: number; assessment: Assessment; tookMs: number }[],
    from: number,
  ) {
    const labels = words(truth.labels);
    const isRight = (one: Assessment) => one.scope === truth.scope && words(one.cohorts[0]?.labels) === labels;
    const last = said.at(-1);
    if (!last) throw new Error("nothing was assessed");
    const wrongAt = said.findLastIndex(({ assessment }) => !isRight(assessment));
    return {
      ...{ truth: { scope: truth.scope, labels }, assessment: last.assessment, isRight: isRight(last.assessment) },
      rightAfterSlots: wrongAt === said.length - 1 ? undefined : (said[wrongAt + 1]?.slot ?? from) - from,
      misleading: said
        .filter(({ assessment: { scope } }) => scope !== "unknown" && scope !== truth.scope)
        .map(({ slot, assessment: { reason, sentence } }) => `${slot - from} slots after: ${reason}: ${sentence}`),
      slowestMs: Math.max(...said.map(({ tookMs }) => tookMs)),
    };
  }
}

export function words(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? "none" : entries.map(([key, value]) => `${key}=${value}`).join(",");
}

/** Ours have the indices from 0 on, in the order of the fleet. */
function listFleet({ fleet }: Play): FleetValidator[] {
  const all: FleetValidator[] = [];
  for (const { labels, validators } of fleet)
    for (let i = 0; i < validators; i++) all.push({ pubkey: undefined, index: all.length, labels, sources: ["bench"] });
  return all;
}

function makeChain(
  play: Play,
  of: {
    seed: number;
    count: number;
    validators: readonly FleetValidator[];
    impactSlot: number;
    firstEpoch: number;
    genesisTimeMs: number;
  },
) {
  const { seed, count, validators, impactSlot, firstEpoch, genesisTimeMs } = of;
  const isLost = (index: number, slot: number) => {
    if (mix(seed, 1, index, slot) < missShare) return true;
    if (slot < impactSlot) return false;
    const own = validators[index];
    const chance = own ? play.lostOf(own.labels) : play.lostOfStrangers;
    // Who is hit stays hit: a client does not come back between two epochs.
    return mix(seed, 2, index) < chance;
  };
  const chain = createSimChain({
    ...{
      seed: `assess/${seed}`,
      slotsPerEpoch,
      slotDurationMs,
      genesisTimeMs,
      validators: count,
      firstSlot: firstEpoch * slotsPerEpoch,
    },
    duties: { attestation: (index, slot) => (isLost(index, slot) ? { attests: false } : undefined) },
    missedSlots: (slot) => slot > impactSlot && mix(seed, 3, slot) < (play.missedSlots ?? 0),
    ...(play.slashed !== undefined && {
      validatorLife: (index: number) => ({
        ...{ activationEpoch: 0, exitEpoch: Infinity },
        ...(index === play.slashed && { slashed: { slot: impactSlot, offence: "attester" as const } }),
      }),
    }),
  });
  const elsewhere = {
    attestation: (index: number, slot: number) => (isLost(index, slot) ? undefined : { attests: false }),
  };
  chain.addBranch({
    name: "other",
    fromSlot: impactSlot,
    duties: play.isForked ? elsewhere : {},
    participation: play.isForked ? 1 : 0.05,
  });
  return chain;
}

function strike({ own: { trouble }, sim }: StartedNode): void {
  if (trouble === "frozen") sim.setFault({ kind: "stale-head" });
  if (trouble === "optimistic") {
    sim.setFault({ kind: "stale-head" });
    sim.setFault({ kind: "optimistic" });
  }
  if (trouble === "down") sim.setFault({ kind: "hang" });
}

/** Machines and logs as the monitor would have read them. */
function signalsOf(play: Play, hitAt: () => number | undefined, now: () => number): AssessmentParts["signals"] {
  const hostState = (name: string, provider: string, region: string, isSilent: boolean): HostState => {
    const readAt = isSilent ? (hitAt() ?? now()) : now();
    return {
      ...{ name, provider, region, verdict: now() - readAt > 180_000 ? "unknown" : "good", findings: [], readAt },
      ...{ cpu: undefined, cores: 8, load1: 1, memoryTotalBytes: undefined, memoryAvailableBytes: undefined },
      ...{ bootedAt: undefined, disks: [], processes: [], pages: [] },
    };
  };
  const events = (): LogEvent[] => {
    const at = hitAt();
    if (at === undefined || !play.log) return [];
    const { node, validatorClient, means } = play.log;
    const source = node ?? validatorClient ?? "log";
    return [
      { ...{ at, source, node, validatorClient, signature: "bench", severity: "bad", means }, todo: "", line: means },
    ];
  };
  return {
    hosts: () =>
      play.hosts.map(({ name, provider, region, isSilent = false }) => hostState(name, provider, region, isSilent)),
    ports: { logs: () => ({ at: now(), catalogueVersion: 1, logs: [], events: events() }) },
  };
}
