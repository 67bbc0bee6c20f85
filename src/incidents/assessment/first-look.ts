import { duration, percent } from "../../lib/amounts.ts";
import type { AssessedHost, AssessedNode, AssessmentInput } from "./input.ts";
import type { NetworkLosses } from "./judge-scope.ts";
import type { AssessedFact, FirstLook, IncidentScope } from "./types.ts";

/** A machine that was read before and is silent for so long has gone. */
const silentMs = 180_000;
const fewPeers = 10;
const mostFacts = 8;

/** The four questions of the first look: what the nodes, the machines, the logs and the network say. */
export function firstLook(
  input: AssessmentInput,
  scope: IncidentScope,
  losses: NetworkLosses,
  now: number,
): readonly FirstLook[] {
  return [atNodes(input, now), atMachines(input, now), atLogs(input), atNetwork(input, scope, losses, now)];
}

const isReady = ({ health, operator }: AssessedNode) => health === "ready" && operator === "active";
const isFailed = ({ health, operator }: AssessedNode) => health !== "ready" && operator === "active";

/** Groups of which no node is ready, by name. */
export function groupsDown(nodes: readonly AssessedNode[]): readonly string[] {
  const byGroup = Map.groupBy(nodes, ({ group }) => group);
  return [...byGroup].flatMap(([group, of]) => (of.some(isReady) ? [] : [group])).sort();
}

function atNodes({ nodes, silentGateways }: AssessmentInput, now: number): FirstLook {
  const question = "nodes";
  const facts: AssessedFact[] = nodes
    .filter((node) => !isReady(node))
    .map((node) => ({ text: nodeWords(node), link: "/nodes", at: node.sinceAt }))
    .concat(silentGateways.map((name) => ({ text: `gateway ${name} does not answer`, link: "/nodes", at: now })))
    .slice(0, mostFacts);
  if (nodes.length === 0)
    return { question, verdict: "unknown", sentence: "Nothing is known of the beacon nodes.", facts };
  const down = groupsDown(nodes);
  const failed = nodes.filter(isFailed);
  if (down.length > 0)
    return { question, verdict: "bad", sentence: `No beacon node is ready in ${listed(down, "group")}.`, facts };
  if (failed.length > 0)
    return {
      ...{ question, verdict: "warning", facts },
      sentence: `${failed.length} of ${nodes.length} beacon nodes ${failed.length === 1 ? "is" : "are"} not ready.`,
    };
  if (silentGateways.length > 0)
    return { question, verdict: "unknown", sentence: `${listed(silentGateways, "gateway")} does not answer.`, facts };
  return { question, verdict: "good", sentence: `All ${nodes.length} beacon nodes are ready or set aside.`, facts };
}

function nodeWords({ node, group, health, operator, detail, clientFamily }: AssessedNode): string {
  const state = operator === "active" ? health : operator;
  return `${node} (${clientFamily}, group ${group}) is ${state}${detail === "" ? "" : `: ${detail}`}`;
}

/** Machines that told their figures once and no longer do. */
export function silentHosts(hosts: readonly AssessedHost[], now: number): readonly AssessedHost[] {
  return hosts.filter(({ readAt }) => readAt !== undefined && now - readAt > silentMs);
}

function atMachines({ hosts }: AssessmentInput, now: number): FirstLook {
  const question = "machines";
  const silent = silentHosts(hosts, now);
  const wrong = hosts.filter(
    (host) => (host.verdict === "bad" || host.verdict === "warning") && !silent.includes(host),
  );
  const facts: AssessedFact[] = [
    ...silent.map(({ name, readAt = now }) => ({
      ...{ text: `${name} tells nothing for ${duration(now - readAt)}`, link: "/nodes", at: readAt },
    })),
    ...wrong.map(({ name, findings, readAt = now }) => ({
      text: `${name}: ${findings.find(({ verdict }) => verdict === "bad" || verdict === "warning")?.detail ?? "see Nodes"}`,
      ...{ link: "/nodes", at: readAt },
    })),
  ].slice(0, mostFacts);
  const known = hosts.filter(({ readAt }) => readAt !== undefined);
  if (known.length === 0) return { question, verdict: "unknown", sentence: "Nothing is known of the machines.", facts };
  if (silent.length > 0)
    return { question, verdict: "bad", sentence: `${listed(namesOf(silent), "machine")} went silent.`, facts };
  if (wrong.length > 0) {
    const isBad = wrong.some(({ verdict }) => verdict === "bad");
    const sentence = `${listed(namesOf(wrong), "machine")} ${wrong.length === 1 ? "has" : "have"} trouble.`;
    return { question, verdict: isBad ? "bad" : "warning", sentence, facts };
  }
  const unread = hosts.filter(({ verdict }) => verdict === "unknown").length;
  if (unread > 0)
    return { question, verdict: "unknown", sentence: `${unread} of ${hosts.length} machines are not known.`, facts };
  return { question, verdict: "good", sentence: `All ${hosts.length} machines are well.`, facts };
}

