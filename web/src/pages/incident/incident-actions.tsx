import { acknowledgeIncident } from "../../live/respond-api.ts";
import { useAction } from "../../live/use-action.ts";
import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import { isOver } from "../../model/incident-words.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { useShortcuts } from "../../shell/use-shortcuts.ts";
import styles from "./incident-actions.module.css";
import { MergeDialog, ResolveDialog } from "./end-dialogs.tsx";
import { UpdateDialog } from "./update-dialog.tsx";

export type HeadAction = "acknowledge" | "update" | "resolve" | "merge";

/** What moves an incident on. Acknowledging asks nothing; all else is confirmed. */
export function IncidentActions({ incident }: { incident: IncidentDetail }) {
  const action = useAction<HeadAction>();
  const { reference, status } = incident;
  const hasEnded = isOver(status);
  const isTaken = incident.acknowledgedAt !== undefined;
  // Once done, a dialog begins anew with what is so then; one that failed keeps what was typed.
  const asked = action.step.kind === "idle" || action.step.kind === "done" ? undefined : action.step.name;
  const isSending = action.step.kind === "sending";
  const call = (token: string) => acknowledgeIncident(reference, token);
  const acknowledge = () => action.send("acknowledge", call);
  useShortcuts({
    a: () => !hasEnded && !isTaken && !isSending && acknowledge(),
    u: () => action.ask("update"),
    r: () => !hasEnded && action.ask("resolve"),
  });
  const dialog = { action, incident };
  return (
    <div className={styles.actions}>
      <div className={styles.buttons} role="group" aria-label={`Actions for ${reference}`}>
        {!hasEnded && (
          <Button kind={isTaken ? "plain" : "firm"} onClick={acknowledge} disabled={isTaken || isSending}>
            {isTaken ? "Acknowledged" : "Acknowledge"}
          </Button>
        )}
        <Button onClick={() => action.ask("update")}>Update…</Button>
        {!hasEnded && <Button onClick={() => action.ask("resolve")}>Resolve…</Button>}
        {!hasEnded && <Button onClick={() => action.ask("merge")}>Merge…</Button>}
      </div>
      <ActionOutcome action={action} unchanged={`${reference} was not changed.`} />
      <ActionDialog
        action={action}
        name="acknowledge"
        title={`Acknowledge ${reference}`}
        confirm="Acknowledge"
        isUnasked
        call={call}
      >
        <p>Paging for it stops; it is yours until somebody else takes it.</p>
      </ActionDialog>
      {asked === "update" && <UpdateDialog {...dialog} />}
      {asked === "resolve" && <ResolveDialog {...dialog} />}
      {asked === "merge" && <MergeDialog {...dialog} />}
    </div>
  );
}
