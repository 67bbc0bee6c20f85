import { useNavigate } from "@tanstack/react-router";
import { Link } from "@tanstack/react-router";
import { useHeatTile } from "../../live/duties-queries.ts";
import { formatShare } from "../../model/amounts.ts";
import { formatCount, plural } from "../../model/format.ts";
import { heatKinds, wholeReward } from "../../model/heat-cells.ts";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import type { ValidatorsSearch } from "../../routes.tsx";
import { Heatmap } from "./heatmap.tsx";
import type { HeatMode } from "./heatmap-drawer.ts";
import styles from "./heatmap.module.css";
import { useLevels, type BuiltTile } from "./use-levels.ts";

interface HeatmapPanelProps {
  search: ValidatorsSearch;
  isStale: boolean;
  onChange: (part: ValidatorsSearch) => void;
}

/** The heatmap with its legend, and the worst validators in words for whoever does not see it. */
export function HeatmapPanel({ search, isStale, onChange }: HeatmapPanelProps) {
  const { key, value } = search;
  const { data: tile, failureReason, isPlaceholderData } = useHeatTile(value === undefined ? {} : { key, value });
  const built = useLevels(tile);
  const navigate = useNavigate();
  const mode: HeatMode = search.mode === "worst" ? "worst" : "loss";
  const open = (index: number, epoch: number) =>
    void navigate({ to: "/validators/$id", params: { id: String(index) }, search: { epoch } });
  const who = value === undefined ? "all that are watched" : `${key} ${value}`;
  return (
    <Section
      title="Epochs and validators"
      isStale={isStale}
      aside={
        built !== undefined &&
        `${who}: ${plural(built.tile.rows, "validator")}, ${plural(built.tile.epochs, "epoch")} from ${formatCount(built.tile.fromEpoch)}`
      }
    >
      {built === undefined ? (
        <Notice tone="unknown" title={failureReason === null ? "Reading the heatmap…" : "The heatmap cannot be read."}>
          {failureReason?.message}
        </Notice>
      ) : built.tile.rows === 0 || built.tile.epochs === 0 ? (
        <Notice tone="unknown" title="Nothing of these validators has been judged yet.">
          A validator shows here once an epoch of it is judged.
        </Notice>
      ) : (
        <>
          <div className={styles.tools}>
            <div className={styles.modes} role="group" aria-label="Many validators in a row show">
              <Button aria-pressed={mode === "loss"} onClick={() => onChange({ mode: "loss" })}>
                Share lost
              </Button>
              <Button aria-pressed={mode === "worst"} onClick={() => onChange({ mode: "worst" })}>
                Worst of each
              </Button>
            </div>
            {value !== undefined && (
              <Button onClick={() => onChange({ value: undefined })}>Only {who}: show all</Button>
            )}
          </div>
          <div className={isPlaceholderData || built.tile !== tile ? styles.dimmed : undefined}>
            <Heatmap built={built} mode={mode} label={summaryOf(built, who)} onOpen={open} />
          </div>
          <Legend mode={mode} />
          <Worst built={built} />
        </>
      )}
    </Section>
  );
}

function summaryOf({ tile, worst }: BuiltTile, who: string): string {
  const [first] = worst;
  const most =
    first === undefined
      ? "Nobody lost anything."
      : `Validator ${first.index} lost the most, ${formatShare(first.lost)} of its rewards.`;
  return `Heatmap of ${who}: ${plural(tile.rows, "validator")} over ${plural(tile.epochs, "epoch")}. ${most}`;
}

function Legend({ mode }: { mode: HeatMode }) {
  return (
    <div className={styles.legend}>
      {mode === "loss" && (
        <span className={styles.entry}>
          many in a row, share of the rewards lost: none
          <span className={styles.scale} aria-hidden="true" />
          a twelfth
          <span className={styles.scale} data-high="" aria-hidden="true" />
          all; one in a row:
        </span>
      )}
      {[2, 3, 4, 5, 6, 7, 1, 0].map((cell) => {
        const kind = heatKinds[cell];
        return (
          kind !== undefined && (
            <span key={cell} className={styles.entry}>
              <span className={styles.swatch} style={{ background: `var(--${kind.token})` }} aria-hidden="true">
                <span style={{ color: `var(--heat-sign${kind.lost === wholeReward ? "-strong" : ""})` }}>
                  {kind.sign}
                </span>
              </span>
              {kind.word}
            </span>
          )
        );
      })}
      <span className={styles.entry}>
        <span className={`${styles.swatch} ${styles.hatched}`} aria-hidden="true" />
        hatched above an epoch: may still change; a hatched column: not stored
      </span>
    </div>
  );
}

function Worst({ built }: { built: BuiltTile }) {
  if (built.worst.length === 0) return null;
  return (
    <div className={styles.worst}>
      <h3>Lost the most</h3>
      <ol>
        {built.worst.map(({ index, lost, missed, judged }) => (
          <li key={index}>
            <Link to="/validators/$id" params={{ id: String(index) }}>
              {formatCount(index)}
            </Link>
            : {formatShare(lost)} lost, {formatCount(missed)} of {formatCount(judged)} missed
          </li>
        ))}
      </ol>
    </div>
  );
}
