import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import { useDuties, useFleet } from "../../live/duties-queries.ts";
import { useCoin } from "../../live/use-coin.ts";
import { useDutiesStale } from "../../live/use-duties-stale.ts";
import { useShortcuts } from "../../shell/use-shortcuts.ts";
import { Notice } from "../../parts/notice.tsx";
import { NoValidators } from "../../parts/no-validators.tsx";
import { stepRow } from "../step-row.ts";
import { Cohorts } from "./cohorts.tsx";
import { Conflicts } from "./conflicts.tsx";
import { DutiesBand } from "./duties-band.tsx";
import { HeatmapPanel } from "./heatmap-panel.tsx";
import { Inventory } from "./inventory.tsx";
import { ValidatorList } from "./validator-list.tsx";
import styles from "./validators-page.module.css";

const route = getRouteApi("/validators");

/** Every validator that is answered for: by cohort, as a picture, and one by one. What is chosen stands in the address. */
export function ValidatorsPage() {
  const { data: duties, failureReason } = useDuties();
  const { data: fleet } = useFleet();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const coin = useCoin();
  const isStale = useDutiesStale();
  const field = useRef<HTMLInputElement>(null);
  const change = (part: typeof search) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  useShortcuts({
    "/": () => field.current?.focus(),
    j: () => stepRow(1),
    k: () => stepRow(-1),
    b: () => change({ by: search.by === "stake" ? "validators" : "stake" }),
    w: () => change({ mode: search.mode === "worst" ? "loss" : "worst" }),
  });
  if (duties === undefined)
    return (
      <Notice
        tone={failureReason === null ? "wait" : "bad"}
        title={failureReason === null ? "Reading the duties of your validators…" : "Duties cannot be read."}
        role={failureReason === null ? "status" : "alert"}
      >
        {failureReason?.message}
      </Notice>
    );
  if (duties.state === "off")
    return (
      <>
        <h1 className="only-heard">Validators</h1>
        <NoValidators />
      </>
    );
  const parts = { search, coin, isStale, onChange: change };
  return (
    <div className={styles.page}>
      <Conflicts fleet={fleet} />
      <DutiesBand duties={duties} />
      <Cohorts {...parts} />
      <HeatmapPanel {...parts} />
      <ValidatorList {...parts} field={field} />
      <Inventory isStale={isStale} />
    </div>
  );
}
