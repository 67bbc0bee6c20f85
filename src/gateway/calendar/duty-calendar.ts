import { epochAtSlot, slotAt, slotStartAt, startSlotOfEpoch } from "../../chain/slot-clock.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Network } from "../../upstream/types.ts";
import type { ReplayItem } from "../replay/replay-items.ts";
import type { DutyCalendar } from "../types.ts";
import { clearSlots, decideDrainWaits, type DrainFacts } from "./drain-waits.ts";
import { createOwnValidators, eachIndex } from "./own-validators.ts";
import { readProposerDuties, type ProposerDuties } from "./proposer-duties.ts";

export interface LearningCalendar extends DutyCalendar {
  /** A node's 200 answer of proposer duties; `epoch` as the path has it. Anything else is ignored. */
  learnProposers(epoch: string, body: Buffer): void;
  /** The body of an attester-duty request: a list of indices. */
  learnAsked(body: Buffer): void;
  /** Items that passed on their way into the replay store. */
  learnItems(items: readonly Pick<ReplayItem, "validatorIndex">[]): void;
}

export interface CalendarOptions {
  clock: Clock;
  network: () => Network | undefined;
  /** Slots whose block this node built and that has not been published. */
  openLeases: (node: string) => readonly number[];
  /** Requests under way to this node. */
  inFlight: (node: string) => number;
  /** Nodes that serve the group now. */
  ready: () => readonly string[];
  maxValidators: number;
}

/** A preparation holds for its epoch and two more (beacon-APIs, `prepareBeaconProposer`): so long a validator is ours. */
const ownEpochs = 3;
/** Clients ask for an epoch's proposers when it begins: two slots later nobody will. */
const askSlots = 2;

/** What coming duties are, learnt from what passes through. Bounded: three epochs of proposers, and the validators named lately. */
export function createDutyCalendar(options: CalendarOptions): LearningCalendar {
  const { clock } = options;
  const startedAt = clock.now();
  const byEpoch = new Map<number, ProposerDuties>();
  const own = createOwnValidators(options.maxValidators);

  const ownSince = (network: Network | undefined, now: number) =>
    now - ownEpochs * (network ? network.spec.slotsPerEpoch * network.spec.slotDurationMs : 384_000);

  function proposals(): { slot: number; validatorIndex: number }[] {
    const network = options.network();
    if (!network) return [];
    const now = clock.now();
    const slot = slotAt(network, now);
    const since = ownSince(network, now);
    return [...byEpoch.values()]
      .flatMap((duties) => duties.proposals)
      .filter((proposal) => proposal.slot >= slot && own.has(proposal.validatorIndex, since))
      .sort((a, b) => a.slot - b.slot);
  }

  /** Just after a start, and at the turn of an epoch, "no proposals" may only mean that nobody has asked yet. */
  function unknownEpoch(network: Network | undefined, now: number): DrainFacts["unknownEpoch"] {
    if (!network || !own.isAnyKnown(ownSince(network, now))) return undefined;
    const { spec } = network;
    const slot = slotAt(network, now);
    for (const epoch of new Set([epochAtSlot(spec, slot), epochAtSlot(spec, slot + clearSlots)])) {
      if (epoch < 0 || byEpoch.has(epoch)) continue;
      const beginsAt = Math.max(slotStartAt(network, startSlotOfEpoch(spec, epoch)), startedAt);
      return { epoch, untilAt: beginsAt + askSlots * spec.slotDurationMs };
    }
    return undefined;
  }

  return {
    proposals,
    learnProposers(path, body) {
      const network = options.network();
      const epoch = Number(path);
      if (!network || !Number.isSafeInteger(epoch)) return;
      const current = epochAtSlot(network.spec, slotAt(network, clock.now()));
      // Past epochs are of no use, and a far one would only be somebody's way to fill the memory.
      if (epoch < current || epoch > current + 1) return;
      const duties = readProposerDuties(body);
      const isOfEpoch = (slot: number) => epochAtSlot(network.spec, slot) === epoch;
      if (!duties?.proposals.every(({ slot }) => isOfEpoch(slot))) return;
      byEpoch.set(epoch, duties);
      for (const known of byEpoch.keys()) if (known < current) byEpoch.delete(known);
    },
    learnAsked(body) {
      const now = clock.now();
      eachIndex(body, (index) => own.note(index, now));
    },
    learnItems(items) {
      const now = clock.now();
      for (const { validatorIndex } of items) if (validatorIndex !== undefined) own.note(validatorIndex, now);
    },
    drainWaits(node) {
      const now = clock.now();
      const network = options.network();
      return decideDrainWaits(
        {
          node,
          chain: network,
          proposals: proposals(),
          unknownEpoch: unknownEpoch(network, now),
          openLeases: options.openLeases(node),
          inFlight: options.inFlight(node),
          otherReady: options.ready().filter((name) => name !== node).length,
        },
        now,
      );
    },
  };
}
