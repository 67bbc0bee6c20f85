import { defaultRules } from "../../src/alerts/default-rules.ts";
import type { Fact } from "../../src/alerts/fact.ts";
import { defaultGrouping } from "../../src/alerts/notice/types.ts";
import { defaultInhibitRules } from "../../src/alerts/suppress/default-inhibit-rules.ts";
import {
  performanceFacts,
  performanceOf,
  recentOutcomeOf,
  type RecentEpoch,
} from "../../src/alerts/underperforming.ts";
import type { AssessmentParts } from "../../src/app/respond/gather-assessment.ts";
import { branchesOf, nodesOf } from "../../src/app/respond/assessed-nodes.ts";
import { finalityDistanceEpochs } from "../../src/control/judge-group.ts";
import { dutyBits, type EpochResult } from "../../src/duties/types.ts";
import type { Assessment } from "../../src/incidents/assessment/types.ts";
import { withAssessment } from "../../src/incidents/with-assessment.ts";
import { changeIncident } from "../../src/respond/acts/incident.ts";
import { emptyState } from "../../src/respond/rows.ts";
import type { RespondSettings } from "../../src/respond/settings.ts";
import { respondStep, type StepInput } from "../../src/respond/step.ts";
import type { RespondState } from "../../src/respond/types.ts";
import type { SimWatch } from "./follow-sim.ts";
import type { Play } from "./scenario.ts";

/** Pages by the title of their alarm, as the monitor's own step from facts to messages writes them. */
export interface Pager {
  /** `assessment`: what is found out at this instant, or `undefined` before the impact. */
  look(now: number, assessment: Assessment | undefined): void;
  readonly pages: Readonly<Record<string, number>>;
}

/** One person who is paged for everything critical, and never answers; nothing is held back. */
const settings: RespondSettings = {
  ...{ rules: defaultRules, grouping: defaultGrouping, inhibitRules: defaultInhibitRules, mutes: [], schedules: [] },
  routes: [{ matchers: [], policy: "bench", tell: [], tellFrom: "warning" }],
  people: [{ name: "ann", timeZone: "UTC", contacts: [{ channel: "bench", address: "" }] }],
  policies: [
    { name: "bench", steps: [{ afterMs: 0, notify: [{ person: "ann" }] }], repeats: 0, repeatAfterMs: 7 * 86_400_000 },
  ],
  throttle: { burst: 1_000, refillMs: 1_000 },
  ...{ fallbacks: [], publicUrl: "https://bench.example", closeUntakenAfterMs: 30 * 60_000 },
};

const cohortKeys = ["customer", "group", "operator", "region", "validatorClient", "provider"];

/**
 * Facts that judged epochs, nodes and machines give; those on requests, balances, sync committee and logs are left out, so that their rules rest.
 */
export function createPager({ watch, parts, play }: { watch: SimWatch; parts: AssessmentParts; play: Play }): Pager {
  const facts = new Map<string, Fact>();
  const pages: Record<string, number> = {};
  let state: RespondState = emptyState;
  let taken = 0;
  let slashed = 0;
  const put = (name: string, labels: Fact["labels"], value: number, at: number) =>
    facts.set(`${name} ${JSON.stringify(labels)}`, { name, labels, value, at });

  function takeDuties(results: readonly EpochResult[], at: number): void {
    const newest = results.at(-1);
    if (!newest) return;
    const recent = results.slice(-3).map(recentEpoch);
    const stake = new Float64Array(newest.columns.indices.length).fill(32);
    for (const fact of performanceFacts(performanceOf(recent, stake, undefined), undefined, at))
      facts.set(keyOf(fact), fact);
    for (const { key, value, members } of watch.duties.watched().cohorts) {
      if (!cohortKeys.includes(key)) continue;
      for (const fact of performanceFacts(performanceOf(recent, stake, members), { key, value }, at))
        facts.set(keyOf(fact), fact);
    }
    for (const { key, value, totals } of newest.cohorts)
      if (key === "validatorClient")
        put("missed_attestations_ratio", { [key]: value }, 1 - totals.included / totals.assigned, at);
    put("network_participation_ratio", {}, newest.network.timelyTarget / newest.network.assigned, at);
    const lost = results.flatMap(({ proposals }) => proposals).filter(({ outcome }) => outcome !== "proposed").length;
    put("missed_proposals", {}, lost, at);
    put("own_validators_slashed", {}, slashed, at);
  }

  function takeNodes(now: number): void {
    const observed = parts.observed();
    const lags = observed
      .flatMap(({ status }) => status?.groups ?? [])
      .flatMap((group) => finalityDistanceEpochs(group) ?? []);
    if (lags.length > 0) put("finality_lag_epochs", {}, Math.min(...lags), now);
    put("chain_split_branches", {}, Math.max(1, branchesOf(observed).length), now);
    for (const [group, of] of Map.groupBy(nodesOf(observed), (node) => node.group)) {
      const ready = of.filter(({ health, operator }) => health === "ready" && operator === "active").length;
      put("upstream_ready_count", { group }, ready, now);
      for (const { node, health, operator } of of)
        put("upstream_not_ready", { group, node }, Number(health !== "ready" && operator === "active"), now);
    }
    const silent = parts.signals.hosts().filter(({ readAt = now }) => now - readAt > 60_000);
    for (const { name, readAt = now } of parts.signals.hosts())
      put("host_silent_seconds", { host: name }, (now - readAt) / 1_000, now);
    for (const [provider, of] of Map.groupBy(play.hosts, (host) => host.provider)) {
      const count = of.filter(({ name }) => silent.some((host) => host.name === name)).length;
      put("provider_hosts_silent", { provider }, count >= 2 ? count : 0, now);
    }
  }

  function step(now: number, input: StepInput, assessment?: Assessment): void {
    const context = { settings, now, gateways: [], listeningSince: 0, linkTo: () => "https://bench.example" };
    const { after, commit } = respondStep(state, input, context, (draft, of) => {
      for (const { reference } of assessment ? draft.state.incidents : [])
        changeIncident(draft, of, reference, (incident) =>
          assessment ? withAssessment(incident, assessment, now) : { kind: "done", incident, entries: [] },
        );
    });
    state = after;
    for (const { kind, body } of commit.messages) if (kind === "page") pages[body.title] = (pages[body.title] ?? 0) + 1;
  }

  return {
    pages,
    look(now, assessment) {
      const { results } = watch;
      for (; taken < results.length; taken++)
        if (results[taken]?.state === "provisional") slashed += results[taken]?.slashings.length ?? 0;
      const newest = [...new Map(results.map((result) => [result.epoch, result])).values()].sort(
        (a, b) => a.epoch - b.epoch,
      );
      takeDuties(newest.slice(-9), now);
      takeNodes(now);
      step(now, { rules: { facts: [...facts.values()] } });
      // The monitor assesses what is declared within seconds.
      step(now + 2_000, {}, assessment);
    },
  };
}

const keyOf = ({ name, labels }: Fact) => `${name} ${JSON.stringify(labels)}`;

function recentEpoch({ columns, network }: EpochResult): RecentEpoch {
  return {
    outcomes: Uint8Array.from(columns.duty, (bits) =>
      recentOutcomeOf({
        isAssigned: (bits & dutyBits.assigned) !== 0,
        isIncluded: (bits & dutyBits.included) !== 0,
        hasTimelyTarget: (bits & dutyBits.timelyTarget) !== 0,
      }),
    ),
    networkAssigned: network.assigned,
    networkBad: network.assigned - network.timelyTarget,
  };
}
