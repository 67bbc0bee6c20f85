import type { CallFailure, CallResult } from "../../beacon/call-result.ts";
import { AppError } from "../../lib/app-error.ts";
import { judgeEpoch } from "../judge/judge-epoch.ts";
import type {
  CohortMembers,
  JudgeInput,
  NetworkStake,
  NodeRewards,
  ProposalPolicy,
  RelayDelivery,
} from "../judge/judge-input.ts";
import type { CauseOf, OrphanedBlock } from "../judge/lost-duty.ts";
import type { DutySource } from "../ports.ts";
import type { BlockFacts, EpochResult, EpochState } from "../types.ts";
import { openEpoch, type EpochParts, type OpenEpoch } from "./open-epoch.ts";
import type { WatchedFacts, WatchedState } from "./watched-facts.ts";

/** Whom we answer for. The same object as long as nothing changed. */
export interface WatchedSet {
  /** Rising. */
  indices: Uint32Array;
  cohorts: readonly CohortMembers[];
  policyOf(validatorIndex: number): ProposalPolicy | undefined;
}

export interface JudgeParts extends EpochParts {
  source: DutySource;
  watchedFacts: WatchedFacts;
  /** Causes for the losses of one epoch; asked once everything else of it is known. */
  causesOf: (open: OpenEpoch, blocks: readonly BlockFacts[]) => CauseOf;
  /** What the relays say of our own blocks; absent where no relay is configured. */
  askRelays?: (slot: number, blockHash: string, signal: AbortSignal) => Promise<RelayDelivery | undefined>;
  now: () => number;
}

/** Where a node tells no rewards, they are computed from everybody's records: of networks up to this size. */
const maxComputedNetwork = 200_000;

/**
 * Reads what an epoch still needs beyond its blocks, and judges it. What cannot be read becomes a caveat of the result;
 * only blocks and committees are indispensable.
 */
export async function judgeFromChain(
  parts: JudgeParts,
  epoch: number,
  state: EpochState,
  {
    watched,
    known,
    wasSlashed,
    finalizedEpoch,
  }: {
    watched: WatchedSet;
    known: OpenEpoch | undefined;
    wasSlashed: ((index: number) => boolean) | undefined;
    /** In the state at the first slot of N + 2; `undefined`: it is read where it matters. */
    finalizedEpoch: number | undefined;
  },
  signal: AbortSignal,
): Promise<CallResult<EpochResult>> {
  const { chain, facts, spec } = parts;
  const opened = await openEpoch(parts, epoch, watched.indices, known, signal);
  if (!opened.ok) return opened;
  const first = epoch * spec.slotsPerEpoch;
  const last = first + 2 * spec.slotsPerEpoch - 1;
  const blocks = await chain.blocks(first, last, signal);
  if (!blocks.ok) return blocks;

  const newest = chain.blockAt(last)?.slot ?? last;
  // The state after the last block of N + 1; where N + 1 has none, the empty slot's own, which is of the right epoch.
  const stateId = String(newest >= first + spec.slotsPerEpoch ? newest : last);
  const ours = await readWatched(parts, watched.indices, epoch + 1, stateId, signal);
  const proposers = await facts.proposers(epoch, signal);
  const syncCommittee = await facts.syncCommittee(epoch, signal);
  const ofEpoch = blocks.value.filter(({ slot }) => slot < first + spec.slotsPerEpoch);
  const orphans = await findOrphans(parts, first, proposers, signal);
  const rewards = await readRewards(parts, epoch, watched.indices, ours, ofEpoch, syncCommittee, signal);
  const hasNodeRewards = rewards?.attestations !== undefined;
  const network = hasNodeRewards ? undefined : await readNetwork(parts, epoch, stateId, opened.value, signal);
  const finalizedAt = network ? (finalizedEpoch ?? (await readFinalized(parts, last + 1, signal))) : finalizedEpoch;
  const relays = await askRelays(parts, ofEpoch, watched.indices, signal);
  if (signal.aborted) return aborted();

  const input: JudgeInput = {
    ...{ epoch, state, judgedAt: parts.now(), spec, ledger: opened.value.ledger, chain, blocks: blocks.value },
    ...{ orphans, proposers, syncCommittee, network, rewards, finalizedEpoch: finalizedAt, cohorts: watched.cohorts },
    watched: { indices: watched.indices, ...ours },
    policyOf: watched.policyOf,
    ...(wasSlashed && { slashedBefore: wasSlashed }),
    ...(relays && { relayOf: (slot: number) => relays.get(slot) ?? {} }),
    causeOf: parts.causesOf(opened.value, blocks.value),
  };
  try {
    const result = judgeEpoch(input);
    const hasFailed = rewards !== undefined && rewards.attestations === undefined;
    const caveats = hasFailed ? [...result.caveats, "rewards-failed"] : result.caveats;
    return { ok: true, value: { ...result, caveats }, status: 200, latencyMs: 0 };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, failure: { kind: "wrong-shape", message: error.message }, latencyMs: 0 };
  }
}

type Facts = { [Key in keyof WatchedState]: WatchedState[Key] | undefined };

