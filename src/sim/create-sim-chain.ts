import { AppError } from "../lib/app-error.ts";
import { createStream, fromHex, hashParts, toHex } from "./hash.ts";
import { presets } from "./preset.ts";
import { blockHeader } from "../beacon/ssz/basic-types.ts";
import { createBlockTypes } from "../beacon/ssz/block-types.ts";
import { makeBody, makeSignature, type AttestationFacts } from "./chain/body.ts";
import { createBranches } from "./chain/branches.ts";
import { committeeSizes, committeesPerSlot, shuffleCommittees, type Committees } from "./chain/committees.ts";
import { forkNameAt, scheduleForks } from "./chain/fork-schedule.ts";
import { advanceTo, firstLightState, type EpochFacts, type LightState } from "./chain/light-state.ts";
import { mainBranch, type BodyValue, type SimBlock, type SimChain, type SimChainOptions } from "./chain/types.ts";
import { createValidators } from "./chain/validators.ts";
import { voteInSlot } from "./chain/votes.ts";

/** How many epochs' committees are kept; a million validators take 4 MB each. */
const keptCommittees = 6;

/** Creates the chain. Blocks are made when they are first looked at, each from its parent. */
export function createSimChain(options: SimChainOptions): SimChain {
  const { seed, slotDurationMs, genesisTimeMs } = options;
  if (genesisTimeMs % 1000 !== 0) throw unevenGenesis(genesisTimeMs);
  const preset = presets[options.preset ?? "minimal"];
  const slotsPerEpoch = options.slotsPerEpoch ?? preset.slotsPerEpoch;
  const forks = scheduleForks(seed, options.forks ?? { fulu: 0 });
  const validators = createValidators(seed, options.validators, options.validatorLife);
  const blockTypes = createBlockTypes(preset);
  const branches = createBranches(options);
  const firstEpoch = Math.floor((options.firstSlot ?? 0) / slotsPerEpoch);
  const firstSlot = firstEpoch * slotsPerEpoch;
  const byRoot = new Map<string, SimBlock>();
  const committeeCache = new Map<string, Committees>();
  const epochOf = (slot: number) => Math.floor(slot / slotsPerEpoch);
  const anchor = makeAnchor();

  function makeAnchor(): SimBlock {
    const fork = forkNameAt(forks, firstEpoch);
    const bodyRoot = toHex(blockTypes(fork).body.hashTreeRoot(blockTypes(fork).body.defaultValue()));
    const parentRoot = firstSlot === 0 ? `0x${"00".repeat(32)}` : toHex(hashParts(seed, "before", firstSlot));
    const stateRoot = toHex(hashParts(seed, "state", parentRoot, firstSlot));
    const header = { slot: firstSlot, proposerIndex: 0, parentRoot, stateRoot, bodyRoot };
    const root = headerRoot(header);
    return keep({ ...header, root, branch: mainBranch, fork, state: firstLightState({ epoch: firstEpoch, root }) });
  }

  function keep(block: SimBlock): SimBlock {
    byRoot.set(block.root, block);
    return block;
  }

  /** What epoch processing needs to know of the chain that ends in `head`. */
  function epochFacts(head: SimBlock): EpochFacts {
    return {
      firstEpoch,
      activeAt: validators.activeCount,
      boundaryRoot: (epoch) => ancestorAt(head, epoch * slotsPerEpoch).root,
    };
  }

  function stateAt(block: SimBlock, slot: number): LightState {
    return advanceTo(block.state, epochOf(slot), epochFacts(block));
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
      if (!maker.blocks.has(at)) maker.blocks.set(at, maker.isMissed(at) ? null : makeBlock(at, maker.name));
    }
    return owner.blocks.get(slot) ?? undefined;
  }

  function makeBlock(slot: number, branch: string): SimBlock {
    const parent = headAt(slot - 1, branch);
    const epoch = epochOf(slot);
    const fork = forkNameAt(forks, epoch);
    const before = stateAt(parent, slot);
    const attestations = attestationsFor(slot, parent, branch);
    const bodyRoot = toHex(blockTypes(fork).body.hashTreeRoot(bodyOf(slot, branch, parent, attestations)));
    const stateRoot = toHex(hashParts(seed, "state", parent.root, slot, bodyRoot));
    const header = { slot, proposerIndex: proposerAt(parent, slot), parentRoot: parent.root, stateRoot, bodyRoot };
    const count = (of: number) =>
      attestations.reduce((sum, { target, votes }) => sum + (target.epoch === of ? votes.count : 0), 0);
    const state = {
      ...before,
      previousTargetVotes: before.previousTargetVotes + count(epoch - 1),
      currentTargetVotes: before.currentTargetVotes + count(epoch),
    };
    return keep({ ...header, root: headerRoot(header), branch, fork, state });
  }

  function bodyOf(
    slot: number,
    branch: string,
    parent: SimBlock,
    attestations: readonly AttestationFacts[],
  ): BodyValue {
    const fork = forkNameAt(forks, epochOf(slot));
    const share = branches.participation(branch, epochOf(slot));
    return makeBody(blockTypes(fork), {
      seed,
      fork,
      slot,
      slotsPerEpoch,
      timestamp: Math.floor((genesisTimeMs + slot * slotDurationMs) / 1000),
      parentRoot: parent.root,
      graffiti: `sim ${branch}`,
      feeRecipient: hashParts(seed, "fee", slot).subarray(0, 20),
      syncBits: voteInSlot(seed, `${branch}/sync`, slot, preset.syncCommitteeSize, share).bits,
      attestations,
    });
  }

  /** Votes of the slots since the parent that the block may still include, newest first. */
  function attestationsFor(slot: number, parent: SimBlock, branch: string): AttestationFacts[] {
    const earliest = Math.max(parent.slot, (epochOf(slot) - 1) * slotsPerEpoch, firstSlot);
    const found: AttestationFacts[] = [];
    for (let voted = slot - 1; voted >= earliest && found.length < 8; voted--) {
      const epoch = epochOf(voted);
      const active = validators.activeCount(epoch);
      const perSlot = committeesPerSlot(active, slotsPerEpoch, preset);
      const sizes = committeeSizes(active, perSlot, slotsPerEpoch, voted % slotsPerEpoch);
      const positions = sizes.reduce((sum, size) => sum + size, 0);
      found.push({
        slot: voted,
        headRoot: parent.root,
        source: stateAt(parent, voted).justified,
        target: { epoch, root: ancestorAt(parent, epoch * slotsPerEpoch).root },
        votes: voteInSlot(seed, branch, voted, positions, branches.participation(branch, epoch)),
        active,
        committeesPerSlot: perSlot,
      });
    }
    return found;
  }

  function rootBefore(head: SimBlock, epoch: number): string {
    return ancestorAt(head, Math.max(firstSlot, epoch * slotsPerEpoch - 1)).root;
  }

  function proposerAt(head: SimBlock, slot: number): number {
    const epoch = epochOf(slot);
    // From Fulu on the proposers of an epoch are fixed one epoch earlier (EIP-7917).
    const lookAhead = isAtLeastFulu(epoch) ? 1 : 0;
    const active = validators.activeIndices(epoch);
    const next = createStream(hashParts(seed, "proposer", rootBefore(head, epoch - lookAhead), slot));
    return active[next() % Math.max(1, active.length)] ?? 0;
  }

  function isAtLeastFulu(epoch: number): boolean {
    return ["fulu", "gloas"].includes(forkNameAt(forks, epoch));
  }

  function signedBlock(block: SimBlock) {
    const parent = byRoot.get(block.parentRoot);
    const body = parent
      ? bodyOf(block.slot, block.branch, parent, attestationsFor(block.slot, parent, block.branch))
      : (blockTypes(block.fork).body.defaultValue() as BodyValue);
    const { slot, proposerIndex } = block;
    const message = {
      slot,
      proposerIndex,
      parentRoot: fromHex(block.parentRoot),
      stateRoot: fromHex(block.stateRoot),
      body,
    };
    return { message, signature: makeSignature(seed, "block", block.root) };
  }

  function requireFuture(slot: number): void {
    if (branches.isSeen(slot)) throw tooLate(slot);
  }

  return {
    seed,
    preset: preset.name,
    slotsPerEpoch,
    slotDurationMs,
    epochsPerSyncCommitteePeriod: preset.epochsPerSyncCommitteePeriod,
    genesisTimeMs,
    genesisValidatorsRoot: toHex(hashParts(seed, "genesis validators")),
    firstSlot,
    forks,
    validators,
    slotAt: (nowMs) => Math.floor((nowMs - genesisTimeMs) / slotDurationMs),
    startOfSlot: (slot) => genesisTimeMs + slot * slotDurationMs,
    epochOf,
    blockAt,
    headAt,
    blockByRoot: (root) => byRoot.get(root.toLowerCase()),
    ancestorAt,
    visibleBranch: branches.visibleBranch,
    stateAt,
    checkpointBlock: ({ root }) => byRoot.get(root),
    committees(head, epoch) {
      const decidedBy = rootBefore(head, epoch - 1);
      const key = `${epoch}/${decidedBy}`;
      const known = committeeCache.get(key);
      if (known) return known;
      const made = shuffleCommittees(
        validators.activeIndices(epoch),
        hashParts(seed, "committees", key),
        slotsPerEpoch,
        preset,
      );
      if (committeeCache.size >= keptCommittees) committeeCache.delete(committeeCache.keys().next().value ?? key);
      committeeCache.set(key, made);
      return made;
    },
    proposerAt,
    syncCommittee(epoch) {
      const period = Math.floor(epoch / preset.epochsPerSyncCommitteePeriod);
      const active = validators.activeIndices(period * preset.epochsPerSyncCommitteePeriod);
      const next = createStream(hashParts(seed, "sync committee", period));
      return Array.from({ length: preset.syncCommitteeSize }, () => active[next() % Math.max(1, active.length)] ?? 0);
    },
    dependentRoot: (head, epoch, duty) => rootBefore(head, duty === "attester" ? epoch - 1 : epoch),
    signedBlock,
    hasBranch: branches.has,
    addBranch: branches.add,
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
