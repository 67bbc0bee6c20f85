import { createBeaconConfig, chainConfigToJson, type BeaconConfig } from "@lodestar/config";
import { ACTIVE_PRESET, SLOTS_PER_EPOCH, activePreset, presetToJson } from "@lodestar/params";
import { processSlots, type CachedBeaconStateAllForks } from "@lodestar/state-transition";
import { ssz, type SignedBeaconBlock } from "@lodestar/types";
import { packAggregates } from "./aggregates.ts";
import { buildBlock } from "./build-block.ts";
import type { ChainRequest, ChainTruth, OracleBlock, OracleFork } from "./chain-truth.ts";
import { chainConfigOf } from "./chain-config.ts";
import { createGenesis } from "./genesis.ts";
import { createRandom, type Random } from "./random.ts";
import { readEpochTruth } from "./read-truth.ts";
import { castVotes, type VoteGroup } from "./votes.ts";

/** A block of the tree and the state after it. Genesis has no block. */
export interface ChainNode {
  slot: number;
  root: Uint8Array;
  parent: ChainNode | undefined;
  state: CachedBeaconStateAllForks;
  signed: SignedBeaconBlock | undefined;
  /** Votes that this block includes. */
  keys: readonly string[];
}

const toHex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;

/** Builds the chain of one request, slot by slot, and reads the truth of every epoch that it decides. */
export function buildChain(request: ChainRequest): ChainTruth {
  const random = createRandom(request.seed);
  const config = chainConfigOf(request);
  const genesisState = createGenesis(config, request, random);
  const genesis = genesisNode(genesisState);
  const nodes: ChainNode[] = [genesis];
  let head = genesis;
  let groups: VoteGroup[] = [];
  let votesCast = 0;
  const lastSlot = request.epochs * SLOTS_PER_EPOCH - 1;

  for (let slot = 1; slot <= lastSlot; slot++) {
    const headBefore = head;
    const parent = random.has(request.shares.reorgs) ? ancestorAt(head, reorgDepth(random)) : head;
    const node = random.has(request.shares.emptySlots) ? undefined : propose(parent, slot, groups, request, random);
    if (node) nodes.push(node);
    const isOrphaned = node !== undefined && random.has(request.shares.orphans);
    if (node && !isOrphaned) head = node;
    // Attesters of a late block's slot saw the head before it; those of an orphaned one may have voted for it.
    const seen = isOrphaned && random.has(0.5) ? node : random.has(0.05) ? headBefore : head;
    const state = seen.slot === slot ? seen.state : processSlots(seen.state, slot);
    const cast = castVotes(
      {
        slot,
        state,
        headRoot: seen.root,
        targetRoot: rootAtStart(seen, Math.floor(slot / SLOTS_PER_EPOCH)),
        otherRoots: nodes.slice(-4).map(({ root }) => root),
      },
      request,
      random,
      votesCast,
    );
    votesCast += cast.length;
    groups = [...groups.filter((group) => group.slot > slot - 2 * SLOTS_PER_EPOCH), ...cast];
  }
  return toTruth(request, genesis, nodes, head);
}

/** Mostly shallow, up to an epoch: with deep ones only, long epochs would hardly have a canonical block left. */
function reorgDepth(random: Random): number {
  return 1 + Math.floor(random.next() ** 4 * (SLOTS_PER_EPOCH - 1));
}

/** A block on `parent` at `slot`, or none where its proposer may not: a slashed one is refused. */
function propose(
  parent: ChainNode,
  slot: number,
  groups: readonly VoteGroup[],
  request: ChainRequest,
  random: Random,
): ChainNode | undefined {
  const state = processSlots(parent.state, slot);
  if (state.validators.getReadonly(state.epochCtx.getBeaconProposer(slot)).slashed) return undefined;
  const included = new Set<string>();
  for (let node: ChainNode | undefined = parent; node && node.slot > slot - 2 * SLOTS_PER_EPOCH; node = node.parent)
    for (const key of node.keys) included.add(key);
  const { attestations, keys } = packAggregates(state, groups, included, request, random);
  return { slot, parent, keys, ...buildBlock(state, attestations, request, random) };
}

function genesisNode(state: CachedBeaconStateAllForks): ChainNode {
  const header = { ...state.latestBlockHeader.toValue(), stateRoot: state.hashTreeRoot() };
  const root = ssz.phase0.BeaconBlockHeader.hashTreeRoot(header);
  return { slot: 0, root, parent: undefined, state, signed: undefined, keys: [] };
}

function ancestorAt(node: ChainNode, depth: number): ChainNode {
  let found = node;
  for (let step = 0; step < depth && found.parent; step++) found = found.parent;
  return found;
}

/** Root of the newest block of this branch at or before a slot. */
export function nodeAt(branch: ChainNode, slot: number): ChainNode {
  let node = branch;
  while (node.slot > slot && node.parent) node = node.parent;
  return node;
}

const rootAtStart = (branch: ChainNode, epoch: number): Uint8Array => nodeAt(branch, epoch * SLOTS_PER_EPOCH).root;

function toTruth(request: ChainRequest, genesis: ChainNode, nodes: readonly ChainNode[], head: ChainNode): ChainTruth {
  const config: BeaconConfig = createBeaconConfig(genesis.state.config, genesis.state.genesisValidatorsRoot);
  const canonical = new Set<ChainNode>();
  for (let node: ChainNode | undefined = head; node; node = node.parent) canonical.add(node);
  const blocks = nodes.flatMap((node) => toBlock(config, node, canonical.has(node)));
  const judged = request.epochs - 1;
  return {
    request,
    preset: ACTIVE_PRESET,
    spec: { ...presetToJson(activePreset), ...chainConfigToJson(config) },
    genesisRoot: toHex(genesis.root),
    genesisSlashed: genesis.state.validators.getAllReadonlyValues().map(({ slashed }) => slashed),
    genesisValidatorsRoot: toHex(genesis.state.genesisValidatorsRoot),
    headRoot: toHex(head.root),
    blocks,
    epochs: Array.from({ length: judged }, (_, epoch) => readEpochTruth(config, head, epoch)),
  };
}

function toBlock(config: BeaconConfig, node: ChainNode, isCanonical: boolean): OracleBlock[] {
  if (!node.signed || !node.parent) return [];
  const { attestations, syncAggregate, slashing } = node.state.proposerRewards;
  return [
    {
      root: toHex(node.root),
      parentRoot: toHex(node.parent.root),
      slot: node.slot,
      fork: config.getForkName(node.slot) as OracleFork,
      isCanonical,
      ssz: toHex(config.getForkTypes(node.slot).SignedBeaconBlock.serialize(node.signed)),
      reward: { attestations, syncAggregate, slashings: slashing },
    },
  ];
}