/** From the epoch's own state; where no node holds it any more, nothing rather than something of another time. */
async function readWatched(
  { watchedFacts }: JudgeParts,
  indices: Uint32Array,
  epoch: number,
  stateId: string,
  signal: AbortSignal,
): Promise<Facts> {
  const read = indices.length === 0 ? undefined : await watchedFacts.refresh(indices, epoch, stateId, signal);
  return read?.ok ? read.value : { effectiveBalance: undefined, balance: undefined, slashed: undefined };
}

/** Blocks of empty slots that were seen by us or are known to a node. */
async function findOrphans(
  { chain, source, spec }: JudgeParts,
  first: number,
  proposers: readonly number[] | undefined,
  signal: AbortSignal,
): Promise<readonly OrphanedBlock[]> {
  const found: OrphanedBlock[] = [];
  for (let slot = Math.max(1, first); slot < first + spec.slotsPerEpoch; slot++) {
    if (chain.hasBlock(slot)) continue;
    const known = chain.orphanAt(slot);
    const asked = known === undefined ? await source.rootsAt(slot, signal) : undefined;
    const root = known ?? (asked?.ok ? asked.value.find(({ isCanonical }) => !isCanonical)?.root : undefined);
    if (root !== undefined) found.push({ slot, root, proposerIndex: proposers?.[slot - first] });
  }
  return found;
}

async function readRewards(
  { source, spec }: JudgeParts,
  epoch: number,
  indices: Uint32Array,
  { effectiveBalance }: Facts,
  blocks: readonly BlockFacts[],
  syncCommittee: Uint32Array | undefined,
  signal: AbortSignal,
): Promise<NodeRewards | undefined> {
  if (indices.length === 0) return undefined;
  const gwei =
    effectiveBalance &&
    Float64Array.from(effectiveBalance, (increments) => increments * spec.effectiveBalanceIncrement);
  const attestations = await source.attestationRewards(epoch, indices, signal, gwei);
  if (!attestations.ok && isNotOffered(attestations.failure)) return undefined;
  const own = new Set(indices);
  const sync = new Map<string, ReadonlyMap<number, number>>();
  const rewardOf = new Map<string, number>();
  const sits = syncCommittee?.some((index) => own.has(index)) ?? false;
  for (const { root, proposerIndex } of blocks) {
    if (sits) {
      const read = await source.syncRewards(root, signal);
      if (read.ok) sync.set(root, read.value);
    }
    if (own.has(proposerIndex)) {
      const read = await source.blockReward(root, signal);
      if (read.ok) rewardOf.set(root, read.value);
    }
  }
  return { attestations: attestations.ok ? attestations.value : undefined, sync, blocks: rewardOf };
}

function isNotOffered({ status }: CallFailure): boolean {
  return status === 404 || status === 405 || status === 501;
}

async function readNetwork(
  { source, spec }: JudgeParts,
  epoch: number,
  stateId: string,
  open: OpenEpoch,
  signal: AbortSignal,
): Promise<NetworkStake | undefined> {
  if (open.committees.members.length > maxComputedNetwork) return undefined;
  const read = await source.validators(stateId, undefined, {}, signal);
  if (!read.ok) return undefined;
  const size = read.value.reduce((most, { index }) => Math.max(most, index + 1), 0);
  const effectiveBalance = new Uint16Array(size);
  const slashed = new Uint8Array(size);
  let activeIncrements = 0;
  for (const record of read.value) {
    const increments = Math.round(record.effectiveBalance / spec.effectiveBalanceIncrement);
    effectiveBalance[record.index] = increments;
    if (record.slashed) slashed[record.index] = 1;
    const isActive = (record.activationEpoch ?? Infinity) <= epoch + 1 && epoch + 1 < (record.exitEpoch ?? Infinity);
    if (isActive) activeIncrements += increments;
  }
  return { effectiveBalance, slashed, activeIncrements, activeIncrementsOfEpoch: undefined };
}

/** What was finalized in the epoch after N + 1: whether the chain leaked when the epoch's rewards were paid. */
async function readFinalized(
  { chain, source, spec }: JudgeParts,
  fromSlot: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const block = chain.blockAt(fromSlot + spec.slotsPerEpoch - 1);
  if (!block || block.slot < fromSlot) return undefined;
  const read = await source.finality(signal, String(block.slot));
  return read.ok ? read.value.finalized.epoch : undefined;
}

async function askRelays(
  { askRelays: ask }: JudgeParts,
  blocks: readonly BlockFacts[],
  indices: Uint32Array,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, RelayDelivery> | undefined> {
  if (!ask) return undefined;
  const own = new Set(indices);
  const answers = new Map<number, RelayDelivery>();
  for (const { slot, proposerIndex, payload } of blocks) {
    if (!payload || !own.has(proposerIndex)) continue;
    const delivered = await ask(slot, payload.blockHash, signal);
    // A relay that cannot be asked proves nothing: then nothing at all is said of relays in this epoch.
    if (!delivered) return undefined;
    answers.set(slot, delivered);
  }
  return answers;
}

function aborted(): { ok: false; failure: CallFailure; latencyMs: number } {
  return { ok: false, failure: { kind: "aborted", message: "judge an epoch: stopped" }, latencyMs: 0 };
}
