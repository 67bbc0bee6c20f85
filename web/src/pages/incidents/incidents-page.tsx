import { getRouteApi } from "@tanstack/react-router";
import { useIncidents, useRespondNow } from "../../live/respond-queries.ts";
import type { IncidentsState } from "../../live/respond-api.ts";
import { worstFirst } from "../../model/incident-words.ts";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { useDeclare } from "../../shell/declare-context.ts";
import { useShortcuts } from "../../shell/use-shortcuts.ts";
import { stepRow } from "../step-row.ts";
import { IncidentList } from "./incident-list.tsx";
import styles from "./incidents-page.module.css";

const route = getRouteApi("/incidents");
const states = ["open", "over"] as const satisfies readonly IncidentsState[];

/** Every incident, the open ones worst first, the others newest first. */
export function IncidentsPage() {
  const { state = "open" } = route.useSearch();
  const navigate = route.useNavigate();
  const declare = useDeclare();
  const open = useRespondNow()?.openIncidents.length;
  const show = (next: IncidentsState) =>
    void navigate({ search: next === "over" ? { state: "over" } : {}, replace: true });
  useShortcuts({
    j: () => stepRow(1),
    k: () => stepRow(-1),
    v: () => show(state === "open" ? "over" : "open"),
  });
  return (
    <>
      <h1 className="only-heard">Incidents</h1>
      <Section
        title="Incidents"
        aside={
          <div className={styles.tools}>
            <div className={styles.choice} role="group" aria-label="Show">
              {states.map((one) => (
                <Button key={one} aria-pressed={one === state} onClick={() => show(one)}>
                  {one}
                  {one === "open" && open !== undefined && ` ${open}`}
                </Button>
              ))}
            </div>
            <Button onClick={declare}>Declare…</Button>
          </div>
        }
      >
        <Incidents key={state} state={state} />
      </Section>
    </>
  );
}

/** Those that are open come with the stream, all at once; they are asked for only before it has told them. */
function Incidents({ state }: { state: IncidentsState }) {
  const respond = useRespondNow();
  const told = state === "open" ? respond?.openIncidents : undefined;
  const { data, failureReason, hasNextPage, isFetchingNextPage, fetchNextPage } = useIncidents(
    state,
    told === undefined,
  );
  const rows = told ?? data?.pages.flatMap((page) => page.items);
  if (rows === undefined)
    return (
      <Notice
        tone={failureReason === null ? "wait" : "bad"}
        title={failureReason === null ? "Reading the incidents…" : "The incidents cannot be read."}
        role="status"
      >
        {failureReason?.message}
      </Notice>
    );
  if (rows.length === 0) return <None state={state} />;
  return (
    <>
      <IncidentList rows={state === "open" ? worstFirst(rows) : rows} isOver={state === "over"} />
      {told === undefined && hasNextPage && (
        <p className={styles.more}>
          <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            {isFetchingNextPage ? "Reading…" : "Show older ones"}
          </Button>
        </p>
      )}
    </>
  );
}

function None({ state }: { state: IncidentsState }) {
  return state === "open" ? (
    <Notice tone="fine" title="No incident is open.">
      Alarms open one by themselves. To declare one by hand press <kbd>d</kbd> on any page: a title is enough.
    </Notice>
  ) : (
    <Notice tone="unknown" title="No incident has ended yet.">
      What was resolved, declined or merged stays here with its timeline.
    </Notice>
  );
}
