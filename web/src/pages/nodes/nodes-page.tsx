import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useHistory, useReasons, useSnapshot, useTransitions, windowMs } from "../../live/queries.ts";
import { useNow } from "../../live/use-now.ts";
import { plural } from "../../model/format.ts";
import { drillsOf } from "../../model/drill-words.ts";
import { filterRows, groupRows, showKinds, sortKeys, sortRows } from "../../model/node-list.ts";
import { timelinesOf } from "../../model/timelines.ts";
import { useShortcuts } from "../../shell/use-shortcuts.ts";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { SilentObservers } from "../now/silent-observers.tsx";
import { stepRow } from "../step-row.ts";
import { WaitForData } from "../wait-for-data.tsx";
import { DrillPanel } from "./drill-panel.tsx";
import { GroupDesk } from "./group-desk.tsx";
import { GroupOperations } from "./group-operations.tsx";
import { Hosts } from "./hosts.tsx";
import { NodeTable } from "./node-table.tsx";
import { NodeTools } from "./node-tools.tsx";
import { PastDrills } from "./past-drills.tsx";
import styles from "./nodes-page.module.css";

const route = getRouteApi("/nodes");
/** Timelines move this often. */
const stepMs = 5_000;

/** Every beacon node with everything known of it; what is shown, sorted and open stands in the address. */
export function NodesPage() {
  const { data: snapshot, failureReason } = useSnapshot();
  const { data: recent } = useTransitions();
  const { data: history } = useHistory();
  const reasonOf = useReasons();
  const now = useNow();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = useRef<HTMLInputElement>(null);
  const change = (part: typeof search) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const show = search.show ?? "all";
  const sort = search.sort ?? "order";

  useShortcuts({
    "/": () => filter.current?.focus(),
    j: () => stepRow(1),
    k: () => stepRow(-1),
    s: () => change({ sort: sortKeys[(sortKeys.indexOf(sort) + 1) % sortKeys.length] ?? "order" }),
    r: () => change({ isReversed: search.isReversed === true ? undefined : true } as typeof search),
    v: () => change({ show: showKinds[(showKinds.indexOf(show) + 1) % showKinds.length] ?? "all" }),
  });
  useScrollToOpen(search.open, snapshot !== undefined);

  if (snapshot === undefined) return <WaitForData failure={failureReason} />;
  const groups = groupRows(snapshot, now);
  const all = groups.flatMap((group) => group.rows);
  const shown = groups.map((group) => ({
    ...group,
    rows: sortRows(
      filterRows(group.rows, search.find ?? "", show, (code) => reasonOf(code).short),
      sort,
      search.isReversed === true,
    ),
  }));
  const shownCount = shown.reduce((sum, group) => sum + group.rows.length, 0);
  const toAt = Math.floor(now / stepMs) * stepMs;
  const timelines = timelinesOf(all, recent, history, toAt - windowMs, toAt);
  const ready = all.filter((row) => row.state.tone === "fine").length;
  return (
    <div className={styles.page}>
      <h1 className="only-heard">Nodes</h1>
      <SilentObservers snapshot={snapshot} />
      {groups.map((rows) => (
        <GroupOperations key={rows.key} rows={rows} />
      ))}
      {drillsOf(snapshot).map((drill) => (
        <DrillPanel key={drill.id} drill={drill} />
      ))}
      <Section
        title="Nodes"
        aside={`${ready} of ${plural(all.length, "node")} ready and active${shownCount < all.length ? `, ${shownCount} shown` : ""}`}
      >
        <NodeTools search={search} filter={filter} onChange={change} />
        {shownCount > 0 && (
          <NodeTable
            groups={shown.filter((group) => group.rows.length > 0)}
            timelines={timelines}
            search={search}
            onChange={change}
            profile={snapshot.profile}
          />
        )}
        {all.length === 0 && (
          <Notice tone="unknown" title="No node is known yet.">
            Nodes show here as soon as a gateway reports them.
          </Notice>
        )}
        {all.length > 0 && shownCount === 0 && (
          <Notice tone="unknown" title="No node matches.">
            Clear the filter to see all {all.length}.
          </Notice>
        )}
      </Section>
      <Hosts />
      <GroupDesk groups={groups} />
      {snapshot.gateways.length > 0 && <PastDrills />}
    </div>
  );
}

/** A link from elsewhere opens a node: bring it into view once. */
function useScrollToOpen(open: string | undefined, hasData: boolean): void {
  const done = useRef<string>(undefined);
  useEffect(() => {
    if (!hasData || open === undefined || done.current === open) return;
    done.current = open;
    document.querySelector("[data-open-row]")?.scrollIntoView({ block: "nearest" });
  }, [open, hasData]);
}
