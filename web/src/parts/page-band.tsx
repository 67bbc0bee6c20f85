import type { ReactNode } from "react";
import type { Tone } from "../model/shown-state.ts";
import styles from "./page-band.module.css";
import { StateGlyph } from "./state-glyph.tsx";

/** What a page says first, in one sentence, with a shape and a colour. */
export function PageBand(props: { tone: Tone; sentence: string; label: string; children?: ReactNode }) {
  return (
    <section className={styles.band} data-tone={props.tone} aria-label={props.label} aria-live="polite">
      <StateGlyph tone={props.tone} size={26} />
      <div className={styles.text}>
        <h1 className={styles.sentence}>{props.sentence}</h1>
        {props.children}
      </div>
    </section>
  );
}
