import { useNow } from "../../live/use-now.ts";
import { groupEvidence } from "../../model/evidence.ts";
import { formatCount, formatRate } from "../../model/format.ts";
import type { GroupRows } from "../../model/node-list.ts";
import { slotTimeAt } from "../../model/slot-clock.ts";
import { Figure, Figures } from "../../parts/figure.tsx";
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
  const evidence = (fact: string) => groupEvidence(group, fact);
  return (
    <div className={styles.chain} data-stale={group.freshness.kind === "stale" || undefined}>
      {time !== undefined && time.epoch >= 0 && (
        <FinalityRail time={time} finalized={finalized} justified={justified} />
      )}
      <Figures>
        <Figure
          name="Head"
          value={view.head === undefined ? "unknown" : formatCount(view.head.slot)}
          note={lag === undefined ? undefined : lag === 0 ? "this slot" : `${formatCount(lag)} behind`}
          evidence={evidence(
            view.head === undefined ? "No head is known." : `head slot ${view.head.slot}, root ${view.head.root}`,
          )}
        />
        <Figure
          name="Justified"
          value={justified === undefined ? "unknown" : formatCount(justified)}
          evidence={evidence(
            view.justified === undefined ? "Unknown." : `justified epoch ${justified}, root ${view.justified.root}`,
          )}
        />
        <Figure
          name="Finalized"
          value={finalized === undefined ? "unknown" : formatCount(finalized)}
          note={distance === undefined ? undefined : `${formatCount(distance)} back`}
          tone={distance === undefined ? undefined : distanceTone(distance)}
          evidence={evidence(
            view.finalized === undefined ? "Unknown." : `finalized epoch ${finalized}, root ${view.finalized.root}`,
          )}
        />
        {group.isGateway && (
          <>
            <Figure
              name="Requests"
              value={formatRate(requests.perSecond)}
              note="a second"
              evidence={evidence(`${requests.perSecond} requests a second; ${requests.total} since start`)}
            />
            <Figure
              name="Failed"
              value={formatCount(requests.failed)}
              note={`of ${formatCount(requests.total)}`}
              tone={requests.failed > 0 ? "warn" : undefined}
              evidence={evidence(
                `${requests.failed} of ${requests.total} requests got a 5xx made by the gateway, since it started`,
              )}
            />
            <Figure
              name="Streams"
              value={formatCount(requests.streams)}
              evidence={evidence(`${requests.streams} event streams open to validator clients`)}
            />
          </>
        )}
      </Figures>
    </div>
  );
}
