import { Link } from "@tanstack/react-router";
import { useConnection } from "../../live/connection.ts";
import { useRespondNow } from "../../live/respond-queries.ts";
import { useNow } from "../../live/use-now.ts";
import { fullInstant } from "../../model/format.ts";
import { onCallWords } from "../../model/respond-words.ts";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./on-call.module.css";

const onCallPage: string = "/on-call";

/** Who has the duty now, and who follows; nothing where there is no schedule. */
export function OnCall() {
  const respond = useRespondNow();
  const now = useNow();
  const isStale = useConnection().kind === "lost";
  if (respond === undefined || respond.onCall.length === 0) return null;
  return (
    <Section title="On call" isStale={isStale} aside={<Link to={onCallPage}>Calendar</Link>}>
      <ul aria-label="On call">
        {respond.onCall.map((duty) => {
          const { tone, person, note } = onCallWords(duty, now);
          return (
            <li
              key={duty.schedule}
              className={styles.item}
              title={duty.until === undefined ? undefined : `until ${fullInstant(duty.until)}`}
            >
              <StateGlyph tone={isStale ? "unknown" : tone} size={12} />
              <span className={styles.schedule}>{duty.schedule}</span>
              <strong className={styles.person} data-tone={tone}>
                {person}
              </strong>
              <span className={styles.note}>{note}</span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
