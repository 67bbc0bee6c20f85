import assert from "node:assert/strict";
import { startDevnet } from "./devnet.ts";
import type { BeaconNode, Devnet } from "./devnet.ts";
import { startDutyRecorder } from "./duty-recorder.ts";
import { judge } from "./judge.ts";
import type { DutyRecord, GroupScore } from "./judge.ts";
import { readNodeStatus } from "./node-status.ts";
import { isSameProcess, readStartTicks } from "./process-identity.ts";
import { waitForFinalizedEpoch, waitForHeadSlot, waitForSlot, waitForSynced, waitForSyncState } from "./wait.ts";

type Say = (line: string) => void;

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const groups = { a: range(0, 31), control: range(32, 63) };
const feeRecipient = `0x${"aa".repeat(20)}`;

/** Half of the validators on bn1 with bn2 behind it, the other half on bn3, which is left alone and judged by. */
export async function checkFaults(say: Say, slotDurationSeconds: number): Promise<void> {
  const devnet = await startDevnet({ slotDurationSeconds });
  const [bn1, bn2, bn3] = devnet.nodes as [BeaconNode, BeaconNode, BeaconNode];
  say(`nodes are up and connected, genesis in ${devnet.genesisTime - Date.now() / 1000} s`);
  devnet.startValidatorClient({
    name: "vc-a",
    firstIndex: 0,
    lastIndex: 31,
    beaconNodeUrls: [bn1.url, bn2.url],
    feeRecipient,
  });
  devnet.startValidatorClient({
    name: "vc-control",
    firstIndex: 32,
    lastIndex: 63,
    beaconNodeUrls: [bn3.url],
    feeRecipient,
  });
  const pids = [...devnet.nodes, ...devnet.validatorClients].map(({ pid }) => ({
    pid: pid ?? 0,
    startTicks: readStartTicks(pid ?? 0) ?? "",
  }));
  try {
    const recorder = await startDutyRecorder(bn3.url);
    await waitForHeadSlot(bn3, 10, { timeoutMs: 120_000 });
    await sayJudged(say, "untouched", devnet, recorder.record, 1, 8);
    await checkNodeFaults(say, devnet, recorder.record, [bn1, bn2, bn3]);
    await checkExecutionFaults(say, devnet, bn2);
    say(`finalized epoch ${await waitForFinalizedEpoch(bn3, 2)} at slot ${devnet.currentSlot()}`);
    assert.deepEqual(recorder.failures, []);
    await recorder.stop();
  } finally {
    await devnet.stop();
  }
  assert.equal(pids.filter(isSameProcess).length, 0);
  say("stop() left no process");
}

async function checkNodeFaults(
  say: Say,
  devnet: Devnet,
  duties: DutyRecord,
  nodes: [BeaconNode, BeaconNode, BeaconNode],
) {
  const [bn1, bn2] = nodes;
  const first = devnet.currentSlot() + 1;
  await waitForSlot(devnet, first, { offsetMs: devnet.slotDurationMs / 2 });
  await bn1.kill();
  say(`killed bn1 in slot ${first}`);
  await waitForSlot(devnet, first + 5);
  await bn1.restart();
  say(`bn1 answers again; synced: ${JSON.stringify(await waitForSynced(devnet, bn1))}`);
  const restarted = devnet.currentSlot();

  bn1.freeze();
  say(`froze bn1 in slot ${restarted}`);
  await assert.rejects(fetch(`${bn1.url}/eth/v1/node/version`, { signal: AbortSignal.timeout(500) }));
  await waitForSlot(devnet, restarted + 4);
  bn1.thaw();
  await waitForSynced(devnet, bn1);
  say(`thawed bn1 and synced in slot ${devnet.currentSlot()}`);

  await bn2.restart({ wipe: true });
  await waitForSynced(devnet, bn2);
  const rejoined = devnet.currentSlot();
  say(`wiped bn2 and synced from genesis in slot ${rejoined}: ${JSON.stringify(await readNodeStatus(bn2))}`);
  await waitForSlot(devnet, restarted + 13);
  const score = await sayJudged(say, "faults", devnet, duties, first, restarted + 3);
  assert.ok((score["a"]?.sync.missed ?? 0) > 0, "the client's own fallback loses sync messages");
}

async function checkExecutionFaults(say: Say, devnet: Devnet, node: BeaconNode): Promise<void> {
  for (const mode of ["syncing", "error", "hang"] as const) {
    const slot = devnet.currentSlot();
    node.setExecution(mode);
    if (mode === "syncing") await waitForSyncState(node, (state) => state.isOptimistic);
    await waitForSlot(devnet, slot + 3, { offsetMs: devnet.slotDurationMs / 2 });
    say(`${node.name} with execution ${mode} for 3 slots: ${JSON.stringify(await readNodeStatus(node))}`);
    node.setExecution("valid");
    const back = await waitForSynced(devnet, node, { timeoutMs: 120_000 });
    say(`${node.name} with execution valid again, in slot ${devnet.currentSlot()}: ${JSON.stringify(back)}`);
  }
}

async function sayJudged(say: Say, what: string, devnet: Devnet, duties: DutyRecord, fromSlot: number, toSlot: number) {
  const url = devnet.node("bn3").url;
  const report = await judge({
    url,
    duties,
    fromSlot,
    toSlot,
    groups,
    feeRecipients: { a: feeRecipient, control: feeRecipient },
  });
  for (const [name, group] of Object.entries(report.groups))
    say(`${what}, slots ${fromSlot} to ${toSlot}, ${name}: ${inWords(group)}`);
  const expected = Object.values(report.groups).reduce((sum, group) => sum + group.attestations.expected, 0);
  assert.equal(expected, (toSlot - fromSlot + 1) * (64 / devnet.slotsPerEpoch));
  return report.groups;
}

const slotsOf = (faults: readonly { slot: number }[]): string =>
  faults.length === 0 ? "" : ` (slots ${[...new Set(faults.map((fault) => fault.slot))].join(", ")})`;

const inWords = ({ attestations, sync, proposals, wrongFeeRecipient }: GroupScore): string =>
  [
    `attestations missed ${attestations.missed}/${attestations.expected}${slotsOf(attestations.missedBy)}`,
    `wrong head ${attestations.wrongHead}, wrong target ${attestations.wrongTarget}, late ${attestations.late}`,
    `sync missed ${sync.missed}/${sync.expected}`,
    `blocks missed ${proposals.missed}/${proposals.expected}${slotsOf(proposals.missedBy)}`,
    `wrong fee recipient ${wrongFeeRecipient.length}`,
  ].join("; ");
