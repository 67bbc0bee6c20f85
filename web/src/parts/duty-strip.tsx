import { heatKinds, kindOf, knownCell } from "../model/heat-cells.ts";
import { plural } from "../model/format.ts";
import styles from "./duty-strip.module.css";

const height = 18;

/** Recent epochs of one validator. Height says how bad, so that it reads without colour; one path per kind keeps it light. */
export function DutyStrip({ cells }: { cells: readonly number[] }) {
  const counts = heatKinds.map((_, kind) => cells.filter((cell) => knownCell(cell) === kind).length);
  const words = counts
    .map((count, kind) => (count === 0 ? "" : `${count} ${kindOf(kind).word}`))
    .filter((part) => part !== "")
    .reverse()
    .join(", ");
  return (
    <svg
      className={styles.strip}
      viewBox={`0 0 ${Math.max(1, cells.length)} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={cells.length === 0 ? "Nothing judged yet" : `Last ${plural(cells.length, "epoch")}: ${words}`}
    >
      {heatKinds.map((kind, own) => {
        const rise = Math.round(kind.rise * height);
        const path = cells
          .map((cell, at) => (knownCell(cell) === own ? `M${at} ${height - rise}h0.86v${rise}h-0.86z` : ""))
          .join("");
        return path === "" ? null : (
          <path key={kind.token} d={path} fill={`var(--${kind.token})`} data-kind={kind.word} />
        );
      })}
    </svg>
  );
}
