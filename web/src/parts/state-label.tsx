import type { ShownState } from "../model/shown-state.ts";
import { StateGlyph } from "./state-glyph.tsx";
import styles from "./state-label.module.css";

interface StateLabelProps {
  state: ShownState;
  title?: string | undefined;
  /** What it shows is a drill's doing. */
  isDrilled?: boolean;
}

/** Glyph, word, what it was if that is stale, the operator's mark, and a drill's. */
export function StateLabel({ state, title, isDrilled }: StateLabelProps) {
  return (
    <span className={styles.label} data-tone={state.tone} title={title}>
      <StateGlyph tone={state.tone} />
      <span className={styles.word}>{state.word}</span>
      {state.was !== undefined && state.was !== "unknown" && <span className={styles.was}>was {state.was}</span>}
      {state.operator !== undefined && <span className={styles.mark}>{state.operator}</span>}
      {isDrilled === true && (
        <span className={styles.mark} data-drill="">
          drill
        </span>
      )}
    </span>
  );
}
