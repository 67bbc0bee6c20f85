import type { CallFailure, CallResult } from "../../beacon/call-result.ts";
import { createBlockChain, type BlockChain } from "../follow/block-chain.ts";
import { createEpochFacts } from "../follow/epoch-facts.ts";
import { judgeFromChain, type WatchedSet } from "../follow/judge-from-chain.ts";
import { openEpoch } from "../follow/open-epoch.ts";
import { createWatchedFacts } from "../follow/watched-facts.ts";
import { indexCommittees, indexRecordedSeat } from "../judge/committee-index.ts";
import type { DutySpec } from "../judge/duty-spec.ts";
import { unknownCause, type CauseOf } from "../judge/lost-duty.ts";
import { proveDuty } from "../judge/prove-duty.ts";
import type { DutySource } from "../ports.ts";
import type { DutyProof, EpochResult, EpochState } from "../types.ts";

export interface AuditOptions {
  source: DutySource;
  spec: DutySpec;
  now: () => number;
  causeOf?: CauseOf;
}

/** One epoch, read from a node alone: nothing stored is needed. */
export interface EpochAudit {
  result: EpochResult;
  prove(validatorIndex: number): DutyProof;
}

/** Reads and judges one epoch for these validators, or for everybody in its committees. */
export async function auditEpoch(
  options: AuditOptions,
  epoch: number,
  validators: Uint32Array | "everybody",
  signal: AbortSignal,
): Promise<CallResult<EpochAudit>> {
  const walked = await walkEpoch(options, epoch, signal);
  return walked.ok ? auditWalked(options, walked.value, validators, signal) : walked;
}

/** The same over blocks that were read already. */
export async function auditWalked(
  options: AuditOptions,
  { epoch, chain, state, headSlot, end }: WalkedEpoch,
  validators: Uint32Array | "everybody",
  signal: AbortSignal,
): Promise<CallResult<EpochAudit>> {
  const { source, spec, now, causeOf = unknownCause } = options;
  const { slotsPerEpoch } = spec;
  const facts = createEpochFacts({ source, spec, chain, newestSlot: headSlot });
  const parts = { chain, facts, spec, source };
  const opened = await openEpoch(parts, epoch, new Uint32Array(0), undefined, signal);
  if (!opened.ok) return opened;
  const { committees } = opened.value;
  const indices =
    validators === "everybody" ? Uint32Array.from(committees.members).sort() : Uint32Array.from(validators).sort();
  const watched: WatchedSet = { indices, cohorts: [], policyOf: () => undefined };
  const judged = await judgeFromChain(
    {
      ...parts,
      watchedFacts: createWatchedFacts(source, spec.effectiveBalanceIncrement),
      causesOf: () => causeOf,
      now,
    },
    epoch,
    state,
    { watched, known: undefined, wasSlashed: undefined, finalizedEpoch: undefined },
    signal,
  );
  if (!judged.ok) return judged;
  const blocks = await chain.blocks(epoch * slotsPerEpoch, end, signal);
  if (!blocks.ok) return blocks;
  const slashed = new Set(judged.value.slashings.map(({ validatorIndex }) => validatorIndex));
  const value: EpochAudit = {
    result: judged.value,
    prove: (validatorIndex) =>
      proveDuty({
        ...{ validatorIndex, epoch, state, spec, blocks: blocks.value, chain },
        ...{ seats: indexCommittees(spec, committees), seatFrom: "state" },
        isSlashed: slashed.has(validatorIndex),
      }),
  };
  return { ok: true, value, status: 200, latencyMs: 0 };
}

/** The canonical blocks that decide an epoch's duties, and how sure they are. Needs no state. */
export interface WalkedEpoch {
  epoch: number;
  chain: BlockChain;
  state: EpochState;
  headSlot: number;
  /** Last slot that may include a vote of the epoch. */
  end: number;
}

/** Reads the canonical blocks of an epoch and of the one after it. */
export async function walkEpoch(
  { source, spec: { slotsPerEpoch } }: Pick<AuditOptions, "source" | "spec">,
  epoch: number,
  signal: AbortSignal,
): Promise<CallResult<WalkedEpoch>> {
  const chain = createBlockChain((root, abort) => source.block(root, abort));
  const end = (epoch + 2) * slotsPerEpoch - 1;
  const head = await source.head(signal);
  if (!head.ok) return head;
  const headSlot = head.value.slot;
  if (headSlot < epoch * slotsPerEpoch)
    return failed(
      "status",
      `audit epoch ${epoch}: the chain's head is at slot ${headSlot}, before this epoch. Ask for an earlier one, or wait for the node`,
    );
  const finality = await source.finality(signal);
  if (!finality.ok) return finality;
  const target = headSlot <= end ? head.value : await canonicalAtOrBefore(source, end, slotsPerEpoch, signal);
  if ("ok" in target) return target;
  const walked = await chain.advance(target, Math.max(0, (epoch - 1) * slotsPerEpoch - 1), signal);
  if (!walked.ok) return { ok: false, failure: walked.failure, latencyMs: 0 };
  const isFinal = finality.value.finalized.epoch >= epoch + 2;
  const state: EpochState = isFinal ? "final" : headSlot >= end ? "provisional" : "live";
  return { ok: true, value: { epoch, chain, state, headSlot, end }, status: 200, latencyMs: 0 };
}

/** What was stored of one attestation duty when it was judged. */
export interface RecordedSeat {
  validatorIndex: number;
  epoch: number;
  /** Within the epoch's shuffling. */
  place: number;
  committeesPerSlot: number;
  /** Of all committees of the epoch. */
  members: number;
  isSlashed: boolean;
}

/**
 * Proves one duty whose epoch's state no node holds any more: the seat is the recorded one, the blocks are read, which nodes
 * hold for months.
 */
export async function proveFromRecord(
  spec: DutySpec,
  { chain, state, end }: WalkedEpoch,
  seat: RecordedSeat,
  signal: AbortSignal,
): Promise<CallResult<DutyProof>> {
  const { validatorIndex, epoch, isSlashed } = seat;
  const blocks = await chain.blocks(epoch * spec.slotsPerEpoch, end, signal);
  if (!blocks.ok) return blocks;
  const proof = proveDuty({
    ...{ validatorIndex, epoch, state, spec, blocks: blocks.value, chain, isSlashed },
    ...{ seats: indexRecordedSeat(spec, seat), seatFrom: "record" },
  });
  return { ok: true, value: proof, status: 200, latencyMs: 0 };
}

async function canonicalAtOrBefore(
  source: DutySource,
  slot: number,
  slotsPerEpoch: number,
  signal: AbortSignal,
): Promise<{ slot: number; root: string } | { ok: false; failure: CallFailure; latencyMs: number }> {
  for (let at = slot; at >= Math.max(0, slot - 2 * slotsPerEpoch); at--) {
    const read = await source.rootsAt(at, signal);
    if (!read.ok) return read;
    const found = read.value.find(({ isCanonical }) => isCanonical);
    if (found) return { slot: at, root: found.root };
  }
  return failed(
    "status",
    `read the chain at slot ${slot}: the node names no canonical block in the two epochs before it`,
    404,
  );
}

function failed(
  kind: CallFailure["kind"],
  message: string,
  status?: number,
): { ok: false; failure: CallFailure; latencyMs: number } {
  return { ok: false, failure: { kind, message, ...(status !== undefined && { status }) }, latencyMs: 0 };
}
