import type { ShownState } from "../model/shown-state.ts";
import { StateGlyph } from "./state-glyph.tsx";
import styles from "./state-label.module.css";

/** Glyph, word, what it was if that is stale, and the operator's mark. */
export function StateLabel({ state, title }: { state: ShownState; title?: string | undefined }) {
  return (
    <span className={styles.label} data-tone={state.tone} title={title}>
      <StateGlyph tone={state.tone} />
      <span className={styles.word}>{state.word}</span>
      {state.was !== undefined && state.was !== "unknown" && <span className={styles.was}>was {state.was}</span>}
      {state.operator !== undefined && <span className={styles.mark}>{state.operator}</span>}
    </span>
  );
}
