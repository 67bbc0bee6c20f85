import { DevnetError } from "./devnet-error.ts";
import type { AttesterDuty, GroupScore, JudgedBlock, JudgeReport, ScoreInput, SlotScore } from "./judge-types.ts";

/** What became of one validator's attestation duty. */
type AttestationResult = {
  slot: number;
  validatorIndex: number;
  /** Null: not included. */
  included: { delaySlots: number; isWrongHead: boolean; isWrongTarget: boolean } | null;
};

type SyncResult = { slot: number; validatorIndex: number; isMissed: boolean };
type ProposalResult = { slot: number; proposerIndex: number; block: JudgedBlock | null };
type SlotResult = {
  slot: number;
  attestations: AttestationResult[];
  sync: SyncResult[] | null;
  proposal: ProposalResult | null;
};

/**
 * Judges the duties of `fromSlot` to `toSlot` by canonical blocks alone: each duty once for all validators, then
 * counted per slot and per group. Pure. Throws `duties-missing` if an epoch was not recorded.
 */
export function scoreDuties(input: ScoreInput): Omit<JudgeReport, "readToSlot"> {
  const results: SlotResult[] = [];
  const included = indexInclusions(input.blocks);
  for (let slot = input.fromSlot; slot <= input.toSlot; slot++) {
    results.push({
      slot,
      attestations: judgeAttestations(input, slot, included),
      sync: judgeSync(input, slot),
      proposal: judgeProposal(input, slot),
    });
  }
  const groups = Object.entries(input.groups).map(([name, indices]): [string, GroupScore] => [
    name,
    scoreGroup(results, new Set(indices), input.feeRecipients?.[name]?.toLowerCase() ?? null),
  ]);
  return {
    fromSlot: input.fromSlot,
    toSlot: input.toSlot,
    groups: Object.fromEntries(groups),
    slots: results.map(scoreSlot),
  };
}

type Inclusion = { blockSlot: number; beaconBlockRoot: string; targetRoot: string };

const positionKey = (slot: number, committeeIndex: number, position: number): string =>
  `${slot}/${committeeIndex}/${position}`;

/** First inclusion of each committee position; blocks come in slot order. */
function indexInclusions(blocks: readonly JudgedBlock[]): Map<string, Inclusion> {
  const first = new Map<string, Inclusion>();
  for (const block of blocks) {
    for (const { slot, committeeIndex, beaconBlockRoot, targetRoot, bits } of block.attestations) {
      for (const [position, isSet] of bits.entries()) {
        const key = positionKey(slot, committeeIndex, position);
        if (isSet && !first.has(key)) first.set(key, { blockSlot: block.slot, beaconBlockRoot, targetRoot });
      }
    }
  }
  return first;
}

/** Root of the canonical block at or before `slot`; null if the blocks that were read do not tell. */
export function canonicalRootAt(blocks: readonly JudgedBlock[], slot: number): string | null {
  const next = blocks.findIndex((block) => block.slot > slot);
  if (next === -1) return blocks.at(-1)?.root ?? null;
  return blocks[next]?.parentRoot ?? null;
}

function judgeAttestations(input: ScoreInput, slot: number, inclusions: Map<string, Inclusion>): AttestationResult[] {
  const epochStart = slot - (slot % input.slotsPerEpoch);
  const headRoot = canonicalRootAt(input.blocks, slot);
  const targetRoot = canonicalRootAt(input.blocks, epochStart);
  const duties = dutiesOf(input.duties.attesters, slot, input.slotsPerEpoch, "attester");
  const judgeOne = ({ committeeIndex, committeePosition, validatorIndex }: AttesterDuty): AttestationResult => {
    const found = inclusions.get(positionKey(slot, committeeIndex, committeePosition));
    if (found === undefined) return { slot, validatorIndex, included: null };
    const delaySlots = found.blockSlot - slot;
    const isWrongHead = found.beaconBlockRoot !== headRoot;
    return {
      slot,
      validatorIndex,
      included: { delaySlots, isWrongHead, isWrongTarget: found.targetRoot !== targetRoot },
    };
  };
  return duties.filter((duty) => duty.slot === slot).map(judgeOne);
}

