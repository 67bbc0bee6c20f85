import { Link } from "@tanstack/react-router";
import { nodeEvidence } from "../../model/evidence.ts";
import type { NodeRow } from "../../model/node-list.ts";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./node-chip.module.css";

/** A node of a large fleet of which there is nothing to say: name and shape, the rest in its title and on the Nodes page. */
export function NodeChip({ row }: { row: NodeRow }) {
  const { status, state } = row;
  const fact = `${status.node}: ${state.word}, head slot ${status.head?.slot ?? "unknown"}, ${status.headLagSlots ?? "?"} behind, ${status.peers ?? "?"} peers`;
  return (
    <li className={styles.item}>
      <Link to="/nodes" search={{ open: row.key }} className={styles.chip} title={nodeEvidence(row, fact)}>
        <StateGlyph tone={state.tone} size={12} />
        <span className={styles.name}>{status.node}</span>
        <span className="only-heard">{state.word}</span>
      </Link>
    </li>
  );
}
