import { fieldNames, readAnswer, readFields, readItems, readUint, readUint32List } from "../../beacon/json-bytes.ts";
import type { DecodeResult } from "../../beacon/route.ts";
import { AppError } from "../../lib/app-error.ts";
import type { EpochCommittees } from "../types.ts";

/** Committees as they came: the members of entry `i` are `members[starts[i]]` up to `members[starts[i + 1]]`. */
export interface ScannedCommittees {
  indices: number[];
  slots: number[];
  starts: number[];
  members: Uint32Array;
}

/** No chain has more validators; it bounds the memory that finds a validator twice. */
const maxValidators = 2 ** 28;

const fields = fieldNames("index", "slot", "validators");

/**
 * Reads `GET states/{state_id}/committees` from its bytes: 10 MB at a million validators, straight into columns.
 * Throws AppError where the answer is none.
 */
export function scanCommittees(bytes: Buffer): DecodeResult<ScannedCommittees> {
  // The shortest number takes two bytes; pages that are not written cost nothing.
  const members = new Uint32Array(bytes.length >>> 1);
  return readAnswer(bytes, (cursor) => {
    const scanned: ScannedCommittees = { indices: [], slots: [], starts: [0], members };
    let end = 0;
    readItems(cursor, () => {
      const entry = [-1, -1, -1];
      readFields(cursor, fields, (field) => {
        if (field !== 2) return void (entry[field] = readUint(cursor));
        if (entry[2] !== -1) throw bad("a committee names its validators twice");
        end = entry[2] = readUint32List(cursor, members, end);
      });
      if (entry.includes(-1)) throw bad("a committee without index, slot or validators");
      scanned.indices.push(entry[0]!);
      scanned.slots.push(entry[1]!);
      scanned.starts.push(end);
    });
    return scanned;
  });
}

/** `swapped-in-epoch`: swapped, and slots count from 0 in every epoch. */
export type Orientation = "plain" | "swapped" | "swapped-in-epoch";

/**
 * Which way round an answer names slots and committees: Lodestar 1.5.1 swaps `index` and `slot`, and counts slots within the
 * epoch. `ambiguous` where both fit, which takes epoch 0 and as many committees in a slot as slots in an epoch.
 * `undefined`: none fits.
 */
export function orientationOf(
  scanned: ScannedCommittees,
  epoch: number,
  slotsPerEpoch: number,
): Orientation | "ambiguous" | undefined {
  const isPlain = isWhole(scanned.slots, scanned.indices, epoch, slotsPerEpoch);
  const isSwapped = isWhole(scanned.indices, scanned.slots, epoch, slotsPerEpoch);
  if (isPlain && isSwapped) return "ambiguous";
  if (isPlain) return "plain";
  if (isSwapped) return "swapped";
  return isWhole(scanned.indices, scanned.slots, 0, slotsPerEpoch) ? "swapped-in-epoch" : undefined;
}

/** Orders committees by slot, then index. Throws AppError where a validator sits in two places. */
export function orderCommittees(
  scanned: ScannedCommittees,
  orientation: Orientation,
  epoch: number,
  slotsPerEpoch: number,
): EpochCommittees {
  const { starts, members } = scanned;
  const [slots, indices] =
    orientation === "plain" ? [scanned.slots, scanned.indices] : [scanned.indices, scanned.slots];
  const firstSlot = orientation === "swapped-in-epoch" ? 0 : epoch * slotsPerEpoch;
  const committeesPerSlot = slots.length / slotsPerEpoch;
  const entryAt = new Int32Array(slots.length);
  for (let i = 0; i < slots.length; i++) entryAt[(slots[i]! - firstSlot) * committeesPerSlot + indices[i]!] = i;
  const ordered = new Uint32Array(starts.at(-1) ?? 0);
  const offsets = new Uint32Array(slots.length + 1);
  let end = 0;
  for (let place = 0; place < entryAt.length; place++) {
    const entry = entryAt[place]!;
    ordered.set(members.subarray(starts[entry], starts[entry + 1]), end);
    end += starts[entry + 1]! - starts[entry]!;
    offsets[place + 1] = end;
  }
  refuseTwice(ordered);
  return { epoch, committeesPerSlot, members: ordered, offsets };
}

/** True where every slot of the epoch has the same committees, 0 and up, each once. */
function isWhole(slots: readonly number[], indices: readonly number[], epoch: number, slotsPerEpoch: number): boolean {
  const perSlot = slots.length / slotsPerEpoch;
  if (!Number.isInteger(perSlot) || perSlot === 0) return false;
  const seen = new Uint8Array(slots.length);
  const firstSlot = epoch * slotsPerEpoch;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]! - firstSlot;
    const index = indices[i]!;
    if (slot < 0 || slot >= slotsPerEpoch || index >= perSlot) return false;
    const place = slot * perSlot + index;
    if (seen[place] !== 0) return false;
    seen[place] = 1;
  }
  return true;
}

function refuseTwice(members: Uint32Array): void {
  let highest = 0;
  for (const member of members) if (member > highest) highest = member;
  if (highest >= maxValidators) throw bad(`validator ${highest} cannot be`);
  const seen = new Uint8Array((highest >>> 3) + 1);
  for (const member of members) {
    const bit = 1 << (member & 7);
    if ((seen[member >>> 3]! & bit) !== 0) throw bad(`validator ${member} sits in two committees of one epoch`);
    seen[member >>> 3]! |= bit;
  }
}

function bad(problem: string): AppError {
  return new AppError(problem, { code: "answer-malformed" });
}
