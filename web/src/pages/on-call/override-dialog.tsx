import { useState } from "react";
import type { OnCallPage, OverrideBody } from "../../../../src/api/contract-oncall.ts";
import { addOverride } from "../../live/alerts-api.ts";
import { refreshRespond } from "../../live/respond-news.ts";
import { serverNow } from "../../live/server-clock.ts";
import type { Action } from "../../live/use-action.ts";
import { formatLength, localZone } from "../../model/format.ts";
import { fromField, onAllClocks, toField } from "../../model/zone-time.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import form from "../../parts/form.module.css";
import { Notice } from "../../parts/notice.tsx";

const hourMs = 3_600_000;

interface OverrideDialogProps {
  action: Action<"override">;
  page: OnCallPage;
  /** What is known already: the schedule and time that were dragged over. */
  draft: Partial<OverrideBody>;
}

/** Gives a time of a schedule to somebody else. The fields are in the browser's zone; every clock is said below them. */
export function OverrideDialog({ action, page, draft }: OverrideDialogProps) {
  const nextHour = Math.ceil(serverNow() / hourMs) * hourMs;
  const [schedule, setSchedule] = useState(draft.schedule ?? page.now[0]?.schedule ?? "");
  const [person, setPerson] = useState("");
  const [from, setFrom] = useState(toField(draft.fromAt ?? nextHour));
  const [to, setTo] = useState(toField(draft.toAt ?? nextHour + 8 * hourMs));
  const zone = page.now.find((known) => known.schedule === schedule)?.timeZone ?? "UTC";
  const [fromAt, toAt] = [fromField(from), fromField(to)];
  const isTimeRight = fromAt !== undefined && toAt !== undefined && toAt > fromAt;
  const replaced = isTimeRight
    ? page.shifts.filter((shift) => shift.schedule === schedule && shift.toAt > fromAt && shift.fromAt < toAt)
    : [];
  const names = [...new Set(replaced.map((shift) => shift.person))];
  return (
    <ActionDialog
      action={action}
      name="override"
      title="Override the schedule"
      confirm={person === "" ? "Override" : `Put ${person} on call`}
      isIncomplete={schedule === "" || person === "" || !isTimeRight}
      call={async (token) => {
        const answer = await addOverride({ schedule, person, fromAt: fromAt ?? 0, toAt: toAt ?? 0 }, token);
        refreshRespond();
        return answer;
      }}
    >
      <label className={form.field}>
        Schedule
        <select value={schedule} onChange={(event) => setSchedule(event.target.value)}>
          {page.now.map((known) => (
            <option key={known.schedule}>{known.schedule}</option>
          ))}
        </select>
      </label>
      <label className={form.field}>
        Person
        <select autoFocus required value={person} onChange={(event) => setPerson(event.target.value)}>
          <option value="">choose…</option>
          {page.people.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className={form.field}>
        From, in {localZone}
        <input type="datetime-local" required value={from} onChange={(event) => setFrom(event.target.value)} />
        {fromAt !== undefined && <span className={form.hint}>{onAllClocks(fromAt, zone)}</span>}
      </label>
      <label className={form.field}>
        To, in {localZone}
        <input type="datetime-local" required value={to} onChange={(event) => setTo(event.target.value)} />
        {toAt !== undefined && <span className={form.hint}>{onAllClocks(toAt, zone)}</span>}
      </label>
      {isTimeRight ? (
        <p role="status">
          {formatLength(toAt - fromAt)}, in place of {names.length === 0 ? "nobody" : names.join(", ")}.
        </p>
      ) : (
        <Notice tone="warn" title="It must end after it begins." role="status" />
      )}
    </ActionDialog>
  );
}
