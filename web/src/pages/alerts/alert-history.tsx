import type { AlertHistoryPage } from "../../../../src/api/contract-respond.ts";
import { useAlertHistory } from "../../live/alerts-queries.ts";
import { useReasons } from "../../live/queries.ts";
import type { AlertsSearch } from "../../model/alert-list.ts";
import { eventShown, labelText } from "../../model/alert-words.ts";
import { fullInstant, plural } from "../../model/format.ts";
import type { ReasonText, ToldFact } from "../../model/told-fact.ts";
import { Button } from "../../parts/button.tsx";
import { FactList } from "../../parts/fact-list.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { WaitForPart } from "../wait-for-part.tsx";
import styles from "./firing-alerts.module.css";

type Event = AlertHistoryPage["items"][number];

interface AlertHistoryProps {
  search: AlertsSearch;
  onChange: (part: AlertsSearch) => void;
}

/** Every change of every alert, newest first, a page at a time. */
export function AlertHistory({ search, onChange }: AlertHistoryProps) {
  const reasonOf = useReasons("alerts");
  const { data, failureReason, hasNextPage, isFetchingNextPage, fetchNextPage } = useAlertHistory(search.alert);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const shown = items.filter((event) => isShown(event, search));
  return (
    <Section
      title={search.alert === undefined ? "History" : `History of ${search.alert}`}
      aside={
        search.alert === undefined ? (
          data !== undefined && `${plural(shown.length, "change")}${hasNextPage ? ", and older ones" : ""}`
        ) : (
          <Button onClick={() => onChange({ alert: undefined })}>Show all alerts</Button>
        )
      }
    >
      {data === undefined ? (
        <WaitForPart what="the history" failure={failureReason} />
      ) : shown.length === 0 ? (
        <Notice tone="unknown" title={items.length === 0 ? "No alert has changed yet." : "Nothing of it matches."}>
          {hasNextPage && "Older changes are not read yet."}
        </Notice>
      ) : (
        <FactList label="Changes of alerts" facts={shown.map((event) => factOf(event, reasonOf))} />
      )}
      {hasNextPage && (
        <div className={styles.more}>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? "Reading…" : "Show older changes"}
          </Button>
        </div>
      )}
    </Section>
  );
}

function isShown(event: Event, { find, severity }: AlertsSearch): boolean {
  const words = (find ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const text = [event.alert, event.summary, event.kind, event.severity, labelText(event.labels)]
    .join(" ")
    .toLowerCase();
  return (severity === undefined || event.severity === severity) && words.every((word) => text.includes(word));
}

function factOf(event: Event, reasonOf: ReasonText): ToldFact {
  const { tone, word } = eventShown[event.kind];
  const reason = reasonOf(event.reason);
  return {
    key: String(event.id),
    tone,
    name: event.alert,
    words: `${word}: ${event.summary}`,
    at: event.at,
    lines: [
      `${reason.short}. ${reason.long}`,
      labelText(event.labels),
      `${event.severity}, ${fullInstant(event.at)}${event.value === null ? "" : `, value ${event.value}`}`,
    ].filter((line) => line.trim() !== ""),
  };
}
