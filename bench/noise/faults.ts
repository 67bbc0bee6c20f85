import type { WatchedFleet } from "../../src/app/duties/watched-set.ts";
import { customers, gateways, groups, hosts, nodesOf, validatorClients } from "./fleet.ts";
import { pick } from "./random.ts";

/** What goes wrong while a fault lasts. Whatever is absent goes on as usual. */
export interface Effects {
  /** Whose attestations are lost. */
  loses?(position: number): boolean;
  silentClient?: string;
  missesProposal?: boolean;
  missesSync?: boolean;
  noFinality?: boolean;
  splitGroup?: string;
  downNodes?: readonly string[];
  fullDisk?: string;
  silentHosts?: readonly string[];
  doubledAt?: string;
  duplicateInGroup?: string;
  slashes?: number;
  downGateway?: string;
  clockOffMs?: number;
  wrongFeeOf?: number;
  refusesIn?: string;
  judgesNothing?: boolean;
  storeFails?: boolean;
  undelivered?: string;
}

export interface Fault {
  kind: string;
  startAt: number;
  endAt: number;
  effects: Effects;
  /** A page of one of these, with these labels, is about the fault. */
  pages: readonly { alertname: string; labels?: Readonly<Record<string, string>> }[];
  /** Alerts that the fault brings about as well. */
  also?: readonly string[];
}

type Made = Pick<Fault, "effects" | "pages" | "also"> & { minutes?: number };
type Kind = (fleet: WatchedFleet, random: () => number) => Made;

const lost = ["Underperforming", "UnderperformingStake", "UnderperformingCustomer"];
const underperforming = lost.map((alertname) => ({ alertname }));

function ofLabel(fleet: WatchedFleet, key: string, value: string): (position: number) => boolean {
  return (position) => fleet.byIndex.get(fleet.indices[position] ?? -1)?.labels[key] === value;
}

const kinds: Readonly<Record<string, Kind>> = {
  "validator client stops": (fleet, random) => {
    const silentClient = pick(random, validatorClients);
    return {
      effects: { silentClient, loses: ofLabel(fleet, "validatorClient", silentClient) },
      pages: [{ alertname: "ClientSilent", labels: { client: silentClient } }],
      also: lost,
    };
  },
  "all nodes of a group freeze": (fleet, random) => {
    const group = pick(random, groups);
    return {
      effects: { downNodes: nodesOf(group), loses: ofLabel(fleet, "group", group) },
      pages: [{ alertname: "UpstreamsNotReady", labels: { group } }],
      also: lost,
    };
  },
  "two nodes freeze, and the third": (_, random) => {
    const group = pick(random, groups);
    return {
      minutes: 6,
      effects: { downNodes: nodesOf(group) },
      pages: [{ alertname: "UpstreamsNotReady", labels: { group } }],
    };
  },
  "a customer's keys are down": (fleet, random) => {
    const customer = pick(random, Object.keys(customers).slice(4));
    return {
      effects: { loses: ofLabel(fleet, "customer", customer) },
      pages: [{ alertname: "UnderperformingCustomer", labels: { customer } }],
    };
  },
  "a tenth of all underperforms": () => ({
    effects: { loses: (position) => position % 10 === 3 },
    pages: underperforming,
    also: lost,
  }),
  "large validators underperform": (fleet) => ({
    effects: { loses: (position) => position % 100 === 7 && position < fleet.indices.length },
    pages: [{ alertname: "UnderperformingStake" }, { alertname: "UnderperformingCustomer" }],
    also: lost,
  }),
  "finality is lost": () => ({ minutes: 50, effects: { noFinality: true }, pages: [{ alertname: "FinalityLag" }] }),
  "chain split": (_, random) => {
    const splitGroup = pick(random, groups);
    return {
      effects: { splitGroup },
      pages: [{ alertname: "ChainSplit", labels: { group: splitGroup } }],
      also: ["UpstreamsNotReady"],
    };
  },
  "a disk fills": (_, random) => {
    const { name } = pick(random, hosts);
    return { effects: { fullDisk: name }, pages: [{ alertname: "DiskFills", labels: { host: name } }] };
  },
  "provider outage": (_, random) => {
    const group = pick(random, groups);
    const silentHosts = hosts.filter((host) => host.group === group).map(({ name }) => name);
    return { effects: { silentHosts }, pages: [{ alertname: "ProviderOutage" }] };
  },
  "a key is loaded twice": (_, random) => {
    const place = pick(random, validatorClients);
    return { effects: { doubledAt: place }, pages: [{ alertname: "KeyDoubled", labels: { place } }] };
  },
  "two clients use one key": (_, random) => {
    const group = pick(random, groups);
    return {
      effects: { duplicateInGroup: group },
      pages: [{ alertname: "KeyDoubled", labels: { place: `clients of group ${group}` } }],
    };
  },
  "own validator slashed": (fleet, random) => ({
    effects: { slashes: pick(random, [...fleet.indices.slice(0, 500)]) },
    pages: [{ alertname: "ValidatorSlashed" }],
  }),
  "own block missed": () => ({ effects: { missesProposal: true }, pages: [{ alertname: "ProposalMissed" }] }),
  "own sync committee member silent": () => ({
    effects: { missesSync: true },
    pages: [{ alertname: "SyncParticipationLow" }],
  }),
  "wrong fee recipient": (fleet, random) => ({
    effects: { wrongFeeOf: pick(random, [...fleet.indices.slice(0, 9_000)]) },
    pages: [{ alertname: "WrongFeeRecipient" }],
  }),
  "slashable message refused": (_, random) => {
    const group = pick(random, groups);
    return { effects: { refusesIn: group }, pages: [{ alertname: "SlashingRefusals", labels: { group } }] };
  },
  "gateway unreachable": (_, random) => {
    const gateway = pick(random, gateways);
    return {
      minutes: 8,
      effects: { downGateway: gateway },
      pages: [{ alertname: "GatewayUnreachable", labels: { gateway } }],
    };
  },
  "own clock off": () => ({ minutes: 10, effects: { clockOffMs: 2_500 }, pages: [{ alertname: "OwnClockOff" }] }),
  "no duties can be judged": () => ({
    minutes: 40,
    effects: { judgesNothing: true },
    pages: [{ alertname: "SourceOfTruthLost" }],
  }),
  "store refuses writes": () => ({
    minutes: 10,
    effects: { storeFails: true },
    pages: [{ alertname: "StoreFailing" }],
  }),
  "messages are not delivered": (_, random) => {
    const channel = pick(random, ["mail", "chat"]);
    return {
      minutes: 10,
      effects: { undelivered: channel },
      pages: [{ alertname: "MessagesUndelivered", labels: { channel } }],
    };
  },
};

