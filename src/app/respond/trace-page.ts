import type { PageTrace } from "../../api/contract-oncall.ts";
import type { DutyException } from "../../duties/types.ts";
import { labelOf, type Labels } from "../../alerts/labels.ts";
import type { NoticeAlert } from "../../alerts/notice/types.ts";
import { AppError } from "../../lib/app-error.ts";
import type { OutboxMessage } from "../../outbox/types.ts";
import type { RespondSettings } from "../../respond/settings.ts";
import type { AlertEvent, Episode } from "../../respond/types.ts";
import { episodeIdOf } from "../../respond/references.ts";
import { utc } from "../../respond/texts.ts";
import type { EmbargoFor } from "./embargo-for.ts";
import { showPage, veilPage } from "./page-views.ts";

export interface TraceSources {
  /** Which incident the reader may not read of. */
  embargo: EmbargoFor;
  message(id: string): Promise<OutboxMessage | undefined>;
  episode(id: string): Promise<Episode | undefined>;
  /** Newest first. */
  events(fingerprint: string): Promise<readonly AlertEvent[]>;
  /** Lost duties of validators with these labels near an instant, newest first. */
  losses(labels: Labels, at: number): Promise<readonly DutyException[]>;
  /** What became of a node in the half hour up to an instant, newest first. */
  changes(node: string, at: number): Promise<readonly { at: number; text: string }[]>;
  settings(): RespondSettings;
}

type TraceStep = PageTrace["steps"][number];

const mostAlerts = 3;
const mostLosses = 3;
/** Labels that name a set of validators. */
const cohortLabels = ["customer", "group", "operator", "region", "validatorClient", "provider"];

/** From a message back to what caused it: escalation, incident, group, alerts, the facts they were judged by, the lost duties and the nodes. */
export async function tracePage(id: string, sources: TraceSources): Promise<PageTrace> {
  const message = await sources.message(id);
  if (!message)
    throw new AppError(`trace ${id}: no message has this id. \`slotkeeper page list\` shows those that are kept.`, {
      code: "not-found",
    });
  const steps: TraceStep[] = [messageStep(message)];
  const hidden = await sources.embargo(message);
  if (hidden !== undefined) {
    const text = `It belongs to ${hidden}, which is under embargo: responders see more.`;
    steps.push({ what: "incident", at: message.createdAt, text, link: `/incidents/${hidden}` });
    return { page: veilPage(showPage(message), hidden), steps };
  }
  const episode = await sources.episode(episodeIdOf(message.dedupKey));
  if (episode) {
    steps.push(...episodeSteps(episode));
    for (const alert of episode.alerts.slice(0, mostAlerts)) steps.push(...(await alertSteps(alert, sources)));
  } else if (message.kind === "test") {
    steps.push({ what: "fact", at: message.createdAt, text: "A person asked for a test page.", link: "/on-call" });
  }
  return { page: showPage(message), steps };
}

function messageStep({ kind, recipient, channel, state, createdAt, sentAt, attempt }: OutboxMessage): TraceStep {
  const ending = sentAt === undefined ? `is ${state}` : `was accepted ${utc(sentAt)}`;
  const text = `A message (${kind}) to ${recipient} over ${channel} was written ${utc(createdAt)} and ${ending}, attempt ${attempt}.`;
  return { what: "message", at: createdAt, text, link: "/alerts" };
}

function episodeSteps({ escalation, incident, title, labels, toldSince }: Episode): TraceStep[] {
  const steps: TraceStep[] = [];
  if (escalation)
    steps.push({
      ...{ what: "escalation", at: escalation.startedAt, link: "/on-call" },
      text: `Policy ${escalation.chain.name} paged from ${utc(escalation.startedAt)}; it is ${escalation.kind}.`,
    });
  if (incident !== undefined)
    steps.push({ what: "incident", at: toldSince, text: `It belongs to ${incident}.`, link: `/incidents/${incident}` });
  const shared = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  steps.push({ what: "group", at: toldSince, text: `"${title}", alerts with ${shared.join(", ")}.`, link: "/alerts" });
  return steps;
}

async function alertSteps(alert: NoticeAlert, sources: TraceSources): Promise<TraceStep[]> {
  const events = await sources.events(alert.fingerprint);
  const fired = events.find(({ kind, at }) => kind === "firing" && at <= alert.startsAt + 1_000);
  const name = labelOf(alert.labels, "alertname");
  const firedAt = fired?.at ?? alert.startsAt;
  const steps: TraceStep[] = [
    { what: "alert", at: firedAt, text: `${name} began to fire ${utc(firedAt)}: ${alert.summary}`, link: "/alerts" },
  ];
  const rule = sources.settings().rules.find((each) => each.alert === name && each.severity === alert.severity);
  if (rule && fired) {
    const value = fired.value === null ? "" : `; the value was ${fired.value}`;
    steps.push({ what: "fact", at: firedAt, text: `Its condition: ${rule.expr}${value}.`, link: "/alerts" });
  }
  steps.push(...(await dutySteps(alert, firedAt, sources)), ...(await nodeSteps(alert, firedAt, sources)));
  return steps;
}

async function dutySteps(alert: NoticeAlert, at: number, sources: TraceSources): Promise<TraceStep[]> {
  const isAboutDuties = ["performance", "missed", "late", "slow-blocks"].includes(labelOf(alert.labels, "class"));
  if (!isAboutDuties) return [];
  const cohort = Object.fromEntries(Object.entries(alert.labels).filter(([name]) => cohortLabels.includes(name)));
  const losses = await sources.losses(cohort, at);
  return losses.slice(0, mostLosses).map(({ validatorIndex, slot, epoch, kind, outcome, cause }) => {
    const proof = cause.evidence.map(({ origin, text }) => `${origin}: ${text}`).join("; ");
    return {
      ...{ what: "duty", at: cause.evidence[0]?.at ?? at, link: `/validators/${validatorIndex}?epoch=${epoch}` },
      text: `Validator ${validatorIndex}, slot ${slot}: ${kind} ${outcome}, cause ${cause.code} (${cause.confidence}). ${proof}`.trim(),
    };
  });
}

async function nodeSteps(alert: NoticeAlert, at: number, sources: TraceSources): Promise<TraceStep[]> {
  const node = labelOf(alert.labels, "node");
  if (node === "") return [];
  const changes = await sources.changes(node, at);
  return changes.slice(0, mostLosses).map((change) => ({
    ...{ what: "node", at: change.at, text: `${node}: ${change.text}` },
    link: `/nodes?find=${encodeURIComponent(node)}`,
  }));
}