function judgeSync(input: ScoreInput, slot: number): SyncResult[] | null {
  const next = input.blocks.find((block) => block.slot === slot + 1);
  if (next === undefined) return null;
  // The committee that signs slot N is the one of slot N+1's state (Altair, process_sync_aggregate).
  const members = dutiesOf(input.duties.syncCommittees, slot + 1, input.slotsPerEpoch, "sync committee");
  return members.map((validatorIndex, position) => ({
    slot,
    validatorIndex,
    isMissed: next.syncBits[position] !== true,
  }));
}

function judgeProposal(input: ScoreInput, slot: number): ProposalResult | null {
  if (slot === 0) return null;
  const block = input.blocks.find((candidate) => candidate.slot === slot) ?? null;
  const duties = dutiesOf(input.duties.proposers, slot, input.slotsPerEpoch, "proposer");
  const proposerIndex = block?.proposerIndex ?? duties.get(slot);
  if (proposerIndex === undefined)
    throw new DevnetError("duties-missing", `Judge slot ${slot}: no proposer is recorded`);
  return { slot, proposerIndex, block };
}

function dutiesOf<T>(byEpoch: ReadonlyMap<number, T>, slot: number, slotsPerEpoch: number, kind: string): T {
  const epoch = Math.floor(slot / slotsPerEpoch);
  const found = byEpoch.get(epoch);
  if (found !== undefined) return found;
  throw new DevnetError(
    "duties-missing",
    `Judge slot ${slot}: no ${kind} duties of epoch ${epoch}; let a duty recorder run on an untouched node meanwhile`,
  );
}

const fault = ({ slot, validatorIndex }: { slot: number; validatorIndex: number }) => ({ slot, validatorIndex });

function scoreGroup(
  results: readonly SlotResult[],
  members: ReadonlySet<number>,
  feeRecipient: string | null,
): GroupScore {
  const attestations = results.flatMap((one) => one.attestations).filter((one) => members.has(one.validatorIndex));
  const included = attestations.map((one) => one.included).filter((one) => one !== null);
  const missed = attestations.filter((one) => one.included === null);
  const delays = included.map((one) => one.delaySlots);
  const sync = results.flatMap((one) => one.sync ?? []).filter((one) => members.has(one.validatorIndex));
  const missedSync = sync.filter((one) => one.isMissed);
  const proposals = results.map((one) => one.proposal).filter((one) => one !== null);
  const own = proposals.filter((one) => members.has(one.proposerIndex));
  const missedOwn = own.filter((one) => one.block === null);
  const blocks = own.map((one) => one.block).filter((block) => block !== null);
  const wrongFee =
    feeRecipient === null ? [] : blocks.filter((block) => block.feeRecipient.toLowerCase() !== feeRecipient);
  return {
    attestations: {
      expected: attestations.length,
      included: included.length,
      missed: missed.length,
      wrongHead: included.filter((one) => one.isWrongHead).length,
      wrongTarget: included.filter((one) => one.isWrongTarget).length,
      late: delays.filter((delay) => delay > 1).length,
      meanDelaySlots: delays.length === 0 ? 0 : delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
      maxDelaySlots: Math.max(0, ...delays),
      missedBy: missed.map(fault),
    },
    sync: { expected: sync.length, missed: missedSync.length, missedBy: missedSync.map(fault) },
    proposals: {
      expected: own.length,
      missed: missedOwn.length,
      missedBy: missedOwn.map(({ slot, proposerIndex }) => ({ slot, validatorIndex: proposerIndex })),
    },
    wrongFeeRecipient: wrongFee.map(({ slot, proposerIndex, feeRecipient: paid }) => ({
      slot,
      proposerIndex,
      feeRecipient: paid,
    })),
  };
}

function scoreSlot({ slot, attestations, sync, proposal }: SlotResult): SlotScore {
  const included = attestations.map((one) => one.included).filter((one) => one !== null);
  return {
    slot,
    hasBlock: proposal === null || proposal.block !== null,
    proposerIndex: proposal?.proposerIndex ?? null,
    feeRecipient: proposal?.block?.feeRecipient ?? null,
    attestations: {
      expected: attestations.length,
      missed: attestations.length - included.length,
      wrongHead: included.filter((one) => one.isWrongHead).length,
      wrongTarget: included.filter((one) => one.isWrongTarget).length,
      maxDelaySlots: Math.max(0, ...included.map((one) => one.delaySlots)),
    },
    sync: sync === null ? null : { expected: sync.length, missed: sync.filter((one) => one.isMissed).length },
  };
}
