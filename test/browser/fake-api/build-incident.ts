import type { ShownPage } from "../../../src/api/contract-oncall.ts";
import type { IncidentDetail, IncidentRow, ShownEpisode } from "../../../src/api/contract-respond.ts";
import type { AssessedFact, Assessment } from "../../../src/incidents/assessment/types.ts";

const minute = 60_000;

/** Half of the validators miss, because the execution client of one node is offline. */
export function assessmentOf(now: number): Assessment {
  const fact = (text: string, link: string | undefined, agoMs: number): AssessedFact => ({
    text,
    link,
    at: now - agoMs,
  });
  return {
    at: now - 20_000,
    scope: "multiple",
    reason: "scope-not-known",
    sentence: "210 of 400 validators missed the last two epochs, while the network voted as usual.",
    evidence: [
      fact("Network participation 99.2 % in epoch 300,112", "/", 40_000),
      fact("All 210 victims use validator client vc-2", "/validators?key=validatorClient&value=vc-2", 40_000),
    ],
    victims: { count: 210, stakeGwei: 210 * 32e9, ofWatched: 400, customers: ["acme", "lido"] },
    cohorts: [
      { labels: { validatorClient: "vc-2" }, coverage: 1, density: 0.98, victims: 210, validators: 214 },
      { labels: { provider: "hetzner", region: "fsn1" }, coverage: 0.93, density: 0.81, victims: 195, validators: 240 },
    ],
    firstLook: [
      {
        ...{ question: "nodes", verdict: "bad", sentence: "bn-2 is down: its execution client is offline." },
        facts: [fact("bn-2 ready → down, execution client offline", "/nodes?open=gateway%2Fmain%2Fbn-2", 8 * minute)],
      },
      {
        ...{ question: "machines", verdict: "warning", sentence: "The disk of host-02 is full in 2 days." },
        facts: [fact("host-02: 24 GB free of 2 TB", "/nodes", 30_000)],
      },
      {
        ...{ question: "logs", verdict: "bad", sentence: "geth on host-02 ended with a database error." },
        facts: [fact("“Failed to write block: no space left on device”, 12 times", undefined, 9 * minute)],
      },
      {
        ...{ question: "network", verdict: "good", sentence: "Finality and participation are as always." },
        facts: [fact("Finalized 2 epochs ago, as the references say", undefined, 20_000)],
      },
    ],
    causes: [
      { code: "el-offline", lost: 398 },
      { code: "unknown", lost: 22 },
    ],
    changes: [fact("bn-2 went from Geth 1.14.2 to 1.14.3", "/nodes?open=gateway%2Fmain%2Fbn-2", 45 * minute)],
    logSignatures: [fact("geth: no space left on device (12 lines)", undefined, 9 * minute)],
    penaltiesGwei: 4_812_345,
    slaRisks: [
      { customer: "acme", sentence: "Budget of the month 71 % used.", breachAt: now + 3 * 3_600_000 + 10 * minute },
      { customer: "lido", sentence: "Budget of the month 20 % used.", breachAt: undefined },
    ],
  };
}

export const episodeOf = (now: number): ShownEpisode => ({
  ...{ id: "g1@1", groupKey: "g1", title: "52 % of validators miss", severity: "critical", labels: {} },
  ...{ startsAt: now - 10 * minute, incident: "INC-17" },
  escalation: { kind: "triggered", policy: "night", by: undefined, nextAt: now + 4 * minute },
  told: [
    { recipient: "alice", channel: "telegram" },
    { recipient: "ops", channel: "slack" },
  ],
});

export const messageOf = (now: number, part: Partial<ShownPage> = {}): ShownPage => ({
  ...{
    id: "m-1",
    kind: "page",
    state: "sent",
    recipient: "alice",
    channel: "telegram",
    title: "52 % of validators miss",
  },
  ...{ createdAt: now - 9 * minute, sentAt: now - 9 * minute + 800, attempt: 1, errorClass: undefined },
  ...{ reason: undefined, detail: undefined, providerMessageId: "77", fallbackOf: undefined },
  ...part,
});

