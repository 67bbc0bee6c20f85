import { setTimeout as sleep } from "node:timers/promises";
import type { BeaconNode, Devnet } from "../testbed/src/devnet.ts";
import { startDutyRecorder } from "../testbed/src/duty-recorder.ts";
import { judge, type DutyRecord, type GroupScore } from "../testbed/src/judge.ts";

interface Watching {
  say: (line: string) => void;
  /** Of `performance.now()`, when the person typed the command. */
  startedAt: number;
  signal: AbortSignal;
}

/** Says when the first attestation is on chain, and then for each epoch what became of every duty, until the abort. */
export async function watchDuties(devnet: Devnet, { say, startedAt, signal }: Watching): Promise<void> {
  const record: DutyRecord = { attesters: new Map(), proposers: new Map(), syncCommittees: new Map() };
  // Each node may be killed: what any of them knows of the duties is enough.
  const recording = Promise.all(devnet.nodes.map((node) => recordDuties(node, record, signal)));
  try {
    if (await firstAttestation(devnet, signal))
      say(`  first attestation through the gateway is on chain after ${seconds(startedAt)} s`);
    for (let epoch = 0; !signal.aborted; epoch++) {
      const line = await judgeEpoch(devnet, epoch, record, signal);
      if (line !== undefined) say(line);
    }
  } finally {
    await recording;
  }
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

async function recordDuties(node: BeaconNode, into: DutyRecord, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const recorder = await startDutyRecorder(node.url, signal);
      while (!signal.aborted) {
        for (const [epoch, duties] of recorder.record.attesters) into.attesters.set(epoch, duties);
        for (const [epoch, duties] of recorder.record.proposers) into.proposers.set(epoch, duties);
        for (const [epoch, members] of recorder.record.syncCommittees) into.syncCommittees.set(epoch, members);
        await sleep(1000, undefined, { signal });
      }
    } catch {
      // The node is down or the session ends: the others record on, and this one is asked again.
      await sleep(1000, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function firstAttestation(devnet: Devnet, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      const node = devnet.nodes.find((one) => one.isUp);
      const answer = await fetch(`${node?.url}/eth/v2/beacon/blocks/head`, { signal: AbortSignal.timeout(1000) });
      const block = (await answer.json()) as { data?: { message: { body: { attestations: unknown[] } } } };
      if ((block.data?.message.body.attestations.length ?? 0) > 0) return true;
    } catch {
      // Before genesis, or that node was killed: ask again.
    }
    await sleep(250, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

/** Waits until the epoch can be judged. A duty that looks missed is given the whole next epoch to arrive. */
async function judgeEpoch(
  devnet: Devnet,
  epoch: number,
  duties: DutyRecord,
  signal: AbortSignal,
): Promise<string | undefined> {
  // Slot 0 is the genesis block: nobody proposes it, and clients sign no sync message for it.
  const fromSlot = Math.max(1, epoch * devnet.slotsPerEpoch);
  const toSlot = (epoch + 1) * devnet.slotsPerEpoch - 1;
  for (const readableFromSlot of [toSlot + 3, toSlot + devnet.slotsPerEpoch + 1]) {
    await untilSlot(devnet, readableFromSlot, signal);
    if (signal.aborted) return undefined;
    for (const node of devnet.nodes.filter((one) => one.isUp)) {
      try {
        const everyone = Array.from({ length: devnet.validators }, (_, index) => index);
        const report = await judge({ url: node.url, fromSlot, toSlot, duties, groups: { everyone } }, signal);
        const score = report.groups["everyone"];
        const isLast = readableFromSlot > toSlot + 3;
        if (score && (isLast || missed(score) === 0))
          return `  ${epochLine(epoch, score, await finalized(node, signal))}`;
        break;
      } catch {
        // This node cannot tell; the next one may.
      }
    }
  }
  return signal.aborted ? undefined : `  epoch ${epoch}: no node could tell`;
}

const missed = (score: GroupScore): number => score.attestations.missed + score.sync.missed + score.proposals.missed;

function epochLine(epoch: number, score: GroupScore, finalizedEpoch: string): string {
  const kept = ({ expected, missed: lost }: { expected: number; missed: number }): string =>
    `${expected - lost} of ${expected}`;
  return (
    `epoch ${epoch}: ${kept(score.attestations)} attestations, ${kept(score.sync)} sync messages, ` +
    `${kept(score.proposals)} blocks; finalized epoch ${finalizedEpoch}${missed(score) > 0 ? "   ← missed" : ""}`
  );
}

async function finalized(node: BeaconNode, signal: AbortSignal): Promise<string> {
  const url = `${node.url}/eth/v1/beacon/states/head/finality_checkpoints`;
  const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]) });
  return ((await answer.json()) as { data: { finalized: { epoch: string } } }).data.finalized.epoch;
}

async function untilSlot(devnet: Devnet, slot: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, devnet.slotStartMs(slot) - Date.now()), undefined, { signal }).catch(() => undefined);
}
