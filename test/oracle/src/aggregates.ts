import { BitArray } from "@chainsafe/ssz";
import {
  ForkSeq,
  MAX_ATTESTATIONS,
  MAX_ATTESTATIONS_ELECTRA,
  MAX_COMMITTEES_PER_SLOT,
  SLOTS_PER_EPOCH,
} from "@lodestar/params";
import type { CachedBeaconStateAllForks } from "@lodestar/state-transition";
import { ssz, type Attestation } from "@lodestar/types";
import type { ChainRequest } from "./chain-truth.ts";
import type { Random } from "./random.ts";
import type { VoteGroup } from "./votes.ts";

/** Positions of one group that one aggregate of a block holds. */
interface Part {
  group: VoteGroup;
  positions: number[];
}

export const voteKey = (group: VoteGroup, position: number): string => `${group.id}:${position}`;

/** Whether a block on this state may include the group at all: window, source and committee, as the specification asserts. */
function isIncludable(state: CachedBeaconStateAllForks, group: VoteGroup): boolean {
  const delay = state.slot - group.slot;
  const epoch = Math.floor(state.slot / SLOTS_PER_EPOCH);
  const target = group.data.target.epoch;
  if (delay < 1 || target < epoch - 1 || target > epoch) return false;
  if (state.config.getForkSeq(state.slot) < ForkSeq.deneb && delay > SLOTS_PER_EPOCH) return false;
  const justified = target === epoch ? state.currentJustifiedCheckpoint : state.previousJustifiedCheckpoint;
  if (!ssz.phase0.Checkpoint.equals(justified.toValue(), group.data.source)) return false;
  // A deep reorg can draw other committees: votes of the old ones belong to the branch that was left.
  if (group.committee >= state.epochCtx.getCommitteeCountPerSlot(target)) return false;
  const members = state.epochCtx.getBeaconCommittee(group.slot, group.committee);
  return members.length === group.members.length && members.every((member, at) => member === group.members[at]);
}

/** What the proposer of this state's slot packs: votes that are ready and not yet included, some duplicates, in random cuts. */
export function packAggregates(
  state: CachedBeaconStateAllForks,
  groups: readonly VoteGroup[],
  included: ReadonlySet<string>,
  request: ChainRequest,
  random: Random,
): { attestations: Attestation[]; keys: string[] } {
  const parts: Part[] = [];
  for (const group of groups) {
    if (!isIncludable(state, group)) continue;
    const positions = group.voters
      .filter(({ readyAt }) => readyAt <= state.slot)
      .map(({ position }) => position)
      .filter((position) => !included.has(voteKey(group, position)) || random.has(request.shares.duplicates));
    if (positions.length > 0) parts.push(...cut({ group, positions }, request, random));
  }
  // Newest first, as proposers do, but not always: what does not fit waits.
  parts.sort((a, b) => b.group.slot - a.group.slot);
  if (random.has(0.1)) parts.reverse();
  const isElectra = state.config.getForkSeq(state.slot) >= ForkSeq.electra;
  const bundles = isElectra ? bundle(parts, random) : parts.map((part) => [part]);
  const taken = bundles.slice(0, isElectra ? MAX_ATTESTATIONS_ELECTRA : MAX_ATTESTATIONS);
  return {
    attestations: taken.map((bundled) => (isElectra ? electraAttestation(bundled) : attestation(bundled))),
    keys: taken.flat().flatMap(({ group, positions }) => positions.map((position) => voteKey(group, position))),
  };
}

/** One aggregate, or two that overlap. */
function cut(part: Part, request: ChainRequest, random: Random): Part[] {
  if (part.positions.length < 2 || !random.has(request.shares.duplicates)) return [part];
  const left = part.positions.filter(() => random.has(0.6));
  const right = part.positions.filter((position) => !left.includes(position) || random.has(0.3));
  return [left, right].filter(({ length }) => length > 0).map((positions) => ({ group: part.group, positions }));
}

/** Committees of one slot that voted alike, several in one Electra aggregate, in random company. */
function bundle(parts: readonly Part[], random: Random): Part[][] {
  const bundles: Part[][] = [];
  for (const part of parts) {
    const fits = bundles.find(
      (bundled) =>
        isSameVote(bundled[0] as Part, part) &&
        bundled.every(({ group }) => group.committee !== part.group.committee) &&
        !random.has(0.15),
    );
    if (fits) fits.push(part);
    else bundles.push([part]);
  }
  for (const bundled of bundles) bundled.sort((a, b) => a.group.committee - b.group.committee);
  return bundles;
}

function isSameVote(a: Part, b: Part): boolean {
  const plain = (part: Part) => ({ ...part.group.data, index: 0 });
  return ssz.phase0.AttestationData.equals(plain(a), plain(b));
}

const signature = new Uint8Array(96);

function bitsOf({ group, positions }: Part): boolean[] {
  return Array.from(group.members, (_, position) => positions.includes(position));
}

function attestation([part]: Part[]): Attestation {
  if (!part) throw new Error("make an attestation: no votes were given; this is a fault of the generator");
  return { aggregationBits: BitArray.fromBoolArray(bitsOf(part)), data: part.group.data, signature };
}

function electraAttestation(parts: Part[]): Attestation {
  const committees = parts.map(({ group }) => group.committee);
  const data = { ...(parts[0] as Part).group.data, index: 0 };
  const committeeBits = BitArray.fromBoolArray(
    Array.from({ length: MAX_COMMITTEES_PER_SLOT }, (_, committee) => committees.includes(committee)),
  );
  return { aggregationBits: BitArray.fromBoolArray(parts.flatMap(bitsOf)), data, signature, committeeBits };
}
