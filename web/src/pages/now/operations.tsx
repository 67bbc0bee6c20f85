import { Link } from "@tanstack/react-router";
import type { Operation } from "../../model/operations.ts";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./operations.module.css";

/** What somebody has begun or must decide, under the sentence of state; each leads to where it can be acted on. */
export function Operations({ operations }: { operations: readonly Operation[] }) {
  if (operations.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Under way">
      {operations.map(({ key, tone, kind, text, node }) => (
        <li key={key}>
          <Link to="/nodes" search={node === undefined ? {} : { open: node }} className={styles.line}>
            <StateGlyph tone={tone} size={12} />
            <span className={styles.kind} data-tone={tone}>
              {kind}
            </span>
            <span className={styles.text}>{text}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