/** In this order, so that two that bring about the same alert are hours apart. */
const order = [
  ...["validator client stops", "finality is lost", "own block missed", "a customer's keys are down", "a disk fills"],
  ...["gateway unreachable", "all nodes of a group freeze", "a key is loaded twice", "chain split"],
  ...["a tenth of all underperforms", "own validator slashed", "own clock off", "provider outage"],
  ...["large validators underperform", "slashable message refused"],
  ...["no duties can be judged", "store refuses writes", "own block missed", "a customer's keys are down"],
  ...["messages are not delivered", "two clients use one key", "own sync committee member silent"],
  ...["two nodes freeze, and the third", "wrong fee recipient", "validator client stops", "gateway unreachable"],
  ...["a disk fills", "finality is lost", "chain split", "own validator slashed"],
];

const minuteMs = 60_000;
const defaultMinutes = 26;

/** So many faults from `fromAt` on, `spacingMs` apart, with a pause of `pauseMs` in the middle. */
export function planFaults(
  fleet: WatchedFleet,
  random: () => number,
  plan: { count: number; fromAt: number; spacingMs: number; pauseMs: number },
): Fault[] {
  return order.slice(0, plan.count).map((kind, n) => {
    const made = kinds[kind]?.(fleet, random);
    if (!made) throw new Error(`no kind of fault is named ${kind}`);
    const jitterMs = Math.floor(random() * 4) * minuteMs;
    const pause = n >= plan.count / 2 ? plan.pauseMs : 0;
    const startAt = plan.fromAt + n * plan.spacingMs + pause + jitterMs;
    const { minutes = defaultMinutes, ...fault } = made;
    return { kind, startAt, endAt: startAt + minutes * minuteMs, ...fault };
  });
}

/** Everything that goes wrong at an instant. */
export function effectsAt(faults: readonly Fault[], at: number): Effects {
  return Object.assign(
    {},
    ...faults.filter((fault) => at >= fault.startAt && at < fault.endAt).map(({ effects }) => effects),
  ) as Effects;
}
