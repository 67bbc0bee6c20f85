import { useId, useState } from "react";
import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import { incidentRoles, type IncidentRole } from "../../../../src/incidents/types.ts";
import { updateIncident } from "../../live/respond-api.ts";
import { useOnCallPage } from "../../live/respond-queries.ts";
import { useAction, type Action } from "../../live/use-action.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import form from "../../parts/form.module.css";
import { Section } from "../../parts/section.tsx";
import styles from "./roles.module.css";

/** Who does what. A role that nobody has is said, not hidden. */
export function Roles({ incident }: { incident: IncidentDetail }) {
  const action = useAction<"roles">();
  return (
    <Section title="Roles" aside={<Button onClick={() => action.ask("roles")}>Give roles…</Button>}>
      <ActionOutcome action={action} unchanged="No role was changed." />
      <dl className={styles.roles}>
        {incidentRoles.map((role) => (
          <div key={role}>
            <dt>{role}</dt>
            <dd data-nobody={incident.roles[role] === undefined || undefined}>{incident.roles[role] ?? "nobody"}</dd>
          </div>
        ))}
      </dl>
      {action.step.kind !== "idle" && action.step.kind !== "done" && (
        <RolesDialog action={action} incident={incident} />
      )}
    </Section>
  );
}

const does: Readonly<Record<IncidentRole, string>> = {
  commander: "decides, and keeps the whole in view",
  operations: "changes the systems",
  communications: "tells those who must know",
  scribe: "writes down what happens",
};

function RolesDialog({ action, incident }: { action: Action<"roles">; incident: IncidentDetail }) {
  // What somebody else changes meanwhile differs from what was typed, and is not taken back by it.
  const [before] = useState(incident.roles);
  const [names, setNames] = useState<Partial<Record<IncidentRole, string>>>(before);
  const { data: onCall } = useOnCallPage();
  const listId = useId();
  const changed = incidentRoles.filter((role) => (names[role] ?? "").trim() !== (before[role] ?? ""));
  const roles = Object.fromEntries(changed.map((role) => [role, (names[role] ?? "").trim()]));
  return (
    <ActionDialog
      action={action}
      name="roles"
      title={`Roles of ${incident.reference}`}
      confirm="Give roles"
      isIncomplete={changed.length === 0}
      call={(token) => updateIncident(incident.reference, { roles }, token)}
    >
      {incidentRoles.map((role, index) => (
        <label key={role} className={form.field}>
          <span>
            {role} <span className={form.hint}>{does[role]}</span>
          </span>
          <input
            autoFocus={index === 0}
            autoComplete="off"
            maxLength={80}
            list={listId}
            placeholder="nobody"
            value={names[role] ?? ""}
            onChange={(event) => setNames({ ...names, [role]: event.target.value })}
          />
        </label>
      ))}
      <datalist id={listId}>
        {onCall?.people.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </ActionDialog>
  );
}
