import { percent } from "../../lib/amounts.ts";
import { forecastSentence } from "../../sla/forecast-sentence.ts";
import { branchFact, firstLook, groupsDown, listed, logFacts, silentHosts } from "./first-look.ts";
import type { AssessmentInput } from "./input.ts";
import { judgeScope, networkLosses, type NetworkLosses, type ScopeVerdict } from "./judge-scope.ts";
import { labelSets } from "./label-sets.ts";
import { recentChanges } from "./recent-changes.ts";
import type { AssessedFact, Assessment, SlaRisk, VictimCohort } from "./types.ts";

/** How far back a change may be to be of interest: a restart that failed was found two days later (practice, incident 38). */
const changesMs = 48 * 3_600_000;
const mostEvidence = 12;

/**
 * What is known of an incident at `now` (ms since 1970): how far it reaches and why, what its victims share, what to look at
 * first. Pure, and the order of validators changes nothing.
 */
export function assess(given: AssessmentInput, now: number): Assessment {
  const input = withSlashed(given);
  const cohorts = labelSets({ ...input, suspects: suspectsOf(input, now) });
  const losses = networkLosses(input, input.fromAt);
  const verdict = judgeScope(input, losses, cohorts);
  const watched = input.watched.reduce((sum, { validators }) => sum + validators, 0);
  const customers = new Set(input.victims.flatMap(({ labels }) => labels["customer"] || []));
  const victims = {
    count: input.victims.length,
    stakeGwei: input.victims.reduce((sum, { stakeGwei }) => sum + stakeGwei, 0),
    ofWatched: watched,
    customers: [...customers].sort(),
  };
  return {
    ...{ at: now, ...verdict, victims, cohorts },
    sentence: sentenceOf(input, verdict, losses, cohorts, watched),
    evidence: evidenceOf(input, losses, cohorts, now),
    firstLook: firstLook(input, verdict.scope, losses, now),
    causes: [...input.causes].sort((a, b) => b.lost - a.lost || (a.code < b.code ? -1 : 1)),
    changes: recentChanges(input, now - changesMs, now),
    logSignatures: logFacts(input.logs).slice(0, mostEvidence),
    penaltiesGwei: input.penaltiesGwei,
    slaRisks: slaRisks(input, now),
  };
}

/** Who was slashed is the incident; who lost duties beside it is told by the numbers. */
function withSlashed(input: AssessmentInput): AssessmentInput {
  return input.slashed.length === 0 ? input : { ...input, victims: input.slashed, ordinaryRate: 0 };
}

/** Names of what is seen to be broken: of label sets that explain alike, theirs come first. */
function suspectsOf({ about, nodes, hosts, logs }: AssessmentInput, now: number): ReadonlySet<string> {
  const silent = silentHosts(hosts, now);
  const darkProviders = [...Map.groupBy(hosts, ({ provider }) => provider ?? "")].flatMap(([provider, of]) =>
    of.length > 1 && of.every((host) => silent.includes(host)) ? [provider] : [],
  );
  const failed = nodes.filter(({ health, operator }) => health !== "ready" && operator === "active");
  const badLogs = logs.filter(({ severity }) => severity === "bad");
  const names = [
    ...groupsDown(nodes),
    ...failed.map(({ node }) => node),
    ...silent.map(({ name }) => name),
    ...hosts.flatMap(({ name, verdict }) => (verdict === "bad" ? [name] : [])),
    ...darkProviders,
    ...badLogs.flatMap(({ node, validatorClient }) => [node ?? "", validatorClient ?? ""]),
    ...familiesDown(nodes),
    ...Object.values(about),
  ];
  return new Set(names.filter((name) => name !== ""));
}

/** Clients of which every node failed, while nodes of others are ready. */
function familiesDown(nodes: AssessmentInput["nodes"]): string[] {
  const clients = nodes.flatMap((node) =>
    node.operator === "active"
      ? node.clientFamily.split("/").map((client) => ({ client, isReady: node.health === "ready" }))
      : [],
  );
  if (!clients.some(({ isReady }) => isReady)) return [];
  const byClient = Map.groupBy(clients, ({ client }) => client);
  return [...byClient].flatMap(([client, of]) => (of.some(({ isReady }) => isReady) ? [] : [client]));
}

