import type { Labels } from "../../src/alerts/labels.ts";
import { buildFleet, withoutLabels, type Fleet } from "./build-fleet.ts";
import type { Draw } from "./draw.ts";
import type { NodeTrouble, Play, Scenario } from "./scenario.ts";

const having =
  (key: string, value: string, chance = 1) =>
  (labels: Labels): number =>
    labels[key] === value ? chance : 0;

/** Nodes of the fleet with trouble where they fit. */
function troubled(
  { nodes }: Fleet,
  trouble: NodeTrouble,
  fits: (node: Fleet["nodes"][number]) => boolean,
): Play["nodes"] {
  return nodes.map((node) => (fits(node) ? { ...node, trouble } : node));
}

const runs = (client: string) => (node: Fleet["nodes"][number]) => node.clientFamily.split("/").includes(client);
const usualStrangers = 0;

/** A validator client sits on one host with one node: only one of the three labels is left, unless the host is to be told from it. */
const plain = (draw: Draw, ...more: readonly string[]) =>
  withoutLabels(buildFleet(draw), "beaconNode", "host", ...more);

/** Truths are taken from practice.md, part 2, as the comments say; they were written before the first run. */
export const scenarios: readonly Scenario[] = [
  {
    incident: "12",
    what: "all beacon nodes of one group gone: one in maintenance, one withdrawn, one broken",
    // "1,000 keys: BN A maintained, B withdrawn, C broken", signature "MISS, zero ready BNs": the keys behind one set of nodes.
    make(draw) {
      const fleet = plain(draw);
      const group = draw.pick(fleet.groups);
      const nodes = fleet.nodes.map((node, i) =>
        node.group !== group
          ? node
          : i % 2 === 0
            ? { ...node, isInMaintenance: true }
            : { ...node, trouble: "down" as const },
      );
      return {
        ...fleet,
        nodes,
        lostOf: having("group", group),
        lostOfStrangers: usualStrangers,
        truth: { scope: "multiple", labels: { group } },
      };
    },
  },
  {
    incident: "14",
    what: "a beacon node is stuck while its pod is called up",
    // "OOM loops; pods 'up', BN stuck", signature "HEAD, MISS": the keys behind one beacon node.
    make(draw) {
      const fleet = withoutLabels(buildFleet(draw), "host", "validatorClient");
      const { name } = draw.pick(fleet.nodes as unknown as readonly [Fleet["nodes"][number]]);
      const nodes = troubled(fleet, "frozen", (node) => node.name === name);
      return {
        ...fleet,
        nodes,
        lostOf: having("beaconNode", name, 0.95),
        lostOfStrangers: usualStrangers,
        truth: { scope: "multiple", labels: { beaconNode: name } },
      };
    },
  },
  {
    incident: "19",
    what: "old attestations make nodes replay: finality is lost, participation 30.7 %",
    // "finality lost 4, then 9 epochs, participation 30.7%", signature "NET": everybody, and ours like everybody.
    make(draw) {
      const fleet = plain(draw);
      const lost = draw.real(0.55, 0.72);
      return {
        ...fleet,
        lostOf: () => lost,
        lostOfStrangers: lost,
        missedSlots: draw.real(0.2, 0.4),
        truth: { scope: "network", labels: undefined },
      };
    },
  },
  {
    incident: "24",
    what: "seven in ten of one execution client halt",
    // "~70% of Besu halted", signature "OPT, EL head frozen", no NET: the keys behind Besu, and 70 % of them.
    make(draw) {
      const fleet = plain(draw);
      const nodes = troubled(fleet, "optimistic", runs("besu"));
      return {
        ...fleet,
        nodes,
        lostOf: having("executionClient", "besu", draw.real(0.62, 0.78)),
        lostOfStrangers: draw.real(0.02, 0.06),
        truth: { scope: "multiple", labels: { executionClient: "besu" } },
      };
    },
  },
  {
    incident: "25",
    what: "one execution client refuses a valid block",
    // "Nethermind 1.23–1.25.1 rejected valid block", signature "MISS, EL INVALID alone": the keys behind Nethermind.
    make(draw) {
      const fleet = plain(draw);
      const nodes = troubled(fleet, "frozen", runs("nethermind"));
      const log = {
        node: nodes.find(({ trouble }) => trouble)?.name ?? "",
        means: "the execution client calls a block invalid",
      };
      return {
        ...fleet,
        nodes,
        log,
        lostOf: having("executionClient", "nethermind"),
        lostOfStrangers: draw.real(0.03, 0.08),
        truth: { scope: "multiple", labels: { executionClient: "nethermind" } },
      };
    },
  },
  {
    incident: "30",
    what: "most execution clients follow an invalid chain that is justified; one does not",
    // "Geth, Nethermind, Besu wrong deposit address; invalid chain justified, 14 days non-finality", signature "FORK, NET". Three
    // clients share no label, so that no label set can be named.
    make(draw) {
      const fleet = plain(draw);
      const nodes = troubled(fleet, "other-branch", (node) => !runs("reth")(node));
      const lostOf = (labels: Labels) => (labels["executionClient"] === "reth" ? 0 : 1);
      return {
        ...fleet,
        nodes,
        lostOf,
        lostOfStrangers: draw.real(0.68, 0.85),
        isForked: true,
        truth: { scope: "network", labels: undefined },
      };
    },
  },
  {
    incident: "33",
    what: "a hypervisor crashes under the only validator client of its keys",
    // "Hypervisor crash under sole Vouch, 3,200 keys", signature "MISS": one machine. The client's label names the very same keys,
    // and the machine is what crashed.
    make(draw) {
      const fleet = withoutLabels(buildFleet(draw), "beaconNode");
      const { name } = draw.pick(fleet.hosts as unknown as readonly [Fleet["hosts"][number]]);
      const hosts = fleet.hosts.map((host) => (host.name === name ? { ...host, isSilent: true } : host));
      return {
        ...fleet,
        hosts,
        lostOf: having("host", name),
        lostOfStrangers: usualStrangers,
        truth: { scope: "multiple", labels: { host: name } },
      };
    },
  },
  {
    incident: "37",
    what: "own nodes of one execution client call a canonical block invalid after a fork",
    // "Develp's Nethermind called canonical block INVALID", signature "newPayload INVALID, sync distance↑"; others of the network went on.
    make(draw) {
      const fleet = plain(draw);
      const nodes = troubled(fleet, "other-branch", runs("nethermind"));
      const log = {
        node: nodes.find(({ trouble }) => trouble)?.name ?? "",
        means: "the execution client calls a block invalid",
      };
      return {
        ...fleet,
        nodes,
        log,
        lostOf: having("executionClient", "nethermind"),
        lostOfStrangers: draw.real(0, 0.01),
        truth: { scope: "multiple", labels: { executionClient: "nethermind" } },
      };
    },
  },
  {
    incident: "38",
    what: "one validator client came back wrong from a restart",
    // "VC#18 failed restart two days before", signature "CFG, invalid signature": one validator client.
    make(draw) {
      const fleet = plain(draw);
      const validatorClient = draw.pick(fleet.validatorClients);
      const log = { validatorClient, means: "signatures are refused" };
      return {
        ...fleet,
        log,
        lostOf: having("validatorClient", validatorClient),
        lostOfStrangers: usualStrangers,
        truth: { scope: "multiple", labels: { validatorClient } },
      };
    },
  },
  {
    incident: "39",
    what: "one consensus client replays old states: a quarter of the network and 18.5 % of the blocks are lost",
    // "Prysm v7 replay: 42 epochs, 18.5% missed slots, 75% participation", signature "NET"; incident.md, part 3: must be classified
    // within two epochs. Of ours, those behind Prysm; its nodes
    // stay up and answer, only too late: no HEAD, no OPT.
    make(draw) {
      const fleet = plain(draw);
      return {
        ...fleet,
        lostOf: having("consensusClient", "prysm", draw.real(0.9, 1)),
        lostOfStrangers: draw.real(0.21, 0.28),
        missedSlots: 0.185,
        truth: { scope: "network", labels: { consensusClient: "prysm" } },
      };
    },
  },
  {
    incident: "40",
    what: "the router of one data centre fails: one provider is dark",
    // "DC router bug, 5,572 keys, 3 h 15", signature "MISS by site", "wait for provider": everything at one provider.
    make(draw) {
      const fleet = plain(draw);
      const provider = draw.pick(fleet.providers);
      const hosts = fleet.hosts.map((host) => (host.provider === provider ? { ...host, isSilent: true } : host));
      const dark = new Set(hosts.flatMap(({ name, isSilent }) => (isSilent ? [name] : [])));
      const nodes = troubled(fleet, "down", ({ host }) => dark.has(host));
      return {
        ...fleet,
        hosts,
        nodes,
        lostOf: having("provider", provider),
        lostOfStrangers: usualStrangers,
        truth: { scope: "multiple", labels: { provider } },
      };
    },
  },
  {
    incident: "slashing",
    what: "one own key is slashed",
    // The "a slashing": practice.md, part 5, rule 10: stop the owner's keys and page. One key: no set of labels.
    make(draw) {
      const fleet = plain(draw);
      const all = fleet.fleet.reduce((sum, { validators }) => sum + validators, 0);
      return {
        ...fleet,
        lostOf: () => 0,
        lostOfStrangers: usualStrangers,
        slashed: draw.int(0, all - 1),
        truth: { scope: "single", labels: undefined },
      };
    },
  },
];
