import { emptyBits, hasAnyBit, hasBit, setBit } from "./bits.ts";
import type { Packing } from "./duty-script.ts";
import type { VoteGroup } from "./voting.ts";

/** One attestation of a block: a part of a group's votes, of one committee before Electra, else of all. */
export interface AttestationUnit {
  group: VoteGroup;
  part: number;
  committee: number | undefined;
}

/** Fewer votes than this per aggregate are not split. */
const votesWorthSplitting = 4;

export interface PackingFacts {
  /** What became available since the parent, newest votes first. */
  groups: readonly VoteGroup[];
  /** What had no room in the parent. */
  leftover: readonly AttestationUnit[];
  /** What the parent held. */
  before: readonly AttestationUnit[];
  hasCommitteeBits: boolean;
  limit: number;
  packing: Packing;
  /** May a block hold votes of this group? */
  isIncludable: (group: VoteGroup) => boolean;
}

/** Fills a block as a proposer does: what is new first, then what waited, then what is heard again. */
export function packAttestations(facts: PackingFacts): { units: AttestationUnit[]; leftover: AttestationUnit[] } {
  const { groups, leftover, before, limit, packing, isIncludable } = facts;
  const fresh = groups.filter(isIncludable).flatMap((group) => unitsOf(group, facts));
  const wanted = [...fresh, ...leftover.filter(({ group }) => isIncludable(group))];
  const units = wanted.slice(0, limit);
  const again = before.filter(({ group }) => isIncludable(group)).slice(0, packing.repeats);
  units.push(...again.slice(0, Math.max(0, limit - units.length)));
  return { units, leftover: wanted.slice(limit) };
}

function unitsOf(group: VoteGroup, { hasCommitteeBits, packing }: PackingFacts): AttestationUnit[] {
  const units: AttestationUnit[] = [];
  // The first part of every committee comes before the second of any: it holds more that is new.
  for (let part = 0; part < partsOf(group, packing); part++) {
    const whole = { group, part, committee: undefined };
    const bits = unitBits(whole, packing);
    if (hasCommitteeBits) {
      if (hasAnyBit(bits, 0, group.positions)) units.push(whole);
      continue;
    }
    for (let committee = 0; committee < group.committeesPerSlot; committee++) {
      if (hasAnyBit(bits, group.starts[committee] ?? 0, group.starts[committee + 1] ?? 0)) {
        units.push({ group, part, committee });
      }
    }
  }
  return units;
}

function partsOf(group: VoteGroup, { aggregates }: Packing): number {
  return group.count < aggregates * votesWorthSplitting ? 1 : Math.max(1, aggregates);
}

/** The votes of a unit's part: each voter is in one part for certain, and in each other one half of the times. */
export function unitBits({ group, part }: AttestationUnit, packing: Packing): Uint8Array {
  const parts = partsOf(group, packing);
  if (parts === 1) return group.bits;
  const bits = emptyBits(group.positions);
  for (let position = 0; position < group.positions; position++) {
    if (!hasBit(group.bits, position)) continue;
    const mixed = mix(position + group.slot * 65_536);
    if (mixed % parts === part || (mixed >>> (8 + part)) & 1) setBit(bits, position);
  }
  return bits;
}

/** A 32-bit finalizer (murmur3's). */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
