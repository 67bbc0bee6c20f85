import type { InboundAlert } from "../inbound/types.ts";
import { labelOf } from "../labels.ts";
import { worstSeverity } from "../severity.ts";
import type { AlertState } from "../state/types.ts";
import { suppressAlerts, type SuppressionInput } from "../suppress/suppressions.ts";
import type { FiringAlert } from "./types.ts";

/** Everything that fires now, our own and inbound, with what suppresses it: what `groupAlerts` takes. */
export function firingAlerts(
  states: readonly AlertState[],
  inbound: readonly InboundAlert[],
  suppression: SuppressionInput,
  now: number,
): FiringAlert[] {
  const own = states.filter(({ kind }) => kind === "firing").map(fromState);
  const others = inbound.filter(({ status }) => status !== "resolved").map(fromInbound);
  return suppressAlerts([...own, ...others], suppression, now);
}

function fromState(state: AlertState): Omit<FiringAlert, "suppressedBy"> {
  const { fingerprint, labels, severity, summary, description, runbook, playbook, firedAt, unknownSince } = state;
  const texts = { summary, description, runbook, playbook };
  return { fingerprint, labels, severity, ...texts, startsAt: firedAt, isUnknown: unknownSince !== 0 };
}

function fromInbound({ fingerprint, labels, annotations, startsAt }: InboundAlert): Omit<FiringAlert, "suppressedBy"> {
  const text = (name: string) => labelOf(annotations, name);
  return {
    ...{ fingerprint, labels, startsAt, severity: worstSeverity([labelOf(labels, "severity")]) },
    summary: text("summary") || text("title") || labelOf(labels, "alertname"),
    description: text("description") || text("message"),
    runbook: text("runbook_url"),
    playbook: text("playbook"),
    isUnknown: false,
  };
}
