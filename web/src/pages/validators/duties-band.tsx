import type { DutiesNow } from "../../../../src/api/contract-duties.ts";
import { useNow } from "../../live/use-now.ts";
import { dutiesFreshness, dutiesTone, finalityWords } from "../../model/duties-state.ts";
import { formatCount, formatDuration, plural } from "../../model/format.ts";
import { Figures } from "../../parts/figure.tsx";
import { Instant } from "../../parts/instant.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import band from "../now/state-band.module.css";
import styles from "./duties-band.module.css";

/** The sentence of duties, and how far judging came. With stale data it claims nothing and says what was last known. */
export function DutiesBand({ duties }: { duties: DutiesNow }) {
  const now = useNow();
  const freshness = dutiesFreshness(duties, now);
  const isStale = freshness.kind === "stale";
  const tone = dutiesTone(duties, isStale);
  return (
    <div>
      <section className={band["band"]} data-tone={tone} aria-label="State of duties" aria-live="polite">
        <StateGlyph tone={tone} size={30} />
        <div className={band["text"]}>
          <h1 className={band["sentence"]}>
            {isStale ? `Duties unknown for ${formatDuration(freshness.ageMs)}.` : duties.sentence}
          </h1>
          {isStale && <p className={band["line"]}>Last known: “{duties.sentence}”</p>}
          <p className={band["since"]}>
            <span className={band["level"]}>{isStale ? "unknown" : duties.state}</span>, as of{" "}
            <Instant at={duties.at} />
          </p>
        </div>
      </section>
      <div className={styles.figures} data-stale={isStale || undefined}>
        <Figures figures={figuresOf(duties)} />
      </div>
    </div>
  );
}

function figuresOf(duties: DutiesNow) {
  const { currentEpoch, provisionalEpoch, finalEpoch, finalizedEpoch, watched, network, cost, retention } = duties;
  const epoch = (value: number | undefined) => (value === undefined ? "none yet" : formatCount(value));
  const back = (value: number | undefined) =>
    value === undefined || currentEpoch === undefined ? undefined : `${formatCount(currentEpoch - value)} back`;
  const finality = finalityWords(duties);
  return [
    {
      name: "Watched",
      value: formatCount(watched),
      note: network === undefined ? undefined : `of ${formatCount(network)}`,
      evidence: `${plural(watched, "validator")} watched; the network has ${network === undefined ? "an unknown number" : formatCount(network)}`,
    },
    {
      name: "Provisional",
      value: epoch(provisionalEpoch),
      note: back(provisionalEpoch),
      evidence: `epochs to ${epoch(provisionalEpoch)} are judged from the blocks up to the end of the epoch after; a reorg may still change them`,
    },
    {
      name: "Final",
      value: epoch(finalEpoch),
      note: back(finalEpoch),
      evidence: `epochs to ${epoch(finalEpoch)} are judged from finalized blocks`,
    },
    {
      name: "Finalized",
      value: finalizedEpoch === undefined ? "unknown" : formatCount(finalizedEpoch),
      note: finality.distance === undefined ? undefined : `${formatCount(finality.distance)} back`,
      tone: finality.tone,
      evidence: `the chain's finalized epoch is ${finalizedEpoch ?? "unknown"}; the running one is ${currentEpoch ?? "unknown"}`,
    },
    {
      name: "Cost",
      value: cost === undefined ? "unknown" : plural(cost.requests, "request"),
      note: cost === undefined ? undefined : `${(cost.bytesReceived / 1e6).toFixed(1)} MB`,
      evidence:
        cost === undefined
          ? "no whole epoch has been counted yet"
          : `epoch ${cost.epoch}: ${plural(cost.requests, "request")} to beacon nodes, ${formatCount(cost.bytesReceived)} bytes received, ${formatCount(cost.bytesSent)} sent; kept: ${JSON.stringify(retention)}`,
    },
  ];
}
