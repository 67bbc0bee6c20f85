import { createHash } from "node:crypto";
import type { SeenPayload } from "./devnet-types.ts";

/** Payload attributes of `engine_forkchoiceUpdated`, as far as an empty block needs them. */
type PayloadAttributes = {
  timestamp: string;
  prevRandao: string;
  suggestedFeeRecipient: string;
  withdrawals?: unknown[];
};

type PayloadJob = { parentHash: string; attributes: PayloadAttributes };

/** One execution chain shared by all nodes; the oldest entries go first. */
export type ExecutionChain = {
  payloads: Map<string, SeenPayload>;
  jobs: Map<string, PayloadJob>;
  nextJobId: number;
};

export type RpcCall = { id: unknown; method: string; params: readonly unknown[] };

type PayloadStatus = { status: "VALID" | "SYNCING"; latestValidHash: string | null; validationError: null };

const maxPayloads = 4096;
const maxJobs = 64;
const syncing: PayloadStatus = { status: "SYNCING", latestValidHash: null, validationError: null };
const valid = (hash: string): PayloadStatus => ({ status: "VALID", latestValidHash: hash, validationError: null });

export const newExecutionChain = (): ExecutionChain => ({ payloads: new Map(), jobs: new Map(), nextJobId: 1 });

/**
 * Answers one JSON-RPC call of the Engine API (execution-apis, Paris and Shanghai) as a client that holds every
 * payload valid and builds empty blocks. Changes `chain`; throws nothing.
 */
export function answerRpc(chain: ExecutionChain, call: RpcCall, isSyncing: boolean, nodeName: string): object {
  const base = { jsonrpc: "2.0", id: call.id };
  const [, name = call.method, version = "1"] = /^(.*?)(?:V(\d+))?$/.exec(call.method) ?? [];
  const [first, second] = call.params;
  switch (name) {
    case "engine_newPayload":
      return { ...base, result: isSyncing ? syncing : newPayload(chain, first as Record<string, string>, nodeName) };
    case "engine_forkchoiceUpdated": {
      if (isSyncing) return { ...base, result: { payloadStatus: syncing, payloadId: null } };
      const { headBlockHash } = first as { headBlockHash: string };
      const payloadId = second ? startJob(chain, headBlockHash, second as PayloadAttributes) : null;
      return { ...base, result: { payloadStatus: valid(headBlockHash), payloadId } };
    }
    case "engine_getPayload": {
      const job = chain.jobs.get(first as string);
      if (job === undefined) return { ...base, error: { code: -38001, message: "Unknown payload" } };
      const payload = buildPayload(chain, job);
      return { ...base, result: version === "1" ? payload : { executionPayload: payload, blockValue: "0x1" } };
    }
    case "engine_exchangeTransitionConfiguration":
    case "engine_exchangeCapabilities":
      return { ...base, result: first };
    case "engine_getClientVersion":
      return { ...base, result: [{ code: "XX", name: "execution stand-in", version: "0", commit: "00000000" }] };
    case "eth_chainId":
      return { ...base, result: "0x1" };
    case "eth_syncing":
      return { ...base, result: isSyncing ? { currentBlock: "0x0", highestBlock: "0x1" } : false };
    default:
      return { ...base, error: { code: -32601, message: `Method not found: ${call.method}` } };
  }
}

function newPayload(chain: ExecutionChain, payload: Record<string, string>, nodeName: string): PayloadStatus {
  const blockHash = payload["blockHash"] ?? "";
  if (!chain.payloads.has(blockHash)) {
    chain.payloads.set(blockHash, {
      blockHash,
      blockNumber: Number(payload["blockNumber"]),
      timestamp: Number(payload["timestamp"]),
      feeRecipient: payload["feeRecipient"] ?? "",
      firstSentBy: nodeName,
    });
    dropOldest(chain.payloads, maxPayloads);
  }
  return valid(blockHash);
}

function startJob(chain: ExecutionChain, parentHash: string, attributes: PayloadAttributes): string {
  const payloadId = `0x${(chain.nextJobId++).toString(16).padStart(16, "0")}`;
  chain.jobs.set(payloadId, { parentHash, attributes });
  dropOldest(chain.jobs, maxJobs);
  return payloadId;
}

/** An empty block on `parentHash`. Its hash is not the Keccak of a header: only execution clients check that. */
function buildPayload(chain: ExecutionChain, { parentHash, attributes }: PayloadJob): object {
  const digest = (part: string): string =>
    `0x${createHash("sha256")
      .update(JSON.stringify([part, parentHash, attributes]))
      .digest("hex")}`;
  const number = (chain.payloads.get(parentHash)?.blockNumber ?? 0) + 1;
  return {
    parentHash,
    feeRecipient: attributes.suggestedFeeRecipient,
    stateRoot: digest("state"),
    receiptsRoot: digest("receipts"),
    logsBloom: `0x${"00".repeat(256)}`,
    prevRandao: attributes.prevRandao,
    blockNumber: `0x${number.toString(16)}`,
    gasLimit: "0x1c9c380",
    gasUsed: "0x0",
    timestamp: attributes.timestamp,
    extraData: "0x",
    baseFeePerGas: "0x7",
    blockHash: digest("block"),
    transactions: [],
    ...(attributes.withdrawals === undefined ? {} : { withdrawals: attributes.withdrawals }),
  };
}

function dropOldest(map: Map<string, unknown>, limit: number): void {
  const oldest = map.keys().next().value;
  if (map.size > limit && oldest !== undefined) map.delete(oldest);
}
