import { getRouteApi } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { ShownAlert } from "../../../../src/api/contract-respond.ts";
import { useAlerts, useSilences } from "../../live/alerts-queries.ts";
import { useAction } from "../../live/use-action.ts";
import { usePageStale } from "../../live/use-page-age.ts";
import { alertsSentence, alertViews, type AlertsSearch, type AlertView } from "../../model/alert-list.ts";
import { fullInstant } from "../../model/format.ts";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { PageBand } from "../../parts/page-band.tsx";
import { useShortcuts } from "../../shell/use-shortcuts.ts";
import { stepRow } from "../step-row.ts";
import { WaitForPart } from "../wait-for-part.tsx";
import { AlertHistory } from "./alert-history.tsx";
import { AlertTools } from "./alert-tools.tsx";
import styles from "./alerts-page.module.css";
import { FiringAlerts } from "./firing-alerts.tsx";
import { Rules } from "./rules.tsx";
import { SilenceDialog } from "./silence-dialog.tsx";
import { Silences } from "./silences.tsx";

const route = getRouteApi("/alerts");

const viewWords: Readonly<Record<AlertView, string>> = {
  now: "Now",
  rules: "Rules",
  history: "History",
  silences: "Silences",
};

/** What fires and why, by which rules, what fired before, and what is silenced. What is chosen stands in the address. */
export function AlertsPage() {
  const { data, failureReason } = useAlerts();
  const { data: silences } = useSilences();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const action = useAction<"silence">();
  const [silenced, setSilenced] = useState<ShownAlert>();
  const isStale = usePageStale(data?.at);
  const view = search.view ?? "now";
  const change = (part: AlertsSearch) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  const silence = (alert?: ShownAlert) => {
    setSilenced(alert);
    action.ask("silence");
  };
  useShortcuts({ "/": () => field.current?.focus(), j: () => stepRow(1), k: () => stepRow(-1) });
  const active = silences?.silences.filter(({ state }) => state !== "expired").length;
  const counts: Partial<Record<AlertView, number | undefined>> = { now: data?.alerts.length, silences: active };
  return (
    <div className={styles.page}>
      {data === undefined ? (
        <>
          <h1 className="only-heard">Alerts</h1>
          <WaitForPart what="alerts" failure={failureReason} />
        </>
      ) : (
        <Band page={data} isStale={isStale} />
      )}
      <div className={styles.views} role="group" aria-label="View">
        {alertViews.map((known) => (
          <Button
            key={known}
            aria-pressed={view === known}
            onClick={() => change({ view: known === "now" ? undefined : known })}
          >
            {viewWords[known]}
            {counts[known] !== undefined && ` ${counts[known]}`}
          </Button>
        ))}
      </div>
      <ActionOutcome action={action} unchanged="Nothing was silenced." />
      {view !== "silences" && <AlertTools search={search} view={view} field={field} onChange={change} />}
      {view === "now" && data !== undefined && (
        <FiringAlerts page={data} search={search} isStale={isStale} onSilence={silence} />
      )}
      {view === "rules" && <Rules search={search} />}
      {view === "history" && <AlertHistory search={search} onChange={change} />}
      {view === "silences" && <Silences onAdd={() => silence()} />}
      {action.step.kind !== "idle" && (
        <SilenceDialog
          key={silenced?.fingerprint ?? "new"}
          action={action}
          alert={silenced}
          alerts={data?.alerts ?? []}
        />
      )}
    </div>
  );
}

function Band({ page, isStale }: { page: Parameters<typeof alertsSentence>[0]; isStale: boolean }) {
  const { tone, sentence, line } = alertsSentence(page);
  return (
    <PageBand
      label="Alerts"
      tone={isStale ? "unknown" : tone}
      sentence={isStale ? "What fires now is unknown." : sentence}
    >
      {isStale ? (
        <p>
          Last known {fullInstant(page.at)}: {sentence}
        </p>
      ) : (
        line !== "" && <p>{line}</p>
      )}
    </PageBand>
  );
}