/** An outage of ten minutes that nobody has taken yet, with everything that an incident can hold. */
export function incidentOf(now: number, part: Partial<IncidentDetail> = {}): IncidentDetail {
  const reference = part.reference ?? "INC-17";
  const entry = (id: string, agoMs: number, kind: IncidentDetail["timeline"][number]["kind"], text: string) => ({
    ...{ id, reference, at: now - agoMs, kind, text, author: "slotkeeper" },
  });
  return {
    ...{ reference, type: "outage", severity: "sev2", status: "triage", title: "Half of the validators miss" },
    ...{ isEmbargoed: false, scope: "multiple", declaredAt: now - 10 * minute, acknowledgedAt: undefined },
    ...{ resolvedAt: undefined, commander: undefined, alertsFiring: 2, summary: "", labelSets: [] },
    source: { kind: "alert", groupKey: "g1" },
    roles: {},
    instants: { impactStartedAt: now - 23 * minute, detectedAt: now - 11 * minute, declaredAt: now - 10 * minute },
    assessment: assessmentOf(now),
    tasks: [
      { id: "t1", text: "Free disk on host-02", owner: "alice", state: "open" },
      { id: "t2", text: "Tell acme", owner: "", state: "open" },
      { id: "t3", text: "Look at vc-1", owner: "bob", state: "done" },
    ],
    holds: [],
    mergedInto: undefined,
    timeline: [
      entry("e1", 10 * minute, "declared", "Declared by the alarm UnderperformingValidators."),
      entry("e2", 10 * minute - 900, "page", "alice is paged by telegram."),
      entry("e3", 9 * minute, "assessed", "A part of ours: 210 of 400 validators, all of validator client vc-2."),
      {
        ...entry("e4", 4 * minute, "note", "I see the disk of host-02 filling up.\nLooking for what fills it."),
        author: "alice",
      },
    ],
    episodes: [episodeOf(now)],
    offers: [
      {
        ...{ id: "o1", kind: "drain", target: "bn-2", isAllowed: true, reason: "scope-not-known" },
        does: "New requests go to bn-1 and bn-3; what runs on bn-2 may end.",
        costs: "Nothing: two other nodes are ready.",
        why: "No signer is touched, and the other nodes are on the same branch.",
      },
      {
        ...{ id: "o2", kind: "hold", target: "main", isAllowed: true, reason: "scope-not-known" },
        does: "The gateway answers 503 to everything that validators of main would sign.",
        costs: "All 400 validators miss every epoch until a person releases it: about 1.4 million gwei an epoch.",
        why: "What is not signed cannot be slashed.",
      },
      {
        ...{ id: "o3", kind: "take-out", target: "host-01", isAllowed: false, reason: "scope-not-known" },
        does: "Drains bn-1, the only node of host-01.",
        costs: "One node would be left.",
        why: "It would leave a single ready node.",
      },
    ],
    pages: [
      messageOf(now),
      messageOf(now, {
        ...{ id: "m-2", kind: "firing", state: "failed", recipient: "ops", channel: "slack", attempt: 5 },
        ...{ sentAt: undefined, errorClass: "refused", detail: "channel_not_found" },
      }),
      messageOf(now, { id: "m-3", kind: "firing", recipient: "ops", channel: "email", fallbackOf: "m-2" }),
    ],
    playbooks: [
      {
        alert: "UnderperformingValidators",
        text: "Find what the victims share, then act on that. 1. Open the first victim's page and read the cause. 2. If one node is named, drain it. 3. On its host run `df -h` and `journalctl -u geth -n 200`.",
        runbook: "https://runbooks.example/underperforming",
      },
    ],
    ...part,
  };
}

/** The line of an incident in lists. */
export function rowOf(incident: IncidentDetail): IncidentRow {
  const { reference, type, severity, status, title, isEmbargoed, scope } = incident;
  const { declaredAt, acknowledgedAt, resolvedAt, commander, alertsFiring } = incident;
  return {
    ...{ reference, type, severity, status, title, isEmbargoed, scope },
    ...{ declaredAt, acknowledgedAt, resolvedAt, commander, alertsFiring },
  };
}
