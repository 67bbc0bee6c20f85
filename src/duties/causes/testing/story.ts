import type { ChainSpec } from "../../../chain/types.ts";
import { canonicalView } from "../../judge/canonical-view.ts";
import type { DutyCounts, LostAttestation, LostContext, LostProposal, LostSync } from "../../judge/lost-duty.ts";
import { nodeKey } from "../scene.ts";
import type { Arrival, AskedInput, CauseRecord, GatewaySlot, Message, NodeSample, ValidatorFacts } from "../types.ts";

/** For tests: a duty of validator 7 in slot 1000, epoch 31, of a chain with 12 s slots that began at 0. */
export const [slot, epoch, slotMs, index] = [1_000, 31, 12_000, 7];
export const startAt = slot * slotMs;
export const root = (name: string): string => `0x${Buffer.from(name.padEnd(32, ".")).toString("hex")}`;
export const blockRoot = (at: number): string => root(`block ${at}`);

const deadlines = { attestation: 3333, aggregate: 6667, syncMessage: 3333, contribution: 6667 };
export const spec: ChainSpec = {
  ...{ configName: "test", presetBase: "mainnet", slotDurationMs: slotMs, slotsPerEpoch: 32 },
  ...{ epochsPerSyncCommitteePeriod: 256, forks: [], deadlines, deadlinesGloas: deadlines },
  payloadAttestationDueBps: 7500,
};

export const counts = (assigned: number, done = assigned): DutyCounts => ({
  ...{ assigned, included: done, timelySource: done, timelyTarget: done, timelyHead: done },
});

/** Every slot has a block but those named. */
export function chainContext(change: Partial<LostContext> = {}, empty: readonly number[] = []): LostContext {
  const blocks = [];
  for (let at = slot - 64; at <= slot + 64; at++)
    if (!empty.includes(at)) blocks.push({ slot: at, root: blockRoot(at) });
  return {
    ...{ epoch, slots: [], chain: canonicalView(blocks), orphans: [], network: counts(32_000, 31_800) },
    ...change,
  };
}

export function lostVote(change: Partial<LostAttestation> = {}): LostAttestation {
  return {
    ...{ kind: "attestation", epoch, slot, validatorIndex: index, outcome: "missed", detail: 0 },
    ...{ seat: { committee: 3, position: 2 }, duty: 1, emptySlots: 0, lost: undefined, voted: undefined },
    expected: { headRoot: blockRoot(slot), targetRoot: blockRoot(epoch * 32) },
    firstChance: { slot: slot + 1, root: blockRoot(slot + 1) },
    ...{ slotNetwork: counts(1_000, 990), committeeNetwork: counts(60, 59), slotOwn: counts(10, 9), slotVotes: [] },
    ...change,
  };
}

/** Included by the next block, and for another head. */
export function wrongHeadVote(headRoot: string, change: Partial<LostAttestation> = {}): LostAttestation {
  const checkpoint = { epoch, root: blockRoot(epoch * 32) };
  const voted = { headRoot, source: checkpoint, target: checkpoint, blockSlot: slot + 1 };
  return lostVote({ outcome: "wrong-head", detail: 1, voted, ...change });
}

export const lostBlock = (change: Partial<LostProposal> = {}): LostProposal => ({
  ...{ kind: "proposal", epoch, slot, validatorIndex: index, outcome: "missed", detail: 0 },
  ...{ root: undefined, feeRecipient: undefined, relay: undefined, lost: undefined },
  ...change,
});

export const lostSync = (change: Partial<LostSync> = {}): LostSync => ({
  ...{ kind: "sync", epoch, slot: slot + 1, validatorIndex: index, outcome: "sync-missed", lost: undefined },
  ...{ missedSlots: [slot + 1], detail: 1, duties: 32, network: { hits: 500, duties: 512 } },
  ...change,
});

export const place = { gateway: "main", group: "g", client: "vc1" };

export function asked(ms: number, change: Partial<AskedInput> = {}): AskedInput {
  return {
    ...place,
    ...{ at: startAt + ms, durationMs: 5, status: 200, node: "bn1", headRoot: blockRoot(slot), refusal: undefined },
    answers: [{ node: "bn1", outcome: "answered", status: 200, durationMs: 4 }],
    ...change,
  };
}

export function message(ms: number, change: Partial<Message> = {}): Message {
  return {
    ...place,
    ...{ kind: "attestation", at: startAt + ms, durationMs: 0, status: 200, headRoot: blockRoot(slot) },
    ...{ target: undefined, isAccepted: true, refused: undefined, refusal: undefined },
    answers: [{ node: "bn1", outcome: "answered", status: 200, durationMs: 4 }],
    ...change,
  };
}

export const imported = (node: string, ms: number, change: Partial<Arrival> = {}): Arrival => ({
  ...{ at: startAt + ms, gateway: "main", group: "g", node, kind: "block", root: blockRoot(slot) },
  ...change,
});

export const sample = (change: Partial<NodeSample> = {}): NodeSample => ({
  ...{ at: startAt - 600_000, health: "ready", reason: "in-sync", operator: "active" },
  ...{ isSyncing: false, isOptimistic: false, elOffline: false, peers: 50 },
  ...change,
});

export function sight(change: Partial<GatewaySlot> = {}): GatewaySlot {
  const clients = new Set(["main/g/vc1"]);
  return { asked: [], blocks: [], messages: new Map(), arrivals: [], clients, ...change };
}

export const messages = (...list: readonly Message[]): GatewaySlot["messages"] => new Map([[index, list]]);

export const facts = (change: Partial<ValidatorFacts> = {}): ValidatorFacts => ({
  ...{ status: "active_ongoing", slashed: false, activationEpoch: 0, exitEpoch: undefined, labels: {} },
  ...{ missedSinceEpoch: undefined, key: undefined },
  homes: [{ ...place, firstAt: startAt - 3_600_000, at: startAt + 3_600_000 }],
  ...change,
});

export interface Story {
  /** Of the duty's slot; `null`: no gateway saw anything. */
  sight?: GatewaySlot | null;
  /** Slots near it in which `vc1` was heard. */
  heard?: readonly number[];
  facts?: ValidatorFacts;
  nodes?: Readonly<Record<string, readonly NodeSample[]>>;
  change?: Partial<CauseRecord>;
}

/** A record that was read whole, with two healthy nodes, unless the story says otherwise. */
export function record(story: Story = {}): CauseRecord {
  const gateways = new Map<number, GatewaySlot>((story.heard ?? []).map((at) => [at, sight()]));
  if (story.sight !== null) gateways.set(slot, story.sight ?? sight());
  const nodes = story.nodes ?? { bn1: [sample()], bn2: [sample()] };
  const gatewayFrom = startAt - 10 * 32 * slotMs;
  return {
    network: { spec, genesis: { genesisTimeMs: 0 } },
    chain: chainContext(),
    validators: new Map([[index, story.facts ?? facts()]]),
    gateways,
    nodes: new Map(Object.entries(nodes).map(([name, samples]) => [nodeKey("main", "g", name), samples])),
    holds: [],
    coverage: [{ gateway: "main", groups: ["g"], fromAt: gatewayFrom, toAt: startAt + 10 * 32 * slotMs, gaps: [] }],
    ...story.change,
  };
}