function atLogs({ logs, logSources, nodes }: AssessmentInput): FirstLook {
  const question = "logs";
  const told = logs.filter(({ severity }) => severity !== "harmless");
  const lonely = nodes.filter(({ peers }) => peers !== undefined && peers < fewPeers);
  const facts = [
    ...logFacts(told),
    ...lonely.map(({ node, peers, sinceAt }) => ({ text: `${node} has ${peers} peers`, link: "/nodes", at: sinceAt })),
  ].slice(0, mostFacts);
  const bad = told.filter(({ severity }) => severity === "bad");
  if (bad[0])
    return {
      question,
      verdict: "bad",
      sentence: `${counted(bad.length, "bad line")}, the newest of ${bad[0].source}: ${bad[0].means}`,
      facts,
    };
  if (told[0])
    return {
      question,
      verdict: "warning",
      sentence: `${counted(told.length, "known line")}, the newest of ${told[0].source}: ${told[0].means}`,
      facts,
    };
  if (lonely.length > 0)
    return { question, verdict: "warning", sentence: `${lonely.length} beacon nodes have few peers.`, facts };
  if (logSources === 0) return { question, verdict: "unknown", sentence: "No log is followed.", facts };
  return { question, verdict: "good", sentence: `No known bad line in ${logSources} logs, and peers enough.`, facts };
}

/** One line for each signature and log, the newest, with how often it came. */
export function logFacts(logs: AssessmentInput["logs"]): AssessedFact[] {
  const groups = Map.groupBy(
    logs.filter(({ severity }) => severity !== "harmless"),
    ({ source, signature }) => `${signature} ${source}`,
  );
  return [...groups.values()].flatMap((lines) => {
    const newest = lines.reduce((last, line) => (line.at > last.at ? line : last));
    const { source, means, line, at } = newest;
    return { text: `${source}, ${lines.length}×: ${means} "${line}"`, link: "/nodes", at };
  });
}

function atNetwork(
  { finalityLagEpochs, branches, epochs }: AssessmentInput,
  scope: IncidentScope,
  { strangers, usual }: NetworkLosses,
  now: number,
): FirstLook {
  const question = "network";
  const at = epochs.at(-1)?.at ?? now;
  const facts: AssessedFact[] = [
    ...(strangers === undefined
      ? []
      : [
          {
            text: `other validators lose ${percent(strangers + usual)} of their attestations; usual is ${percent(usual)}`,
            link: "/",
            at,
          },
        ]),
    ...(finalityLagEpochs === undefined
      ? []
      : [{ text: `finality is ${finalityLagEpochs} epochs back; 2 is usual`, link: "/nodes", at: now }]),
    ...(branches.length < 2 ? [] : branches.map((branch) => branchFact(branch, now))),
  ];
  if (scope === "network") return { question, verdict: "bad", sentence: "The network itself is in trouble.", facts };
  if (strangers === undefined && finalityLagEpochs === undefined)
    return { question, verdict: "unknown", sentence: "Nothing is known of the network.", facts };
  const isOdd = (strangers ?? 0) >= 0.02 || (finalityLagEpochs ?? 0) > 3 || branches.length > 1;
  if (isOdd) return { question, verdict: "warning", sentence: "The network is not quite as usual.", facts };
  return { question, verdict: "good", sentence: "The network does as usual.", facts };
}

export function branchFact(
  { root, slot, nodes, independent }: AssessmentInput["branches"][number],
  at: number,
): AssessedFact {
  const text = `branch ${root.slice(0, 10)} at slot ${slot}: ${nodes.join(", ")} (${independent} independent)`;
  return { text, link: "/nodes", at };
}

const namesOf = (hosts: readonly AssessedHost[]) => hosts.map(({ name }) => name);

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** "group a", "2 groups (a, b)"; long lists are cut. */
export function listed(names: readonly string[], what: string): string {
  if (names.length === 1) return `${what} ${names[0]}`;
  const shown = names.slice(0, 4).join(", ");
  return `${names.length} ${what}s (${shown}${names.length > 4 ? " …" : ""})`;
}
