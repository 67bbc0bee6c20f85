import { useMemo, useState } from "react";
import type { AlertsPage, ShownAlert, ShownEpisode } from "../../../../src/api/contract-respond.ts";
import { useReasons } from "../../live/queries.ts";
import { useNow } from "../../live/use-now.ts";
import { groupAlerts, severityTone, type AlertGroupRow, type AlertsSearch } from "../../model/alert-list.ts";
import { escalationWords, labelText } from "../../model/alert-words.ts";
import { formatDuration, fullInstant, plural } from "../../model/format.ts";
import { Button } from "../../parts/button.tsx";
import { FactList } from "../../parts/fact-list.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { AlertRow } from "./alert-row.tsx";
import styles from "./firing-alerts.module.css";

/** A fleet that fails as a whole must not freeze the page that tells of it. */
const shownAtFirst = 50;

interface FiringAlertsProps {
  page: AlertsPage;
  search: AlertsSearch;
  isStale: boolean;
  onSilence: (alert: ShownAlert) => void;
}

/** What fires and is pending, by the episode in which people hear of it. */
export function FiringAlerts({ page, search, isStale, onSilence }: FiringAlertsProps) {
  const groups = useMemo(() => groupAlerts(page, search), [page, search]);
  const isNarrowed = (search.find ?? "") !== "" || search.severity !== undefined;
  return (
    <>
      {groups.length === 0 &&
        (isNarrowed ? (
          <Notice tone="unknown" title="No alert matches.">
            Clear the filter to see all.
          </Notice>
        ) : (
          <Notice tone={isStale ? "unknown" : "fine"} title="No alert fires or is pending." />
        ))}
      {groups.map((group) => (
        <Group key={group.key} group={group} isStale={isStale} onSilence={onSilence} />
      ))}
      {page.problems.length > 0 && <Problems problems={page.problems} isStale={isStale} />}
    </>
  );
}

/** What cannot be judged comes after what fires; what each rule needs stands with the rules. */
function Problems({ problems, isStale }: { problems: AlertsPage["problems"]; isStale: boolean }) {
  const reasonOf = useReasons("alerts");
  const byReason = Map.groupBy(problems, ({ reason }) => reason);
  return (
    <Section
      title="Rules that cannot be judged"
      aside={<a href="/alerts?view=rules">What each needs</a>}
      isStale={isStale}
    >
      <FactList
        label="Rules that cannot be judged"
        facts={[...byReason].map(([reason, of]) => ({
          key: reason,
          tone: "unknown",
          name: `${plural(of.length, "rule")}, ${reasonOf(reason).short}`,
          words: [...new Set(of.map(({ alert, count }) => `${alert}${count > 1 ? ` (${count})` : ""}`))].join(", "),
          at: undefined,
          lines: [reasonOf(reason).long].filter((line) => line !== ""),
        }))}
      />
    </Section>
  );
}

interface GroupProps {
  group: AlertGroupRow;
  isStale: boolean;
  onSilence: (alert: ShownAlert) => void;
}

function Group({ group, isStale, onSilence }: GroupProps) {
  const { episode, alerts } = group;
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? alerts : alerts.slice(0, shownAtFirst);
  return (
    <Section
      title={
        <span className={styles.title}>
          {episode !== undefined && <StateGlyph tone={severityTone(episode.severity)} size={14} />}
          {episode === undefined ? "Nobody is told" : episode.title}
        </span>
      }
      aside={plural(alerts.length, "alert")}
      isStale={isStale}
    >
      {episode === undefined ? (
        <p className={styles.facts}>Pending, suppressed, or below what anybody is told of.</p>
      ) : (
        <EpisodeFacts episode={episode} />
      )}
      {alerts.length === 0 ? (
        <p className={styles.facts}>Its alerts are over; what is left is to tell so.</p>
      ) : (
        <ul className={styles.list} aria-label={`Alerts of ${episode?.title ?? "nobody"}`}>
          {shown.map((alert) => (
            <AlertRow key={alert.fingerprint} alert={alert} onSilence={onSilence} />
          ))}
        </ul>
      )}
      {shown.length < alerts.length && (
        <div className={styles.more}>
          <Button onClick={() => setWhole(true)}>Show all {alerts.length}</Button>
        </div>
      )}
    </Section>
  );
}

function EpisodeFacts({ episode }: { episode: ShownEpisode }) {
  const now = useNow();
  const { tone, words } = escalationWords(episode, now);
  const told = episode.told.map(({ recipient, channel }) => `${recipient} by ${channel}`).join(", ");
  const labels = labelText(episode.labels);
  return (
    <p className={styles.facts}>
      <span>
        <strong>{episode.severity}</strong>
      </span>
      <span className={styles.paging}>
        <StateGlyph tone={tone} size={12} />
        {words}
      </span>
      <span title={fullInstant(episode.startsAt)}>for {formatDuration(now - episode.startsAt)}</span>
      {episode.incident !== undefined && (
        <a href={`/incidents/${encodeURIComponent(episode.incident)}`}>{episode.incident}</a>
      )}
      <span>{told === "" ? "nobody was told yet" : `told: ${told}`}</span>
      {labels !== "" && <span className={styles.labels}>{labels}</span>}
    </p>
  );
}
