import { useState } from "react";
import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import { mergeIncident, resolveIncident } from "../../live/respond-api.ts";
import { useRespondNow } from "../../live/respond-queries.ts";
import type { Action } from "../../live/use-action.ts";
import { plural } from "../../model/format.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import form from "../../parts/form.module.css";
import { Notice } from "../../parts/notice.tsx";
import type { HeadAction } from "./incident-actions.tsx";

interface DialogProps {
  action: Action<HeadAction>;
  incident: IncidentDetail;
}

export function ResolveDialog({ action, incident }: DialogProps) {
  const [summary, setSummary] = useState(incident.summary);
  const { reference, alertsFiring, tasks } = incident;
  const openTasks = tasks.filter(({ state }) => state === "open").length;
  return (
    <ActionDialog
      action={action}
      name="resolve"
      title={`Resolve ${reference}?`}
      confirm={`Resolve ${reference}`}
      call={(token) => resolveIncident(reference, summary.trim(), token)}
    >
      {alertsFiring > 0 && (
        <Notice
          tone="warn"
          title={`${plural(alertsFiring, "alert")} of it still ${alertsFiring === 1 ? "fires" : "fire"}.`}
        >
          Resolving ends the incident, not the alert.
        </Notice>
      )}
      {openTasks > 0 && <Notice tone="warn" title={`${plural(openTasks, "task")} not done yet.`} />}
      <p>Whoever was told that it is open is told that it is over.</p>
      <label className={form.field}>
        What it was and what ended it, for whoever reads it later
        <textarea
          rows={4}
          maxLength={4_000}
          autoFocus
          value={summary}
          onChange={(event) => setSummary(event.target.value)}
        />
      </label>
    </ActionDialog>
  );
}

export function MergeDialog({ action, incident }: DialogProps) {
  const [into, setInto] = useState("");
  const { reference } = incident;
  const others = (useRespondNow()?.openIncidents ?? []).filter((row) => row.reference !== reference);
  return (
    <ActionDialog
      action={action}
      name="merge"
      title={`Merge ${reference} into another incident?`}
      confirm={into === "" ? "Merge" : `Merge into ${into}`}
      isIncomplete={into === ""}
      call={(token) => mergeIncident(reference, into, token)}
    >
      {others.length === 0 ? (
        <Notice tone="unknown" title="No other incident is open.">
          There is nothing that it could be merged into.
        </Notice>
      ) : (
        <>
          <p>
            This one is over; its alerts, its timeline and its tasks go on in the other one. It cannot be taken apart
            again.
          </p>
          <label className={form.field}>
            Into
            <select autoFocus value={into} onChange={(event) => setInto(event.target.value)}>
              <option value="">choose one</option>
              {others.map((row) => (
                <option key={row.reference} value={row.reference}>
                  {row.reference} {row.title}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
    </ActionDialog>
  );
}
