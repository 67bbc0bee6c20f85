import { useState } from "react";
import type { MatcherText } from "../../../../src/alerts/expr/matcher.ts";
import type { ShownAlert } from "../../../../src/api/contract-respond.ts";
import { addSilence } from "../../live/alerts-api.ts";
import { refreshRespond } from "../../live/respond-news.ts";
import { serverNow } from "../../live/server-clock.ts";
import type { Action } from "../../live/use-action.ts";
import { alertName } from "../../model/alert-list.ts";
import { coveredBy, matchersOf } from "../../model/alert-words.ts";
import { formatLength, plural } from "../../model/format.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import form from "../../parts/form.module.css";
import { MatcherFields } from "./matcher-fields.tsx";

const hourMs = 3_600_000;
const durations = [1, 2, 8, 24, 72, 168].map((hours) => hours * hourMs);

interface SilenceDialogProps {
  action: Action<"silence">;
  /** What it is made from; absent: begun by hand. */
  alert: ShownAlert | undefined;
  alerts: readonly ShownAlert[];
}

const empty: readonly MatcherText[] = [{ name: "alertname", op: "=", value: "" }];

/** From an alert everything is filled in: one click more makes the silence. */
export function SilenceDialog({ action, alert, alerts }: SilenceDialogProps) {
  const [matchers, setMatchers] = useState(alert === undefined ? empty : matchersOf(alert.labels));
  const [durationMs, setDuration] = useState(2 * hourMs);
  const [comment, setComment] = useState(alert === undefined ? "" : `Known: ${alert.summary}`.slice(0, 500));
  const covered = coveredBy(matchers, alerts);
  const isIncomplete =
    comment.trim() === "" || matchers.length === 0 || matchers.some(({ name, value }) => name === "" || value === "");
  return (
    <ActionDialog
      action={action}
      name="silence"
      title={alert === undefined ? "New silence" : `Silence ${alertName(alert) || "this alert"}?`}
      confirm={`Silence for ${formatLength(durationMs)}`}
      isIncomplete={isIncomplete}
      call={async (token) => {
        const body = { matchers, endsAt: serverNow() + durationMs, comment: comment.trim() };
        const answer = await addSilence(body, token);
        refreshRespond();
        return answer;
      }}
    >
      <p>Nobody is told of alerts that fulfil all of these. They go on, and stay on this page.</p>
      <MatcherFields matchers={matchers} onChange={setMatchers} />
      <p className={form.hint} role="status">
        {covered === undefined
          ? "With a pattern the server says what it covers."
          : `Covers ${plural(covered, "alert")} now.`}
      </p>
      <label className={form.field}>
        For
        <select value={durationMs} onChange={(event) => setDuration(Number(event.target.value))}>
          {durations.map((ms) => (
            <option key={ms} value={ms}>
              {formatLength(ms)}
            </option>
          ))}
        </select>
      </label>
      <label className={form.field}>
        Why, for whoever looks next
        <textarea
          rows={2}
          maxLength={500}
          required
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </label>
    </ActionDialog>
  );
}
