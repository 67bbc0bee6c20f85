import { AppError } from "../../lib/app-error.ts";
import type { EpochCommittees } from "../types.ts";
import type { DutySpec } from "./duty-spec.ts";

/** Far above any chain's registry: what bounds the memory that a wrong answer can take. */
const maxValidatorIndex = 2 ** 25;

const nowhere = -1;

/** Where each validator stands in an epoch's committees, and where each place sits. */
export interface CommitteeIndex {
  committeesPerSlot: number;
  placeOf(validatorIndex: number): number | undefined;
  seatOf(place: number): { slot: number; committee: number; position: number };
  /** Where the committee's places begin and end (excluded), by the slot's number within the epoch. */
  rangeOf(slotInEpoch: number, committee: number): { from: number; to: number };
}

/** @throws AppError `judge-committees-invalid` where the committees cannot be those of an epoch. */
export function indexCommittees(spec: DutySpec, committees: EpochCommittees): CommitteeIndex {
  const { members, offsets, committeesPerSlot, epoch } = committees;
  const refuse = (why: string): never => {
    throw new AppError(
      `judge epoch ${epoch}: the committees that the node gave ${why}; read them again, from another node if it repeats`,
      { code: "judge-committees-invalid", retryable: true },
    );
  };
  if (!Number.isInteger(committeesPerSlot) || committeesPerSlot < 1) refuse("have no committee per slot");
  if (offsets.length !== spec.slotsPerEpoch * committeesPerSlot + 1) refuse("do not fill the epoch");
  if (offsets[0] !== 0 || offsets.at(-1) !== members.length) refuse("do not add up");
  for (let i = 1; i < offsets.length; i += 1) if (offsets[i]! < offsets[i - 1]!) refuse("overlap");

  let highest = -1;
  for (const member of members) if (member > highest) highest = member;
  if (highest > maxValidatorIndex) refuse(`name validator ${highest}`);
  const places = new Int32Array(highest + 1).fill(nowhere);
  for (let place = 0; place < members.length; place += 1) {
    if (places[members[place]!] !== nowhere) refuse(`hold validator ${members[place]} twice`);
    places[members[place]!] = place;
  }

  return layOut(spec, { epoch, committeesPerSlot, offsets }, (validatorIndex) => {
    const place = places[validatorIndex];
    return place === undefined || place === nowhere ? undefined : place;
  });
}

/**
 * The same from one recorded place: committees are equal parts of the shuffling (`compute_committee` of consensus-specs),
 * so that their bounds follow from the number of members.
 */
export function indexRecordedSeat(
  spec: DutySpec,
  seat: { epoch: number; validatorIndex: number; place: number; committeesPerSlot: number; members: number },
): CommitteeIndex {
  const { epoch, committeesPerSlot, members } = seat;
  const count = spec.slotsPerEpoch * committeesPerSlot;
  const offsets = Uint32Array.from({ length: count + 1 }, (_, at) => Math.floor((members * at) / count));
  return layOut(spec, { epoch, committeesPerSlot, offsets }, (validatorIndex) =>
    validatorIndex === seat.validatorIndex ? seat.place : undefined,
  );
}

function layOut(
  spec: DutySpec,
  { epoch, committeesPerSlot, offsets }: Omit<EpochCommittees, "members">,
  placeOf: CommitteeIndex["placeOf"],
): CommitteeIndex {
  const committeeAt = (place: number): number => {
    let low = 0;
    let high = offsets.length - 1;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (offsets[middle]! <= place) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    committeesPerSlot,
    placeOf,
    seatOf: (place) => {
      const at = committeeAt(place);
      return {
        slot: epoch * spec.slotsPerEpoch + Math.floor(at / committeesPerSlot),
        committee: at % committeesPerSlot,
        position: place - offsets[at]!,
      };
    },
    rangeOf: (slotInEpoch, committee) => {
      const at = slotInEpoch * committeesPerSlot + committee;
      return { from: offsets[at]!, to: offsets[at + 1]! };
    },
  };
}

/** One run of bits of an attestation and the place of its first; committees side by side make one run. */
export interface BitRun {
  fromBit: number;
  toBit: number;
  place: number;
}

/**
 * Lays an attestation's bits over the committees of its slot.
 *
 * @throws AppError `judge-committee-mismatch` where they do not fit: then the committees are of another chain.
 */
export function runsOf(
  index: CommitteeIndex,
  committeesPerSlot: number,
  slotInEpoch: number,
  vote: { committees: readonly number[]; bits: Uint8Array; bitLength: number },
): BitRun[] {
  const runs: BitRun[] = [];
  let bit = 0;
  let last = -1;
  for (const committee of vote.committees) {
    if (!(committee > last) || committee >= committeesPerSlot) throw mismatch(slotInEpoch);
    const { from, to } = index.rangeOf(slotInEpoch, committee);
    const previous = runs.at(-1);
    const isNext = previous !== undefined && previous.place + previous.toBit - previous.fromBit === from;
    if (isNext) previous.toBit += to - from;
    else runs.push({ fromBit: bit, toBit: bit + to - from, place: from });
    bit += to - from;
    last = committee;
  }
  if (bit !== vote.bitLength || vote.bits.length * 8 < bit) throw mismatch(slotInEpoch);
  return runs;
}

function mismatch(slotInEpoch: number): AppError {
  return new AppError(
    `judge attestations of the epoch's slot ${slotInEpoch}: a block's bits do not fit the committees, so these are of another chain; read the committees again`,
    { code: "judge-committee-mismatch", retryable: true },
  );
}
