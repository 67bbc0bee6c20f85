import type { GroupRows, NodeRow } from "../../model/node-list.ts";
import { formatDuration } from "../../model/format.ts";
import { viewTone } from "../../model/shown-state.ts";
import { useReasons } from "../../live/queries.ts";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { ChainFigures } from "./chain-figures.tsx";
import { NodeChip } from "./node-chip.tsx";
import { NodeLine } from "./node-line.tsx";
import styles from "./group-panel.module.css";

interface GroupPanelProps {
  group: GroupRows;
  /** The only group there is: its name says nothing. */
  isAlone: boolean;
  /** Many nodes: those with nothing to say are drawn as chips. */
  isDense: boolean;
}

/** One listener for validator clients, its chain, and the beacon nodes behind it. */
export function GroupPanel({ group, isAlone, isDense }: GroupPanelProps) {
  const reasonOf = useReasons();
  const { view, listen, network } = group.group;
  const isStale = group.freshness.kind === "stale";
  const tone = viewTone(group.group, isStale);
  const isQuiet = (row: NodeRow) =>
    isDense && row.state.tone === "fine" && row.status.warnings.length === 0 && row.fault === undefined;
  const lines = group.rows.filter((row) => !isQuiet(row));
  const chips = group.rows.filter(isQuiet);
  const place = group.isGateway ? `${listen.host}:${listen.port}` : "observed by the monitor, no listener";
  const names = isAlone ? place : [group.gateway.name, place].join(" · ");
  return (
    <Section
      isStale={isStale}
      title={
        <span className={styles.title}>
          <StateGlyph tone={tone} />
          {isAlone ? "Beacon nodes" : group.group.group}
          <span className={styles.kind} data-tone={tone}>
            {kindWords(group)}
          </span>
          {!isStale && group.group.hold !== undefined && (
            <span className={styles.kind} data-tone="bad">
              signing on hold
            </span>
          )}
        </span>
      }
      aside={`${names}${network === undefined ? "" : ` · ${network.configName}`}`}
    >
      {!isStale && view.reason !== undefined && (
        <p className={styles.why} data-tone={tone}>
          <strong>{reasonOf(view.reason).short}.</strong> {reasonOf(view.reason).long}
        </p>
      )}
      <ChainFigures group={group} />
      {lines.length > 0 && (
        <ul className={styles.nodes} aria-label={`Nodes of ${group.group.group}`}>
          {lines.map((row) => (
            <NodeLine key={row.key} row={row} />
          ))}
        </ul>
      )}
      {chips.length > 0 && (
        <ul
          className={styles.chips}
          data-below={lines.length > 0 || undefined}
          aria-label={`Ready nodes of ${group.group.group}`}
        >
          {chips.map((row) => (
            <NodeChip key={row.key} row={row} />
          ))}
        </ul>
      )}
      {group.rows.length === 0 && (
        <p className={styles.why}>This group has no nodes: validator clients on it get 503.</p>
      )}
    </Section>
  );
}

/** "serving", or for a silent gateway "unknown, was serving 2 min ago". */
function kindWords({ freshness, group }: GroupRows): string {
  if (freshness.kind === "fresh") return group.view.kind;
  const age = Number.isFinite(freshness.ageMs) ? ` ${formatDuration(freshness.ageMs)} ago` : "";
  return `unknown, was ${group.view.kind}${age}`;
}