/** Customers whose agreement is broken or will be at this rate, the soonest first. */
function slaRisks({ sla }: AssessmentInput, now: number): readonly SlaRisk[] {
  return sla
    .flatMap(({ customer, standing }): SlaRisk[] => {
      const { reason, sentence } = forecastSentence(standing, now);
      const isAtRisk = reason === "budget-used-up" || reason === "budget-running-out";
      return isAtRisk ? [{ customer, sentence, breachAt: standing.breachesAt }] : [];
    })
    .sort((a, b) => (a.breachAt ?? now) - (b.breachAt ?? now) || (a.customer < b.customer ? -1 : 1));
}

/** "validatorClient vc1", "executionClient geth and region eu". */
export function labelWords(labels: VictimCohort["labels"]): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key} ${value}`)
    .join(" and ");
}

function sentenceOf(
  input: AssessmentInput,
  { reason }: ScopeVerdict,
  { strangers = 0, usual }: NetworkLosses,
  [best]: readonly VictimCohort[],
  watched: number,
): string {
  const { victims, finalityLagEpochs = 0 } = input;
  const others = strangers < 0.02 ? "the network does as usual" : `other validators lose ${percent(strangers + usual)}`;
  const ours =
    victims.length === 0 ? "none of ours is known to be hit" : `${victims.length} of ${watched} of ours are hit`;
  const share = best === undefined ? "" : `, nearly all with ${labelWords(best.labels)}`;
  switch (reason) {
    case "finality-stale":
      return `The whole network: finality is ${finalityLagEpochs} epochs back, 2 is usual; ${ours}${share}.`;
    case "network-falls":
      return `The whole network: other validators lose ${percent(strangers + usual)} of their attestations; ${ours}${share}.`;
    case "branches-confirmed":
      return `The whole network: independent sources follow ${input.branches.length} branches; ${ours}${share}.`;
    case "own-key-slashed":
      return victims.length === 1
        ? `Validator ${victims[0]?.index} of ours was slashed.`
        : `${victims.length} validators of ours were slashed${share}.`;
    case "one-key":
      return `One validator, ${victims[0]?.index}, loses its duties; ${others}.`;
    case "label-set-explains":
      return `${victims.length} of ${watched} validators lose duties${share}, of which ${percent(best?.density ?? 0)} are hit; ${others}.`;
    case "no-label-set":
      return `${victims.length} of ${watched} validators lose duties and share no label that the others lack; ${others}.`;
    case "losses-ordinary":
      return `${victims.length} of ${watched} validators lost a duty, as on any day.`;
    case "network-not-known":
      return `${victims.length} of ${watched} validators lose duties; nothing is known of the rest of the network.`;
    case "no-duty-lost":
      return `No lost duty is known yet${nodeTrouble(input)}.`;
    default:
      return `Nothing is judged yet${nodeTrouble(input)}.`;
  }
}

function nodeTrouble({ nodes }: AssessmentInput): string {
  const down = groupsDown(nodes);
  return down.length === 0 ? "" : `; no beacon node is ready in ${listed(down, "group")}`;
}

function evidenceOf(
  input: AssessmentInput,
  { strangers, own, usual, seenIn }: NetworkLosses,
  cohorts: readonly VictimCohort[],
  now: number,
): readonly AssessedFact[] {
  const at = input.epochs.at(-1)?.at ?? now;
  const facts: AssessedFact[] = input.slashed.map(({ index }) => ({
    ...{ text: `validator ${index} was slashed`, link: `/validators/${index}`, at },
  }));
  if (strangers !== undefined)
    facts.push({
      text: `${seenIn}: other validators lose ${percent(strangers + usual)} (usual ${percent(usual)}); ours ${percent(own ?? 0)} more than usual`,
      ...{ link: "/", at },
    });
  if (input.finalityLagEpochs !== undefined)
    facts.push({ text: `finality is ${input.finalityLagEpochs} epochs back; 2 is usual`, link: "/nodes", at: now });
  for (const branch of input.branches.length > 1 ? input.branches : []) facts.push(branchFact(branch, now));
  for (const { labels, coverage, density, victims, validators } of cohorts)
    facts.push({
      text: `${labelWords(labels)}: ${percent(Math.min(1, coverage))} of the victims, ${victims} of its ${validators} validators hit (${percent(density)})`,
      ...{ link: cohortLink(labels), at },
    });
  return facts.slice(0, mostEvidence);
}

/** The page shows one label at a time. */
function cohortLink(labels: VictimCohort["labels"]): string | undefined {
  const [first] = Object.entries(labels);
  return first && `/validators?key=${encodeURIComponent(first[0])}&value=${encodeURIComponent(first[1])}`;
}
