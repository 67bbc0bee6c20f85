import { Link } from "@tanstack/react-router";
import type { ShownEpisode } from "../../../../src/api/contract-respond.ts";
import { useNow } from "../../live/use-now.ts";
import { alarmTone, escalationWords } from "../../model/escalation-words.ts";
import { Instant } from "../../parts/instant.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./sent.module.css";

/** Alarms that belong to it, and how paging for each stands. */
export function Alarms({ episodes }: { episodes: readonly ShownEpisode[] }) {
  const now = useNow();
  if (episodes.length === 0) return null;
  return (
    <Section title="Alarms" aside={<Link to={alerts}>Alerts</Link>}>
      <ul aria-label="Alarms">
        {episodes.map((episode) => (
          <li key={episode.id} className={styles.item}>
            <StateGlyph tone={alarmTone(episode.severity)} size={12} />
            <span className={styles.what}>
              <strong>{episode.title}</strong>
              <span className={styles.quiet}>
                {" "}
                {episode.severity}, since <Instant at={episode.startsAt} hasLocal={false} />;{" "}
                {escalationWords(episode, now)}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const alerts: string = "/alerts";
