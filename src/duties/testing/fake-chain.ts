import type { CallFailure, CallResult } from "../../beacon/call-result.ts";
import type { BlockRef } from "../../chain/types.ts";
import { dutySpecOf, type DutySpec } from "../judge/duty-spec.ts";
import type { DutySource } from "../ports.ts";
import type { BlockFacts, EpochCommittees, ValidatorRecord } from "../types.ts";

/** A small chain in memory, and a node that tells it: 8 slots an epoch, one committee of 4 in each slot. */
export interface FakeChain {
  readonly spec: DutySpec;
  readonly genesisRoot: string;
  /** Makes the block of a slot on top of a parent (default: the head) and makes it the head. */
  add(slot: number, options?: { parent?: string; tag?: string; absent?: readonly number[] }): BlockFacts;
  /** Blocks for all slots from the head's next to `toSlot`, but for the empty ones. */
  grow(toSlot: number, options?: { empty?: readonly number[]; absent?: readonly number[]; tag?: string }): void;
  head: BlockRef;
  finalizedEpoch: number;
  /** What the node answers to calls of this name instead. */
  readonly broken: Map<string, CallFailure>;
  readonly source: DutySource;
  readonly calls: string[];
}

export const fakeValidators = 32;
const slotsPerEpoch = 8;

/** Deterministic: the same calls give the same roots. */
export function createFakeChain(): FakeChain {
  const spec = dutySpecOf({
    ...{
      SLOTS_PER_EPOCH: "8",
      SECONDS_PER_SLOT: "12",
      EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "8",
      SYNC_COMMITTEE_SIZE: "4",
    },
    ...{ GENESIS_FORK_VERSION: "0x00000000", ALTAIR_FORK_VERSION: "0x01000000", ALTAIR_FORK_EPOCH: "0" },
    ...{ BELLATRIX_FORK_VERSION: "0x02000000", BELLATRIX_FORK_EPOCH: "0" },
    ...{ CAPELLA_FORK_VERSION: "0x03000000", CAPELLA_FORK_EPOCH: "0" },
  });
  const genesisRoot = rootOf("genesis");
  const blocks = new Map<string, BlockFacts>();
  const broken = new Map<string, CallFailure>();
  const calls: string[] = [];
  const genesis = blockOf(0, `0x${"00".repeat(32)}`, genesisRoot, []);
  blocks.set(genesisRoot, genesis);

  function ancestorAt(from: string, slot: number): BlockFacts {
    let block = blocks.get(from) ?? genesis;
    while (block.slot > slot) block = blocks.get(block.parentRoot) ?? genesis;
    return block;
  }

  const chain: FakeChain = {
    ...{ spec, genesisRoot, head: { slot: 0, root: genesisRoot }, finalizedEpoch: 0, broken, calls },
    add(slot, { parent = chain.head.root, tag = "main", absent = [] } = {}) {
      const attestations = [];
      for (let voted = slot - 1; voted >= Math.max(0, slot - slotsPerEpoch); voted--) {
        // What an earlier block could hold is in there already.
        if (voted < slot - 1 && (blocks.get(parent)?.slot ?? 0) > voted) break;
        const members = committeeAt(voted);
        const bits = members.reduce((sum, index, at) => sum | (absent.includes(index) ? 0 : 1 << at), 0);
        const epoch = Math.floor(voted / slotsPerEpoch);
        attestations.push({
          ...{ slot: voted, dataIndex: 0, committees: [0], bits: Uint8Array.of(bits), bitLength: members.length },
          headRoot: ancestorAt(parent, voted).root,
          source: { epoch: Math.max(0, epoch - 1), root: genesisRoot },
          target: { epoch, root: ancestorAt(parent, epoch * slotsPerEpoch).root },
        });
      }
      const block = blockOf(slot, parent, rootOf(`${parent}/${slot}/${tag}/${absent.join()}`), attestations);
      blocks.set(block.root, block);
      chain.head = { slot, root: block.root };
      return block;
    },
    grow(toSlot, { empty = [], ...options } = {}) {
      for (let slot = chain.head.slot + 1; slot <= toSlot; slot++) if (!empty.includes(slot)) chain.add(slot, options);
    },
    source: {
      cost: { requests: 0, bytesReceived: 0, bytesSent: 0 },
      head: async () => answer("head", () => chain.head),
      block: async (root) => answer("block", () => blocks.get(root)),
      rootsAt: async (slot) =>
        answer("rootsAt", () =>
          [...blocks.values()]
            .filter((block) => block.slot === slot)
            .map(({ root }) => ({ root, isCanonical: ancestorAt(chain.head.root, slot).root === root })),
        ),
      finality: async () =>
        answer("finality", () => {
          const checkpoint = { epoch: chain.finalizedEpoch, root: genesisRoot };
          return { previousJustified: checkpoint, justified: checkpoint, finalized: checkpoint };
        }),
      committees: async (epoch) => answer(`committees ${epoch}`, () => committeesOf(epoch)),
      proposers: async (epoch) =>
        answer("proposers", () => ({
          dependentRoot: undefined,
          indices: Array.from({ length: slotsPerEpoch }, (_, at) => proposerAt(epoch * slotsPerEpoch + at)),
        })),
      syncCommittee: async () => answer("syncCommittee", () => Uint32Array.of(0, 1, 2, 3)),
      validators: async (_state, ids, { withoutStatus }) =>
        answer("validators", () => {
          const wanted = ids ?? Array.from({ length: fakeValidators }, (_, index) => String(index));
          return withoutStatus === "active_ongoing" ? [] : wanted.map((id) => recordOf(indexOf(id)));
        }),
      balances: async (_state, indices) => answer("balances", () => Float64Array.from(indices, () => 32_000_000_000)),
      attestationRewards: async () => refuse(404, "no rewards here"),
      syncRewards: async () => refuse(404, "no rewards here"),
      blockReward: async () => refuse(404, "no rewards here"),
    },
  };

  async function answer<T>(name: string, value: () => T): Promise<CallResult<T>> {
    calls.push(name);
    const failure = broken.get(name) ?? broken.get(name.split(" ")[0] ?? "");
    return failure ? { ok: false, failure, latencyMs: 0 } : { ok: true, value: value(), status: 200, latencyMs: 0 };
  }
  return chain;
}

