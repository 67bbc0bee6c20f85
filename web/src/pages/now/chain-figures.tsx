import { useHistory } from "../../live/queries.ts";
import { useNow } from "../../live/use-now.ts";
import { groupEvidence } from "../../model/evidence.ts";
import { formatCount, formatRate } from "../../model/format.ts";
import { historySeries } from "../../model/history.ts";
import type { GroupRows } from "../../model/node-list.ts";
import { slotTimeAt } from "../../model/slot-clock.ts";
import { Figures, type FigureContent } from "../../parts/figure.tsx";
import { FinalityRail } from "./finality-rail.tsx";
import styles from "./chain-figures.module.css";

/** Epochs from finalized to now: two is usual; past five the inactivity leak has begun (EIP-2982). */
const distanceTone = (epochs: number) => (epochs > 5 ? "bad" : epochs > 3 ? "warn" : undefined);

/** Head, checkpoints and requests of one group, with the finality rail above. Stale groups keep the clock they had. */
export function ChainFigures({ group }: { group: GroupRows }) {
  const now = useNow();
  const { view, network, requests } = group.group;
  const at = group.freshness.kind === "fresh" ? now : (group.gateway.status?.at ?? now);
  const time = network === undefined ? undefined : slotTimeAt(at, network);
  const finalized = view.finalized?.epoch;
  const justified = view.justified?.epoch;
  const distance = time === undefined || finalized === undefined ? undefined : time.epoch - finalized;
  const lag = time === undefined || view.head === undefined ? undefined : Math.max(0, time.slot - view.head.slot);
  const failedLately = useFailedLately(group);
  const evidence = (fact: string) => groupEvidence(group, fact);
  const figures: FigureContent[] = [
    {
      name: "Head",
      value: view.head === undefined ? "unknown" : formatCount(view.head.slot),
      note: lag === undefined ? undefined : headNote(lag),
      evidence: evidence(
        view.head === undefined ? "No head is known." : `head slot ${view.head.slot}, root ${view.head.root}`,
      ),
    },
    {
      name: "Justified",
      value: justified === undefined ? "unknown" : formatCount(justified),
      evidence: evidence(
        view.justified === undefined ? "Unknown." : `justified epoch ${justified}, root ${view.justified.root}`,
      ),
    },
    {
      name: "Finalized",
      value: finalized === undefined ? "unknown" : formatCount(finalized),
      note: distance === undefined ? undefined : `${formatCount(distance)} back`,
      tone: distance === undefined ? undefined : distanceTone(distance),
      evidence: evidence(
        view.finalized === undefined ? "Unknown." : `finalized epoch ${finalized}, root ${view.finalized.root}`,
      ),
    },
  ];
  if (group.isGateway) figures.push(...requestFigures(requests, failedLately > 0, evidence));
  return (
    <div className={styles.chain} data-stale={group.freshness.kind === "stale" || undefined}>
      {time !== undefined && time.epoch >= 0 && (
        <FinalityRail time={time} finalized={finalized} justified={justified} />
      )}
      <Figures figures={figures} />
    </div>
  );
}

/** Requests that failed within the last hour: a single one at a start weeks ago must not stay amber. */
function useFailedLately({ gateway, group }: GroupRows): number {
  const { data } = useHistory();
  if (data === undefined) return group.requests.failed;
  const own = historySeries(data, (point) => point.gateway === gateway.name && point.group === group.group);
  return own.failed.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** The head of the slot before is as it should be until the present slot's block has come. */
function headNote(lag: number): string {
  return lag === 0 ? "this slot" : lag === 1 ? "last slot" : `${formatCount(lag)} slots behind`;
}

function requestFigures(
  { perSecond, total, failed, streams }: GroupRows["group"]["requests"],
  hasFailedLately: boolean,
  evidence: (fact: string) => string,
): FigureContent[] {
  return [
    {
      name: "Requests",
      value: formatRate(perSecond),
      note: "a second",
      evidence: evidence(`${perSecond.toFixed(2)} requests a second; ${formatCount(total)} since the gateway started`),
    },
    {
      name: "Failed",
      value: formatCount(failed),
      note: `of ${formatCount(total)}`,
      tone: hasFailedLately ? "warn" : undefined,
      evidence: evidence(
        `${formatCount(failed)} of ${formatCount(total)} requests got a 5xx made by the gateway, since it started${hasFailedLately ? "; some of them in the last hour" : ""}`,
      ),
    },
    {
      name: "Streams",
      value: formatCount(streams),
      evidence: evidence(`${formatCount(streams)} event streams open to validator clients`),
    },
  ];
}
