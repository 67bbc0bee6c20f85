import { useState } from "react";
import type { OnCallPage } from "../../../../src/api/contract-oncall.ts";
import { removeOverride } from "../../live/alerts-api.ts";
import { refreshRespond } from "../../live/respond-news.ts";
import { useAction } from "../../live/use-action.ts";
import { onAllClocks } from "../../model/zone-time.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import styles from "./overrides.module.css";

type Override = OnCallPage["overrides"][number];

/** Times that were given to somebody else by hand, each removable. */
export function Overrides({ page, isStale }: { page: OnCallPage; isStale: boolean }) {
  const action = useAction<"remove">();
  const [removed, setRemoved] = useState<Override>();
  const zoneOf = (schedule: string) => page.now.find((known) => known.schedule === schedule)?.timeZone ?? "UTC";
  const isAsked = action.step.kind !== "idle";
  if (page.overrides.length === 0 && !isAsked) return null;
  return (
    <Section title="Overrides" isStale={isStale}>
      <ActionOutcome action={action} unchanged="The override was not removed." />
      <ul aria-label="Overrides">
        {page.overrides
          .toSorted((a, b) => a.fromAt - b.fromAt)
          .map((override) => (
            <li key={override.id} className={styles.item}>
              <div className={styles.what}>
                <p>
                  <strong>{override.person}</strong> has {override.schedule}{" "}
                  <span className={styles.quiet}>by {override.createdBy}</span>
                </p>
                <p className={styles.quiet}>
                  {onAllClocks(override.fromAt, zoneOf(override.schedule))} to{" "}
                  {onAllClocks(override.toAt, zoneOf(override.schedule))}
                </p>
              </div>
              <Button
                aria-label={`Remove the override of ${override.schedule} by ${override.person}`}
                onClick={() => {
                  setRemoved(override);
                  action.ask("remove");
                }}
              >
                Remove…
              </Button>
            </li>
          ))}
      </ul>
      {removed !== undefined && isAsked && (
        <ActionDialog
          action={action}
          name="remove"
          title="Remove this override?"
          confirm="Remove it"
          call={async (token) => {
            const answer = await removeOverride(removed.id, token);
            refreshRespond();
            return answer;
          }}
        >
          <p>
            {removed.person} no longer has {removed.schedule} from{" "}
            {onAllClocks(removed.fromAt, zoneOf(removed.schedule))}: whoever the rotation names has it again.
          </p>
        </ActionDialog>
      )}
    </Section>
  );
}