export function proposerAt(slot: number): number {
  return (slot * 5 + 1) % fakeValidators;
}

/** Whose duty a slot is. */
export function committeeAt(slot: number): readonly number[] {
  const epoch = Math.floor(slot / slotsPerEpoch);
  return [0, 1, 2, 3].map((at) => ((slot % slotsPerEpoch) * 4 + at + epoch * 3) % fakeValidators);
}

function committeesOf(epoch: number): EpochCommittees {
  const members = Array.from({ length: slotsPerEpoch }, (_, at) => committeeAt(epoch * slotsPerEpoch + at)).flat();
  return {
    ...{ epoch, committeesPerSlot: 1, members: Uint32Array.from(members) },
    offsets: Uint32Array.from({ length: slotsPerEpoch + 1 }, (_, at) => at * 4),
  };
}

export function pubkeyOf(index: number): string {
  return `0x${index.toString(16).padStart(96, "0")}`;
}

function indexOf(id: string): number {
  return id.startsWith("0x") ? Number(id) : Number(id);
}

function recordOf(index: number): ValidatorRecord {
  return {
    ...{ index, pubkey: pubkeyOf(index), status: "active_ongoing", balance: 32_000_000_000, slashed: false },
    ...{ effectiveBalance: 32_000_000_000, activationEpoch: 0, exitEpoch: undefined, credentialType: 1 },
  };
}

function blockOf(slot: number, parentRoot: string, root: string, attestations: BlockFacts["attestations"]): BlockFacts {
  return {
    ...{ root, slot, parentRoot, stateRoot: root, proposerIndex: proposerAt(slot), fork: "capella", graffiti: "" },
    ...{ attestations, syncBits: Uint8Array.of(15), proposerSlashed: [], attesterSlashed: [], exits: [] },
    payload: undefined,
  };
}

function refuse(status: number, message: string): { ok: false; failure: CallFailure; latencyMs: number } {
  return { ok: false, failure: { kind: "status", status, message }, latencyMs: 0 };
}

/** A short text made into 32 bytes of hex, the same each time (FNV-1a over four seeds). */
function rootOf(text: string): string {
  let hex = "";
  for (let part = 0; part < 8; part++) {
    let hash = 0x811c9dc5 ^ (part * 0x9e3779b1);
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hex += (hash >>> 0).toString(16).padStart(8, "0");
  }
  return `0x${hex}`;
}
