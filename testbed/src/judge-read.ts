import { getJson, getOrNull } from "./beacon-api.ts";
import type { RequestOptions } from "./beacon-api.ts";
import { DevnetError } from "./devnet-error.ts";
import type { JudgedBlock } from "./judge-types.ts";

type BlockAnswer = {
  data: {
    message: {
      slot: string;
      proposer_index: string;
      parent_root: string;
      body: {
        attestations: {
          aggregation_bits: string;
          data: { slot: string; index: string; beacon_block_root: string; target: { root: string } };
        }[];
        sync_aggregate: { sync_committee_bits: string };
        execution_payload: { fee_recipient: string };
      };
    };
  };
};

/** Slots, time and genesis as the node's configuration says; times in milliseconds. */
export type ChainClock = { genesisMs: number; slotDurationMs: number; slotsPerEpoch: number };

export async function readChainClock(url: string, options: RequestOptions = {}): Promise<ChainClock> {
  const spec = await getJson<{ data: Record<string, string> }>(url, "/eth/v1/config/spec", options);
  const genesis = await getJson<{ data: { genesis_time: string } }>(url, "/eth/v1/beacon/genesis", options);
  return {
    genesisMs: Number(genesis.data.genesis_time) * 1000,
    slotDurationMs: Number(spec.data["SECONDS_PER_SLOT"]) * 1000,
    slotsPerEpoch: Number(spec.data["SLOTS_PER_EPOCH"]),
  };
}

/**
 * Canonical blocks of the slots `fromSlot` to `toSlot`, in order; a slot without one is left out. Skips genesis.
 * A reorg while reading shows as a block whose parent is not the one before; then all are read again.
 */
export async function readBlocks(
  url: string,
  fromSlot: number,
  toSlot: number,
  options: RequestOptions = {},
): Promise<JudgedBlock[]> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    const blocks = await readBlocksOnce(url, fromSlot, toSlot, options);
    if (isOneChain(blocks)) return blocks;
  }
  throw new DevnetError("beacon-api", `Read blocks ${fromSlot} to ${toSlot} of ${url}: the chain changed each time`);
}

export const isOneChain = (blocks: readonly JudgedBlock[]): boolean =>
  blocks.every((block, i) => i === 0 || block.parentRoot === blocks[i - 1]?.root);

async function readBlocksOnce(
  url: string,
  fromSlot: number,
  toSlot: number,
  options: RequestOptions,
): Promise<JudgedBlock[]> {
  const blocks: JudgedBlock[] = [];
  for (let slot = Math.max(1, fromSlot); slot <= toSlot; slot++) {
    const answer = await getOrNull<BlockAnswer>(url, `/eth/v2/beacon/blocks/${slot}`, options);
    if (answer === null || Number(answer.data.message.slot) !== slot) continue;
    const header = await getJson<{ data: { root: string } }>(url, `/eth/v1/beacon/headers/${slot}`, options);
    blocks.push(parseBlock(answer, header.data.root));
  }
  return blocks;
}

export async function readHeadSlot(url: string, options: RequestOptions = {}): Promise<number> {
  type Answer = { data: { header: { message: { slot: string } } } };
  return Number((await getJson<Answer>(url, "/eth/v1/beacon/headers/head", options)).data.header.message.slot);
}

function parseBlock({ data: { message } }: BlockAnswer, root: string): JudgedBlock {
  const { body } = message;
  return {
    slot: Number(message.slot),
    root,
    parentRoot: message.parent_root,
    proposerIndex: Number(message.proposer_index),
    feeRecipient: body.execution_payload.fee_recipient,
    syncBits: parseBits(body.sync_aggregate.sync_committee_bits),
    attestations: body.attestations.map(({ aggregation_bits, data }) => ({
      slot: Number(data.slot),
      committeeIndex: Number(data.index),
      beaconBlockRoot: data.beacon_block_root,
      targetRoot: data.target.root,
      // The highest set bit of an SSZ bitlist marks its length and is no vote; no duty has that position.
      bits: parseBits(aggregation_bits),
    })),
  };
}

/** SSZ bits of a 0x hex string: the lowest bit of the first byte comes first. */
export function parseBits(hex: string): boolean[] {
  return [...Buffer.from(hex.slice(2), "hex")].flatMap((byte) =>
    Array.from({ length: 8 }, (_, i) => ((byte >> i) & 1) === 1),
  );
}
