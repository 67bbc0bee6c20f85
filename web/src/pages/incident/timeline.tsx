import { useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import { noteIncident } from "../../live/respond-api.ts";
import { useAction } from "../../live/use-action.ts";
import { plural } from "../../model/format.ts";
import { entryTone, orderedEntries } from "../../model/timeline-words.ts";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Instant } from "../../parts/instant.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { useShortcuts } from "../../shell/use-shortcuts.ts";
import { TokenOnly } from "./tasks.tsx";
import styles from "./timeline.module.css";

const shownAtFirst = 60;

/** What happened when, newest first as long as one works on it; the story from its beginning at a click. */
export function Timeline({ incident }: { incident: IncidentDetail }) {
  const [isNewestFirst, setNewestFirst] = useState(true);
  const [isWhole, setWhole] = useState(false);
  const entries = orderedEntries(incident.timeline, isNewestFirst);
  const shown = isWhole ? entries : entries.slice(0, shownAtFirst);
  return (
    <Section
      title="Timeline"
      aside={
        <Button onClick={() => setNewestFirst(!isNewestFirst)}>
          {isNewestFirst ? "Read from the beginning" : "Newest first"}
        </Button>
      }
    >
      <NoteForm reference={incident.reference} />
      {entries.length === 0 ? (
        <Notice tone="unknown" title="Nothing has been written down yet." />
      ) : (
        <ol aria-label="Timeline">
          {shown.map((entry) => (
            <li key={entry.id} className={styles.entry}>
              <StateGlyph tone={entryTone(entry.kind)} size={12} />
              <span className={styles.what}>
                <strong>{entry.kind}</strong> <span className={styles.text}>{entry.text}</span>
              </span>
              <span className={styles.meta}>
                <Instant at={entry.at} hasLocal={false} /> {entry.author}
              </span>
            </li>
          ))}
        </ol>
      )}
      {shown.length < entries.length && (
        <p className={styles.more}>
          <Button onClick={() => setWhole(true)}>
            Show {plural(entries.length - shown.length, "more entry", "more entries")}
          </Button>
        </p>
      )}
    </Section>
  );
}

function NoteForm({ reference }: { reference: string }) {
  const action = useAction<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  useShortcuts({ n: () => field.current?.focus() });
  const isSending = action.step.kind === "sending";
  const send = () => {
    const note = text.trim();
    if (note === "" || isSending) return;
    action.send("note", async (token) => {
      const answer = await noteIncident(reference, note, token);
      setText("");
      return answer;
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
    else if (event.key === "Escape") field.current?.blur();
  };
  return (
    <>
      <form className={styles.note} onSubmit={submit}>
        <textarea
          ref={field}
          rows={2}
          aria-label="Note"
          placeholder="What you see or do, for all who come after"
          maxLength={4_000}
          value={text}
          onKeyDown={onKey}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={text.trim() === "" || isSending}>
          {isSending ? "Writing…" : "Note"}
        </Button>
      </form>
      <TokenOnly action={action} />
      <ActionOutcome action={action} unchanged="The note was not written." />
    </>
  );
}
