import type { ReactNode } from "react";
import type { Tone } from "../model/shown-state.ts";
import { StateGlyph } from "./state-glyph.tsx";
import styles from "./notice.module.css";

/** Empty, loading and failed states, and warnings: says what is so and what to do. */
export function Notice(props: { tone: Tone; title: string; children?: ReactNode; role?: "status" | "alert" }) {
  return (
    <div className={styles.notice} data-tone={props.tone} role={props.role}>
      <StateGlyph tone={props.tone} size={18} />
      <div className={styles.text}>
        <p className={styles.title}>{props.title}</p>
        {props.children !== undefined && <div className={styles.body}>{props.children}</div>}
      </div>
    </div>
  );
}
