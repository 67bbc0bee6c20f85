import { setTimeout as sleep } from "node:timers/promises";
import type { BeaconNode, Devnet } from "../../testbed/src/devnet.ts";
import type { DutyRecorder } from "../../testbed/src/duty-recorder.ts";
import { judge, type GroupScore } from "../../testbed/src/judge.ts";

/** Validator indices by the system that keeps them, both ends included. */
export type Groups = Readonly<Record<string, { first: number; last: number }>>;

export interface RoundScore {
  /** Unix milliseconds. */
  failedAt: number;
  groups: Readonly<Record<string, GroupScore>>;
}

const judgedSlots = 12;

/**
 * One failure of `victim` at a random moment in the middle half of a slot, judged from the slot of the failure over two
 * epochs by an untouched node; the node is then brought back and given two epochs to be trusted again.
 */
export async function playRound(
  devnet: Devnet,
  judgeNode: BeaconNode,
  recorder: DutyRecorder,
  groups: Groups,
  victim: BeaconNode,
  fault: "kill" | "freeze",
): Promise<RoundScore> {
  const slot = devnet.currentSlot() + 2;
  const offset = devnet.slotDurationMs * (0.25 + Math.random() / 2);
  await sleep(devnet.slotStartMs(slot) + offset - Date.now());
  const failedAt = Date.now();
  if (fault === "kill") await victim.kill();
  else victim.freeze();
  await untilSlot(devnet, slot + judgedSlots);
  if (fault === "kill") await victim.restart();
  else victim.thaw();
  // One more epoch: until then a late attestation may still be included.
  await untilSlot(devnet, slot + judgedSlots + devnet.slotsPerEpoch + 1);
  const indices = Object.fromEntries(
    Object.entries(groups).map(([name, { first, last }]) => [
      name,
      Array.from({ length: last - first + 1 }, (_, i) => first + i),
    ]),
  );
  const report = await judge({
    url: judgeNode.url,
    fromSlot: slot,
    toSlot: slot + judgedSlots - 1,
    duties: recorder.record,
    groups: indices,
  });
  return { failedAt, groups: report.groups };
}

export async function untilSlot(devnet: Devnet, slot: number): Promise<void> {
  await sleep(Math.max(0, devnet.slotStartMs(slot) - Date.now()));
}
