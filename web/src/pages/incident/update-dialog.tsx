import { useState } from "react";
import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import { incidentStatuses } from "../../../../src/incidents/types.ts";
import { updateIncident } from "../../live/respond-api.ts";
import type { Action } from "../../live/use-action.ts";
import {
  incidentSeverities,
  incidentTypes,
  isSettable,
  severityMeaning,
  typeWord,
} from "../../model/incident-words.ts";
import { updateBody, type UpdateDraft } from "../../model/update-draft.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import form from "../../parts/form.module.css";
import type { HeadAction } from "./incident-actions.tsx";

/** Status, severity, type and words in one go; only what differs is sent. */
export function UpdateDialog({ action, incident }: { action: Action<HeadAction>; incident: IncidentDetail }) {
  // What somebody else changes meanwhile differs from the draft, and is not taken back by it.
  const [before] = useState(incident);
  const [draft, setDraft] = useState<UpdateDraft>({ ...incident, note: "" });
  const { reference } = incident;
  const body = updateBody(before, draft);
  const set = (part: Partial<UpdateDraft>) => setDraft({ ...draft, ...part });
  const statuses = incidentStatuses.filter((one) => one === before.status || isSettable(one));
  return (
    <ActionDialog
      action={action}
      name="update"
      title={`Update ${reference}`}
      confirm="Update"
      isIncomplete={body === undefined}
      call={(token) => updateIncident(reference, body ?? {}, token)}
    >
      <label className={form.field}>
        Status
        <select
          autoFocus
          value={draft.status}
          onChange={(event) => set({ status: statuses.find((one) => one === event.target.value) ?? draft.status })}
        >
          {statuses.map((status) => (
            <option key={status} value={status}>
              {status}
            </option>
          ))}
        </select>
      </label>
      <label className={form.field}>
        Severity
        <select
          value={draft.severity}
          onChange={(event) =>
            set({ severity: incidentSeverities.find((one) => one === event.target.value) ?? draft.severity })
          }
        >
          {incidentSeverities.map((severity) => (
            <option key={severity} value={severity}>
              {severity}: {severityMeaning[severity]}
            </option>
          ))}
        </select>
      </label>
      <label className={form.field}>
        Type
        <select
          value={draft.type}
          onChange={(event) => set({ type: incidentTypes.find((one) => one === event.target.value) ?? draft.type })}
        >
          {incidentTypes.map((type) => (
            <option key={type} value={type}>
              {typeWord(type)}
            </option>
          ))}
        </select>
      </label>
      <label className={form.field}>
        Title
        <input required maxLength={200} value={draft.title} onChange={(event) => set({ title: event.target.value })} />
      </label>
      <label className={form.field}>
        Summary
        <textarea
          rows={3}
          maxLength={4_000}
          value={draft.summary}
          onChange={(event) => set({ summary: event.target.value })}
        />
      </label>
      <label className={form.field}>
        Note for the timeline
        <input maxLength={2_000} value={draft.note} onChange={(event) => set({ note: event.target.value })} />
      </label>
    </ActionDialog>
  );
}
