import { verifyAudit, type AuditRecord } from "../../access/audit.ts";
import type { Role } from "../../access/roles.ts";
import { severities, type Severity } from "../../alerts/severity.ts";
import type { AuditPage, RespondNow } from "../../api/contract-respond.ts";
import type { RespondPorts } from "../../api/ports-respond.ts";
import { bookOf } from "../../respond/draft.ts";
import { alertDesk } from "./desk-alerts.ts";
import { incidentDesk } from "./desk-incidents.ts";
import { onCallDesk } from "./desk-oncall.ts";
import type { DeskParts } from "./desk-parts.ts";
import { showIncidentRow } from "./incident-views.ts";
import { showOnCallNow } from "./oncall-views.ts";

const auditBatch = 1_000;
const judgedForMs = 60_000;

/** Alarms, on-call and incidents as the API serves them. */
export function createRespondDesk(parts: DeskParts): RespondPorts {
  const judgedAudit = auditJudge(parts);
  return {
    ...alertDesk(parts),
    ...incidentDesk(parts),
    ...onCallDesk(parts),
    now: (reader) => showNow(parts, reader),
    onChange: parts.onChange,
    settings: parts.settingsPage,
    async auditPage(after, limit) {
      const [records, verdict] = await Promise.all([parts.audit.read(after, limit), judgedAudit()]);
      return { records, verdict };
    },
  };
}

/** Follows the whole chain once a minute, and when there is something new. */
function auditJudge({ audit, clock }: DeskParts): () => Promise<AuditPage["verdict"]> {
  let judged: { at: number; verdict: Promise<AuditPage["verdict"]> } | undefined;
  async function judge(): Promise<AuditPage["verdict"]> {
    const records: AuditRecord[] = [];
    for (;;) {
      const batch = await audit.read(records.at(-1)?.id ?? 0, auditBatch);
      records.push(...batch);
      if (batch.length < auditBatch) break;
    }
    const verdict = verifyAudit(records);
    const why = verdict.isWhole ? undefined : `record ${verdict.brokenAtId}: ${verdict.why}`;
    return { isWhole: verdict.isWhole, count: records.length, why };
  }
  return async () => {
    const { count = 0 } = (await judged?.verdict) ?? {};
    const isOld = !judged || clock.monotonic() - judged.at >= judgedForMs || (await audit.read(count, 1)).length > 0;
    if (isOld) judged = { at: clock.monotonic(), verdict: judge() };
    return (judged ??= { at: clock.monotonic(), verdict: judge() }).verdict;
  };
}

function showNow({ engine, settings, clock, undelivered, revision }: DeskParts, reader: Role | undefined): RespondNow {
  const state = engine.state();
  const firing: Record<Severity, number> = { critical: 0, warning: 0, info: 0 };
  for (const { kind, severity } of state.alerts) if (kind === "firing") firing[severity] += 1;
  for (const { status, labels } of state.inbound)
    if (status !== "resolved") firing[severities.find((each) => each === labels["severity"]) ?? "warning"] += 1;
  return {
    ...{ at: clock.now(), firing, revision: revision() },
    isAnybodyTold: settings().routes.some(({ policy, tell }) => policy !== undefined || tell.length > 0),
    openIncidents: state.incidents.map((incident) => showIncidentRow(incident, state, reader)),
    onCall: showOnCallNow(bookOf(state, settings()), clock.now()),
    undelivered: undelivered().byChannel.reduce((sum, { count }) => sum + count, 0),
  };
}
