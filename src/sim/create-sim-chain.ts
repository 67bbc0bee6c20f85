import { AppError } from "../lib/app-error.ts";
import { createStream, fromHex, hashParts, toHex } from "./hash.ts";
import { presets } from "./preset.ts";
import { blockHeader } from "../beacon/ssz/basic-types.ts";
import { createBlockTypes } from "../beacon/ssz/block-types.ts";
import { applyBlock, noEffects, type ApplyFacts, type BlockContent } from "./chain/apply-block.ts";
import { makeBody } from "./chain/body.ts";
import { createBranches, type Branch } from "./chain/branches.ts";
import { shuffleCommittees, type Committees } from "./chain/committees.ts";
import { endEpoch } from "./chain/epoch-transition.ts";
import { forkNameAt, scheduleForks } from "./chain/fork-schedule.ts";
import { forkRules } from "./chain/fork-rules.ts";
import { firstLedger } from "./chain/first-ledger.ts";
import type { Ledger } from "./chain/ledger.ts";
import { createLedgers } from "./chain/ledgers.ts";
import { firstLightState, type LightState } from "./chain/light-state.ts";
import { packAttestations } from "./chain/packing.ts";
import { makeSignature } from "./chain/signature.ts";
import { mainBranch, type BodyValue, type SimBlock, type SimChain, type SimChainOptions } from "./chain/types.ts";
import { createValidators } from "./chain/validators.ts";
import { createVoters } from "./chain/voters.ts";
import { voteInSlot } from "./chain/votes.ts";
import type { VoteGroup } from "./chain/voting.ts";

/** How many epochs' committees are kept; a million validators take 4 MB each. */
const keptCommittees = 8;

type Draft = Pick<SimBlock, "slot" | "branch" | "fork" | "parentRoot" | "units"> & {
  withdrawals: SimBlock["effects"]["withdrawals"];
};

