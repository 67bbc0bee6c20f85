import { z } from "zod";
import { maybeFlag, root, uint } from "./field-decoders.ts";

/** Events that Slotkeeper itself acts upon; others pass through as text. */
export type BeaconEvent =
  | {
      kind: "head";
      slot: number;
      root: string;
      isOptimistic: boolean | undefined;
      isEpochTransition: boolean | undefined;
    }
  | { kind: "block"; slot: number; root: string; isOptimistic: boolean | undefined }
  | { kind: "chain_reorg"; slot: number; depth: number; oldHeadRoot: string; newHeadRoot: string }
  | { kind: "finalized_checkpoint"; epoch: number; root: string };

const head = z
  .object({ slot: uint, block: root, execution_optimistic: maybeFlag, epoch_transition: maybeFlag })
  .transform((data): BeaconEvent => ({
    kind: "head",
    slot: data.slot,
    root: data.block,
    isOptimistic: data.execution_optimistic,
    isEpochTransition: data.epoch_transition,
  }));
const block = z.object({ slot: uint, block: root, execution_optimistic: maybeFlag }).transform((data): BeaconEvent => ({
  kind: "block",
  slot: data.slot,
  root: data.block,
  isOptimistic: data.execution_optimistic,
}));
const chainReorg = z
  .object({ slot: uint, depth: uint, old_head_block: root, new_head_block: root })
  .transform((data): BeaconEvent => ({
    kind: "chain_reorg",
    slot: data.slot,
    depth: data.depth,
    oldHeadRoot: data.old_head_block,
    newHeadRoot: data.new_head_block,
  }));
const finalizedCheckpoint = z
  .object({ epoch: uint, block: root })
  .transform((data): BeaconEvent => ({ kind: "finalized_checkpoint", epoch: data.epoch, root: data.block }));

const decoders: Readonly<Record<string, z.ZodType<BeaconEvent>>> = {
  head,
  block,
  chain_reorg: chainReorg,
  finalized_checkpoint: finalizedCheckpoint,
};

/** Reads the data of an event. `other` for topics that are not acted upon; `garbage` when it is not what the Beacon API says. */
export function decodeEvent(
  topic: string,
  data: string,
): BeaconEvent | { kind: "other" } | { kind: "garbage"; problem: string } {
  const decoder = Object.hasOwn(decoders, topic) ? decoders[topic] : undefined;
  if (decoder === undefined) return { kind: "other" };
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return { kind: "garbage", problem: `${topic} event is not JSON` };
  }
  const parsed = decoder.safeParse(json);
  return parsed.success ? parsed.data : { kind: "garbage", problem: `${topic} event lacks what the Beacon API says` };
}
