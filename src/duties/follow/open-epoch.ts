import type { CallFailure, CallResult } from "../../beacon/call-result.ts";
import { AppError } from "../../lib/app-error.ts";
import type { DutySpec } from "../judge/duty-spec.ts";
import { createEpochLedger, type EpochLedger } from "../judge/epoch-ledger.ts";
import type { EpochCommittees } from "../types.ts";
import type { BlockChain } from "./block-chain.ts";
import type { EpochFacts } from "./epoch-facts.ts";

/** A ledger and how far it was fed. */
export interface OpenEpoch {
  epoch: number;
  ledger: EpochLedger;
  committees: EpochCommittees;
  /** Indices that its watched counts are of. */
  watched: Uint32Array;
  appliedSlot: number;
  appliedRoot: string | undefined;
}

export interface EpochParts {
  chain: BlockChain;
  facts: EpochFacts;
  spec: DutySpec;
}

/**
 * The epoch's ledger with every canonical block up to the chain's head applied: goes on with `known` where that one is of
 * the same branch, else begins anew.
 */
export async function openEpoch(
  parts: EpochParts,
  epoch: number,
  watched: Uint32Array,
  known: OpenEpoch | undefined,
  signal: AbortSignal,
): Promise<CallResult<OpenEpoch>> {
  const { chain, facts, spec } = parts;
  const read = await facts.committees(epoch, signal);
  if (!read.ok) return read;
  const committees = read.value;
  const first = epoch * spec.slotsPerEpoch;
  const last = first + 2 * spec.slotsPerEpoch - 1;
  try {
    const isSame =
      known?.committees === committees &&
      known.watched === watched &&
      (known.appliedRoot === undefined || chain.rootAt(known.appliedSlot) === known.appliedRoot);
    const open: OpenEpoch = isSame
      ? known
      : {
          ...{ epoch, committees, watched, appliedSlot: first - 1, appliedRoot: undefined },
          ledger: createEpochLedger({ epoch, spec, committees, watched }),
        };
    const from = open.appliedRoot === undefined ? (chain.blockAt(first - 1)?.slot ?? first) : open.appliedSlot + 1;
    const blocks = await chain.blocks(from, last, signal);
    if (!blocks.ok) return blocks;
    for (const block of blocks.value) {
      open.ledger.apply(block, chain);
      open.appliedSlot = block.slot;
      open.appliedRoot = block.root;
    }
    return { ok: true, value: open, status: 200, latencyMs: 0 };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const failure: CallFailure = { kind: "wrong-shape", message: error.message };
    return { ok: false, failure, latencyMs: 0 };
  }
}
