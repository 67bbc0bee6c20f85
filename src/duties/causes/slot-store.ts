import type { ArrivalRecord, EvidenceRecord, Signer } from "../../control/types.ts";
import type { Arrival, AskedInput, GatewaySlot, Message } from "./types.ts";

/** What gateways saw, by slot, bounded: old slots go first, and in no slot is more kept than what is named here. */
export interface SlotStore {
  readonly slots: ReadonlyMap<number, GatewaySlot>;
  /** Slots before this one are forgotten. */
  readonly firstSlot: number;
  addEvidence(gateway: string, record: EvidenceRecord): void;
  addArrival(gateway: string, record: ArrivalRecord): void;
}

export interface SlotStoreLimits {
  keepSlots: number;
  /** Of a slot: requests, arrivals. */
  perSlot: number;
  /** Of all slots: validators named. */
  signers: number;
}

interface OpenSlot extends GatewaySlot {
  asked: AskedInput[];
  blocks: AskedInput[];
  messages: Map<Signer, readonly Message[]>;
  arrivals: Arrival[];
  clients: Set<string>;
  signers: number;
}

const attestationData = "/eth/v1/validator/attestation_data";
const producesBlock = /^\/eth\/v\d\/validator\/(blocks|blinded_blocks)\/\{slot\}$/;

export function createSlotStore({ keepSlots, perSlot, signers: mostSigners }: SlotStoreLimits): SlotStore {
  const slots = new Map<number, OpenSlot>();
  let firstSlot = 0;
  let newest = 0;
  let signers = 0;

  /** `undefined`: of a slot that is forgotten, or that cannot be yet. */
  function open(slot: number): OpenSlot | undefined {
    if (slot < firstSlot || slot > newest + keepSlots) return undefined;
    let found = slots.get(slot);
    if (!found) {
      found = { asked: [], blocks: [], messages: new Map(), arrivals: [], clients: new Set(), signers: 0 };
      slots.set(slot, found);
    }
    return found;
  }

  /** `slot`: by a gateway's clock; what a message names decides nothing here. */
  function moveTo(slot: number): void {
    if (slot <= newest) return;
    newest = slot;
    forgetBefore(newest - keepSlots);
  }

  function forgetBefore(slot: number): void {
    if (slot <= firstSlot) return;
    firstSlot = slot;
    for (const [at, each] of slots) {
      if (at >= slot) continue;
      signers -= each.signers;
      slots.delete(at);
    }
  }

  function addMessages(gateway: string, record: EvidenceRecord): void {
    const { published } = record;
    if (!published) return;
    const refused = new Map(published.refused?.map(({ signer, words }) => [signer, words]));
    for (const vote of published.votes) {
      const slot = open(vote.slot);
      if (!slot) continue;
      const message: Message = {
        ...{ kind: published.kind, at: record.at, durationMs: record.durationMs },
        ...{ gateway, group: record.group, client: record.client, status: record.status },
        ...{ headRoot: vote.headRoot, target: vote.target, refusal: record.refusal, answers: record.answers },
        ...outcomeOf(record, published.refused !== undefined),
      };
      const alone = [message];
      for (const signer of vote.signers) {
        const words = refused.get(signer);
        const own = words === undefined ? alone : [{ ...message, isAccepted: false, refused: words }];
        const known = slot.messages.get(signer);
        // A signer that repeats itself for ever must not fill the memory.
        if (known && known.length >= 16) continue;
        slot.messages.set(signer, known ? [...known, ...own] : own);
        slot.signers++;
        signers++;
      }
    }
    while (signers > mostSigners && slots.size > 1) forgetBefore(Math.min(...slots.keys()) + 1);
  }

  return {
    slots,
    get firstSlot() {
      return firstSlot;
    },
    addEvidence(gateway, record) {
      const { slot: now, route, forSlot, group, client } = record;
      if (now !== undefined) {
        moveTo(now);
        const here = open(now);
        if (here && here.clients.size < perSlot) here.clients.add(`${gateway}/${group}/${client}`);
      }
      const isVote = route === attestationData;
      if (isVote || producesBlock.test(route)) {
        const about = forSlot ?? (isVote ? now : undefined);
        const slot = about === undefined ? undefined : open(about);
        const list = isVote ? slot?.asked : slot?.blocks;
        if (list && list.length < perSlot) list.push(askedInput(gateway, record));
      }
      addMessages(gateway, record);
    },
    addArrival(gateway, { slot: at, ...arrival }) {
      const slot = open(at);
      if (slot && slot.arrivals.length < perSlot) slot.arrivals.push({ ...arrival, gateway });
    },
  };
}

function askedInput(gateway: string, record: EvidenceRecord): AskedInput {
  const { at, durationMs, group, client, status, node, servedHeadRoot, refusal, answers } = record;
  return { at, durationMs, gateway, group, client, status, node, headRoot: servedHeadRoot, refusal, answers };
}

/** 400 with a list of refused items: the others were taken. Without, a node's no is everybody's. */
function outcomeOf(
  { status, answers, refusal }: EvidenceRecord,
  hasList: boolean,
): Pick<Message, "isAccepted" | "refused"> {
  const isTaken = answers.some((each) => each.status !== undefined && each.status >= 200 && each.status < 300);
  if (status < 300 || (status === 400 && hasList) || isTaken) return { isAccepted: true, refused: undefined };
  const no = answers.find((each) => each.status !== undefined && each.status >= 400 && each.status < 500);
  const refused = no && refusal === undefined ? (no.words ?? `HTTP ${no.status}`) : undefined;
  return { isAccepted: false, refused };
}
