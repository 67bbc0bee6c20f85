import type { FakeNode } from "./fake-node.ts";
import { sendJson } from "./fake-node.ts";

const root = (byte: string) => `0x${byte.repeat(32)}`;

export interface VoteOptions {
  slot?: number;
  index?: number;
  /** A byte that is repeated: "aa" is the fake view's head. */
  head?: string;
  source?: readonly [epoch: number, root: string];
  target?: readonly [epoch: number, root: string];
}

/** Attestation data for slot 32,000 (epoch 1,000) on the fake view, in the Beacon API's JSON. */
export function attestationJson(options: VoteOptions = {}): { data: Record<string, unknown> } {
  const { slot = 32_000, index = 0, head = "aa", source = [999, "bb"], target = [1_000, "dd"] } = options;
  const checkpoint = ([epoch, byte]: readonly [number, string]) => ({ epoch: String(epoch), root: root(byte) });
  return {
    data: {
      slot: String(slot),
      index: String(index),
      beacon_block_root: root(head),
      source: checkpoint(source),
      target: checkpoint(target),
    },
  };
}

/** The same as SSZ. */
export function attestationSsz(options: VoteOptions = {}): Buffer {
  const { slot = 32_000, index = 0, head = "aa", source = [999, "bb"], target = [1_000, "dd"] } = options;
  const bytes = Buffer.alloc(128);
  bytes.writeBigUInt64LE(BigInt(slot), 0);
  bytes.writeBigUInt64LE(BigInt(index), 8);
  bytes.write(head.repeat(32), 16, "hex");
  bytes.writeBigUInt64LE(BigInt(source[0]), 48);
  bytes.write(source[1].repeat(32), 56, "hex");
  bytes.writeBigUInt64LE(BigInt(target[0]), 88);
  bytes.write(target[1].repeat(32), 96, "hex");
  return bytes;
}

/** A node that answers everything with this attestation data. */
export function voting(options: VoteOptions = {}): FakeNode["answer"] {
  return (_request, response) => sendJson(response, attestationJson(options));
}

/** What a validator client asks for it. */
export const attestationPath = "/eth/v1/validator/attestation_data?slot=32000&committee_index=0";
