import { deadline } from "../../chain/deadline.ts";
import type { DeadlinesBps } from "../../chain/types.ts";
import type { LostDuty } from "../judge/lost-duty.ts";
import type { CauseRecord, Coverage, GatewaySlot, Home, Message, NodeSample, Place, Scene } from "./types.ts";

const messageKinds: Readonly<Record<LostDuty["kind"], Message["kind"]>> = {
  attestation: "attestation",
  sync: "sync-message",
  proposal: "block",
  slashing: "attestation",
};
const dues: Readonly<Record<LostDuty["kind"], readonly [due: keyof DeadlinesBps, aggregate: keyof DeadlinesBps]>> = {
  attestation: ["attestation", "aggregate"],
  sync: ["syncMessage", "contribution"],
  // A block is due at once; attesters vote without it from their own deadline on.
  proposal: ["attestation", "aggregate"],
  slashing: ["attestation", "aggregate"],
};

/** Looks up what bears on a lost duty; `slot`: of its message. */
export function sceneOf<L extends LostDuty>(lost: L, record: CauseRecord, slot = lost.slot): Scene<L> {
  const { spec, genesis } = record.network;
  const startAt = genesis.genesisTimeMs + slot * spec.slotDurationMs;
  const [due, aggregate] = dues[lost.kind];
  const sight = record.gateways.get(slot);
  const validator = record.validators.get(lost.validatorIndex);
  const messages = sight ? messagesOf(lost, sight, slot) : [];
  const home = homeOf(messages, validator?.homes ?? [], startAt);
  const asked = (lost.kind === "proposal" ? sight?.blocks : sight?.asked) ?? [];
  return {
    ...{ lost, record, slot, startAt, validator, home, sight, messages },
    dueAt: startAt + deadline(spec, slot, due),
    aggregateAt: startAt + deadline(spec, slot, aggregate),
    message: messages.find(({ isAccepted }) => isAccepted) ?? messages[0],
    asked: asked.filter((each) => isSameClient(each, home)),
    isWhole: isReadWhole(record.coverage, home, startAt - spec.slotDurationMs, startAt + 2 * spec.slotDurationMs),
  };
}

function messagesOf(lost: LostDuty, sight: GatewaySlot, slot: number): readonly Message[] {
  const kind = messageKinds[lost.kind];
  const byIndex = sight.messages.get(lost.validatorIndex) ?? [];
  const bySeat =
    lost.kind === "attestation" ? sight.messages.get(`${slot}/${lost.seat.committee}/${lost.seat.position}`) : [];
  const found = bySeat && bySeat.length > 0 ? [...byIndex, ...bySeat] : byIndex;
  return found.filter((message) => message.kind === kind).sort((a, b) => sentAt(a) - sentAt(b));
}

/** Its own messages of this slot say best through whom a validator works; else where it was then, or came to next. */
function homeOf([message]: readonly Message[], homes: readonly Home[], at: number): Place | undefined {
  return message ?? homes.findLast(({ firstAt }) => firstAt <= at) ?? homes[0];
}

export function isSameClient(a: Omit<Place, "at">, b: Omit<Place, "at"> | undefined): boolean {
  return a.gateway === b?.gateway && a.group === b.group && a.client === b.client;
}

/** A client may use any gateway: what it did not do is known only where all of them were read without a gap. */
export function isReadWhole(
  coverage: readonly Coverage[],
  home: Pick<Place, "gateway"> | undefined,
  fromAt: number,
  toAt: number,
): boolean {
  if (home === undefined || !coverage.some(({ gateway }) => gateway === home.gateway)) return false;
  return coverage.every(
    (each) =>
      each.fromAt <= fromAt && each.toAt >= toAt && each.gaps.every((gap) => gap.toAt < fromAt || gap.fromAt > toAt),
  );
}

/** When it came in at the gateway. */
export const sentAt = ({ at, durationMs }: { at: number; durationMs: number }): number => at - durationMs;

export const nodeKey = (gateway: string, group: string, node: string): string => `${gateway}/${group}/${node}`;

/** What was known of a node at an instant; `undefined`: nothing yet. */
export function nodeAt(record: CauseRecord, key: string, at: number): NodeSample | undefined {
  return record.nodes.get(key)?.findLast((sample) => sample.at <= at);
}

/** Names of the nodes of a group that anything is known of at an instant. */
export function nodesOf(
  record: CauseRecord,
  { gateway, group }: Omit<Place, "client" | "at">,
  at: number,
): { node: string; sample: NodeSample }[] {
  const prefix = nodeKey(gateway, group, "");
  return [...record.nodes.keys()].flatMap((key) => {
    const sample = key.startsWith(prefix) ? nodeAt(record, key, at) : undefined;
    return sample ? [{ node: key.slice(prefix.length), sample }] : [];
  });
}

/** When each node of a group first told that it had imported a block. */
export function importsOf(
  sight: GatewaySlot | undefined,
  { gateway, group }: Omit<Place, "client" | "at">,
  root: string,
): Map<string, number> {
  const first = new Map<string, number>();
  for (const arrival of sight?.arrivals ?? []) {
    if (arrival.root !== root || arrival.kind === "gossip") continue;
    if (arrival.gateway !== gateway || arrival.group !== group) continue;
    first.set(arrival.node, Math.min(first.get(arrival.node) ?? Infinity, arrival.at));
  }
  return first;
}

/** The slot of a canonical block with this root among the last two epochs; `undefined`: there is none, or it is older. */
export function canonicalSlot({ record: { chain, network }, slot }: Scene, root: string): number | undefined {
  for (let at = slot; at > slot - 2 * network.spec.slotsPerEpoch && at >= 0; at--)
    if (chain.chain.hasBlock(at) && chain.chain.rootAt(at) === root) return at;
  return undefined;
}