/** Creates the chain. Blocks are made when they are first looked at, each from its parent. */
export function createSimChain(options: SimChainOptions): SimChain {
  const { seed, slotDurationMs, genesisTimeMs } = options;
  if (genesisTimeMs % 1000 !== 0) throw unevenGenesis(genesisTimeMs);
  const preset = presets[options.preset ?? "minimal"];
  const slotsPerEpoch = options.slotsPerEpoch ?? preset.slotsPerEpoch;
  const forks = scheduleForks(seed, options.forks ?? { fulu: 0 });
  const packing = { aggregates: 1, repeats: 0, ...options.packing };
  const { validators: count, validatorLife: life, startBalance } = options;
  const validators = createValidators({ seed, count, slotsPerEpoch, life, startBalance });
  const blockTypes = createBlockTypes(preset);
  const branches = createBranches(options);
  const firstEpoch = Math.floor((options.firstSlot ?? 0) / slotsPerEpoch);
  const firstSlot = firstEpoch * slotsPerEpoch;
  const byRoot = new Map<string, SimBlock>();
  const committeeCache = new Map<string, Committees>();
  const syncCommittees = new Map<number, readonly number[]>();
  const epochOf = (slot: number) => Math.floor(slot / slotsPerEpoch);
  const forkOf = (slot: number) => forkNameAt(forks, epochOf(slot));
  const anchor = makeAnchor();
  const ledgers = createLedgers({
    anchor: () => anchor,
    first: () => firstLedger({ options, validators, preset, anchor, slotsPerEpoch, fork: anchor.fork }),
    validators: count,
    epochOf,
    parentOf: (block) => byRoot.get(block.parentRoot),
    replay(ledger, block) {
      const parent = byRoot.get(block.parentRoot) ?? anchor;
      applyBlock(ledger, contentOf(block, parent), applyFacts(parent));
    },
    endEpoch: (ledger, last) =>
      endEpoch(ledger, {
        ...{ validators, preset, firstEpoch, fork: forkNameAt(forks, ledger.epoch) },
        boundaryRoot: (epoch) => ancestorAt(last, epoch * slotsPerEpoch).root,
      }),
  });
  const votersOf = createVoters({
    ...{ seed, slotsPerEpoch, slotDurationMs, firstSlot, epochOf, branches },
    ...{ headAt, visibleBranch, ancestorAt, stateAt, committees, blockByRoot: (root) => byRoot.get(root) },
  });

  function makeAnchor(): SimBlock {
    const fork = forkNameAt(forks, firstEpoch);
    const bodyRoot = toHex(blockTypes(fork).body.hashTreeRoot(blockTypes(fork).body.defaultValue()));
    const parentRoot = firstSlot === 0 ? `0x${"00".repeat(32)}` : toHex(hashParts(seed, "before", firstSlot));
    const stateRoot = toHex(hashParts(seed, "state", parentRoot, firstSlot));
    const header = { slot: firstSlot, proposerIndex: 0, parentRoot, stateRoot, bodyRoot };
    const root = headerRoot(header);
    const state = firstLightState({ epoch: firstEpoch, root });
    const nothing = { units: [], leftover: [], effects: noEffects, lateMs: undefined };
    return keep({ ...header, ...nothing, root, branch: mainBranch, fork, state });
  }

  function keep(block: SimBlock): SimBlock {
    byRoot.set(block.root, block);
    return block;
  }

  function stateAt(block: SimBlock, slot: number): LightState {
    return epochOf(slot) <= block.state.epoch ? block.state : ledgers.atEpoch(block, epochOf(slot)).light;
  }

  function ledgerAt(block: SimBlock, slot: number): Ledger {
    return ledgers.atEpoch(block, epochOf(slot));
  }

  /** Walks the branch's slots rather than parents: empty runs are short, ancestries are long. */
  function ancestorAt(block: SimBlock, slot: number): SimBlock {
    return slot >= block.slot ? block : headAt(slot, block.branch);
  }

  function headAt(slot: number, branch: string = mainBranch): SimBlock {
    for (let at = slot; at > firstSlot; at--) {
      const block = blockAt(at, branch);
      if (block) return block;
    }
    return anchor;
  }

  function blockAt(slot: number, branch: string = mainBranch): SimBlock | undefined {
    if (slot === firstSlot) return anchor;
    if (slot < firstSlot || !Number.isSafeInteger(slot)) return undefined;
    const owner = branches.ownerOf(slot, branch);
    const known = owner.blocks.get(slot);
    if (known !== undefined) return known ?? undefined;
    // Blocks are made from the oldest missing one on, so that a long chain needs no deep recursion.
    let from = slot;
    while (from > firstSlot + 1 && !branches.ownerOf(from - 1, branch).blocks.has(from - 1)) from--;
    for (let at = from; at <= slot; at++) {
      const maker = branches.ownerOf(at, branch);
      if (!maker.blocks.has(at)) maker.blocks.set(at, makeBlock(at, maker) ?? null);
    }
    return owner.blocks.get(slot) ?? undefined;
  }

  /** The slot's block, if its proposer makes one. */
  function makeBlock(slot: number, branch: Branch): SimBlock | undefined {
    if (branch.isMissed(slot)) return undefined;
    const parent = headAt(slot - 1, branch.name);
    const proposerIndex = proposerAt(parent, slot);
    // Who is slashed cannot propose (`process_block_header`).
    if ((validators.life(proposerIndex).slashed?.slot ?? Infinity) <= parent.slot) return undefined;
    const script = branch.script.proposal?.(proposerIndex, slot);
    if (script === "missed") return undefined;
    if (script === "orphaned" && branch.name === mainBranch) {
      branches.addReorg({ slot: slot + 1, depth: 1 });
      return undefined;
    }
    const fork = forkOf(slot);
    const { units, leftover } = pack(slot, parent, branch.name);
    const drafted = { slot, branch: branch.name, fork, proposerIndex, parentRoot: parent.root, units };
    const made = ledgers.extend(parent, epochOf(slot), (ledger) =>
      applyBlock(ledger, contentOf(drafted, parent), applyFacts(parent)),
    );
    const effects = made.value;
    const body = bodyOf({ ...drafted, withdrawals: effects.withdrawals }, parent);
    const bodyRoot = toHex(blockTypes(fork).body.hashTreeRoot(body));
    const stateRoot = toHex(hashParts(seed, "state", parent.root, slot, bodyRoot));
    const header = { ...drafted, stateRoot, bodyRoot };
    const root = headerRoot(header);
    const lateMs = typeof script === "object" ? script.lateMs : undefined;
    made.keep(root);
    return keep({ ...header, root, state: made.ledger.light, leftover, effects, lateMs });
  }

  /** What a proposer at this slot puts in, of the votes that became available since the parent. */
  function pack(slot: number, parent: SimBlock, branch: string) {
    const rules = forkRules(forkOf(slot));
    const light = stateAt(parent, slot);
    const isIncludable = ({ slot: voted, source, target, seenRoot }: VoteGroup) => {
      const isInWindow = rules.hasWideInclusion ? target.epoch >= light.epoch - 1 : voted + slotsPerEpoch >= slot;
      const wanted = target.epoch === light.epoch ? light.justified : light.previousJustified;
      const seen = byRoot.get(seenRoot) ?? anchor;
      return (
        isInWindow &&
        source.epoch === wanted.epoch &&
        source.root === wanted.root &&
        rootBefore(seen, target.epoch - 1) === rootBefore(parent, target.epoch - 1)
      );
    };
    const oldest = Math.max(
      firstSlot,
      rules.hasWideInclusion ? (light.epoch - 1) * slotsPerEpoch : slot - slotsPerEpoch,
    );
    const groups: VoteGroup[] = [];
    for (let voted = slot - 1; voted >= oldest; voted--) {
      const isScripted = branches.named(branches.ownerOf(voted, branch).votesAs).script.attestation !== undefined;
      // Votes that nobody delays are all in the first block after their slot.
      if (voted < parent.slot && !isScripted) continue;
      const fresh = ({ fromSlot }: VoteGroup) => fromSlot > parent.slot && fromSlot <= slot;
      groups.push(...votersOf(voted, branch).filter(fresh));
    }
    return packAttestations({
      ...{ groups, leftover: parent.leftover, before: parent.units, packing, isIncludable },
      hasCommitteeBits: rules.hasCommitteeBits,
      limit: rules.maxAttestations,
    });
  }

  function applyFacts(parent: SimBlock): ApplyFacts {
    return {
      ...{ validators, preset, slotsPerEpoch, packing },
      slotMembers({ group }) {
        const set = committees(byRoot.get(group.seenRoot) ?? anchor, group.target.epoch);
        return set.slotMembers(group.slot % slotsPerEpoch);
      },
      rootAt: (slot) => ancestorAt(parent, slot).root,
    };
  }

  function contentOf(
    block: Pick<SimBlock, "slot" | "fork" | "branch" | "proposerIndex" | "units">,
    parent: SimBlock,
  ): BlockContent {
    const { slot, fork, proposerIndex, units } = block;
    const operations = validators.operationsIn(parent.slot, slot);
    return {
      slot,
      fork,
      proposerIndex,
      units,
      operations,
      syncCommittee: syncCommittee(epochOf(slot)),
      syncBits: syncBits(block),
    };
  }

  function syncBits({ slot, branch: name }: Pick<SimBlock, "slot" | "branch">): readonly boolean[] {
    const branch = branches.named(name);
    const share = branch.participation(epochOf(slot));
    const { bits } = voteInSlot(seed, `${name}/sync`, slot, preset.syncCommitteeSize, share);
    const misses = branch.script.missesSync;
    if (!misses) return bits;
    const seats = syncCommittee(epochOf(slot));
    return bits.map((bit, seat) => bit && !misses(seats[seat] ?? 0, slot));
  }

  function bodyOf(draft: Draft, parent: SimBlock): BodyValue {
    const { slot, branch, fork } = draft;
    return makeBody(blockTypes(fork), {
      ...{ seed, fork, slot, slotsPerEpoch, parentRoot: parent.root, withdrawals: draft.withdrawals },
      timestamp: Math.floor((genesisTimeMs + slot * slotDurationMs) / 1000),
      graffiti: `sim ${branch}`,
      feeRecipient: hashParts(seed, "fee", slot).subarray(0, 20),
      syncBits: syncBits(draft),
      attestations: {
        ...{ units: draft.units, packing, maxCommitteesPerSlot: preset.maxCommitteesPerSlot },
      },
      operations: validators.operationsIn(parent.slot, slot),
      payloadBytes: options.payloadBytes ?? 0,
    });
  }

  /** Looking at a slot makes its block, and tells whether a script orphans it. */
  function visibleBranch(slot: number, branch: string = mainBranch): string {
    for (let at = slot; branch === mainBranch && at > firstSlot; at--) {
      if (blockAt(at)) break;
      const left = branches.leftBehindAt(at).at(-1);
      if (left !== undefined) return left;
    }
    return branch;
  }

  function rootBefore(head: SimBlock, epoch: number): string {
    return ancestorAt(head, Math.max(firstSlot, epoch * slotsPerEpoch - 1)).root;
  }

  function committees(head: SimBlock, epoch: number): Committees {
    const key = `${epoch}/${rootBefore(head, epoch - 1)}`;
    const known = committeeCache.get(key);
    if (known) return known;
    const decidedBy = hashParts(seed, "committees", key);
    const made = shuffleCommittees(validators.activeIndices(epoch), decidedBy, slotsPerEpoch, preset);
    if (committeeCache.size >= keptCommittees) committeeCache.delete(committeeCache.keys().next().value ?? key);
    committeeCache.set(key, made);
    return made;
  }

  function proposerAt(head: SimBlock, slot: number): number {
    const epoch = epochOf(slot);
    // From Fulu on the proposers of an epoch are fixed one epoch earlier (EIP-7917).
    const lookAhead = forkRules(forkNameAt(forks, epoch)).hasProposerLookahead ? 1 : 0;
    const active = validators.activeIndices(epoch);
    const next = createStream(hashParts(seed, "proposer", rootBefore(head, epoch - lookAhead), slot));
    return active[next() % Math.max(1, active.length)] ?? 0;
  }

  function syncCommittee(epoch: number): readonly number[] {
    const period = Math.floor(epoch / preset.epochsPerSyncCommitteePeriod);
    const known = syncCommittees.get(period);
    if (known) return known;
    const active = validators.activeIndices(period * preset.epochsPerSyncCommitteePeriod);
    const next = createStream(hashParts(seed, "sync committee", period));
    const seats = Array.from(
      { length: preset.syncCommitteeSize },
      () => active[next() % Math.max(1, active.length)] ?? 0,
    );
    syncCommittees.set(period, seats);
    return seats;
  }

  function signedBlock(block: SimBlock) {
    const parent = block === anchor ? undefined : byRoot.get(block.parentRoot);
    const body = parent
      ? bodyOf({ ...block, withdrawals: block.effects.withdrawals }, parent)
      : (blockTypes(block.fork).body.defaultValue() as BodyValue);
    const { slot, proposerIndex } = block;
    const roots = { parentRoot: fromHex(block.parentRoot), stateRoot: fromHex(block.stateRoot) };
    return { message: { slot, proposerIndex, ...roots, body }, signature: makeSignature(seed, "block", block.root) };
  }

  function settlementOf(head: SimBlock, epoch: number, slot: number) {
    const lastSlot = (epoch + 2) * slotsPerEpoch - 1;
    if (epoch < firstEpoch || slot < lastSlot) return undefined;
    return ledgers.settlement(ancestorAt(head, lastSlot), epoch);
  }

  function requireFuture(slot: number): void {
    if (branches.isSeen(slot)) throw tooLate(slot);
  }

  return {
    ...{ seed, preset: preset.name, slotsPerEpoch, slotDurationMs, genesisTimeMs, firstSlot, forks, validators },
    epochsPerSyncCommitteePeriod: preset.epochsPerSyncCommitteePeriod,
    genesisValidatorsRoot: toHex(hashParts(seed, "genesis validators")),
    slotAt: (nowMs) => Math.floor((nowMs - genesisTimeMs) / slotDurationMs),
    startOfSlot: (slot) => genesisTimeMs + slot * slotDurationMs,
    epochOf,
    ...{ blockAt, headAt, ancestorAt, visibleBranch, stateAt, ledgerAt, settlementOf, committees, proposerAt },
    blockByRoot: (root) => byRoot.get(root.toLowerCase()),
    leftBehindAt: (slot) => branches.leftBehindAt(slot).flatMap((name) => blockAt(slot, name) ?? []),
    participation(epoch, branch = mainBranch) {
      const last = headAt((epoch + 2) * slotsPerEpoch - 1, branch);
      return ledgers.settlement(last, epoch).flags.map((flags) => flags & 7);
    },
    checkpointBlock: ({ root }) => byRoot.get(root),
    ...{ syncCommittee, syncBits, signedBlock },
    dependentRoot: (head, epoch, duty) => rootBefore(head, duty === "attester" ? epoch - 1 : epoch),
    hasBranch: branches.has,
    addBranch: (branch) => branches.add(branch),
    addReorg(reorg) {
      requireFuture(reorg.slot - reorg.depth);
      branches.addReorg(reorg);
    },
    missSlot(slot) {
      requireFuture(slot);
      branches.miss(slot);
    },
  };
}

function headerRoot(
  header: Pick<SimBlock, "slot" | "proposerIndex" | "parentRoot" | "stateRoot" | "bodyRoot">,
): string {
  return toHex(
    blockHeader.hashTreeRoot({
      ...header,
      parentRoot: fromHex(header.parentRoot),
      stateRoot: fromHex(header.stateRoot),
      bodyRoot: fromHex(header.bodyRoot),
    }),
  );
}

function tooLate(slot: number): AppError {
  return new AppError(`Change slot ${slot} of the simulated chain: it was looked at already. Choose a later slot.`, {
    code: "sim-slot-fixed",
  });
}

/** The Beacon API tells genesis in whole seconds. */
function unevenGenesis(genesisTimeMs: number): AppError {
  return new AppError(`Create a simulated chain: genesis at ${genesisTimeMs} ms is no whole second. Round it.`, {
    code: "sim-genesis-uneven",
  });
}
