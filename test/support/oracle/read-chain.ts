import type { BlockSizes } from "../../../src/beacon/ssz/block-sizes.ts";
import { dutySpecOf, type DutySpec } from "../../../src/duties/judge/duty-spec.ts";
import { decodeBlockSsz } from "../../../src/duties/source/decode-block-ssz.ts";
import type { BlockFacts, EpochCommittees } from "../../../src/duties/types.ts";
import type { ChainTruth, EpochTruth } from "../../oracle/src/chain-truth.ts";

/** What the product's own decoder read of a chain's blocks, oldest first. */
export interface ReadChain {
  spec: DutySpec;
  canonical: BlockFacts[];
  orphaned: BlockFacts[];
}

export function readChain(truth: ChainTruth): ReadChain {
  const sizes = sizesOf(truth.spec);
  const read = (isCanonical: boolean): BlockFacts[] =>
    truth.blocks
      .filter((block) => block.isCanonical === isCanonical)
      .sort((a, b) => a.slot - b.slot)
      .map(({ ssz, fork, root }) => decodeBlockSsz(Buffer.from(ssz.slice(2), "hex"), fork, sizes, root));
  return { spec: dutySpecOf(truth.spec), canonical: read(true), orphaned: read(false) };
}

function sizesOf(spec: Record<string, unknown>): BlockSizes {
  const size = (key: string): number => {
    const value = Number(spec[key]);
    if (!Number.isSafeInteger(value) || value <= 0) throw new Error(`read the oracle's config/spec: it has no ${key}`);
    return value;
  };
  return {
    syncCommitteeSize: size("SYNC_COMMITTEE_SIZE"),
    maxCommitteesPerSlot: size("MAX_COMMITTEES_PER_SLOT"),
    maxWithdrawalsPerPayload: size("MAX_WITHDRAWALS_PER_PAYLOAD"),
    maxWithdrawalRequestsPerPayload: size("MAX_WITHDRAWAL_REQUESTS_PER_PAYLOAD"),
    maxDepositRequestsPerPayload: size("MAX_DEPOSIT_REQUESTS_PER_PAYLOAD"),
    maxConsolidationRequestsPerPayload: size("MAX_CONSOLIDATION_REQUESTS_PER_PAYLOAD"),
  };
}

/** Committees of an epoch as a beacon node's answer becomes them. */
export function flatCommittees({ epoch, committees }: Pick<EpochTruth, "epoch" | "committees">): EpochCommittees {
  const offsets = [0];
  for (const members of committees.flat()) offsets.push((offsets.at(-1) ?? 0) + members.length);
  return {
    epoch,
    committeesPerSlot: committees[0]?.length ?? 0,
    members: Uint32Array.from(committees.flat(2)),
    offsets: Uint32Array.from(offsets),
  };
}
