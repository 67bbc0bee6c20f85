import { useEffect, useRef } from "react";
import type { Action } from "../live/use-action.ts";
import styles from "./action-outcome.module.css";
import { Notice } from "./notice.tsx";

interface ActionOutcomeProps<N extends string> {
  action: Action<N>;
  /** What was not changed, when it was not: "bn-1 was not changed." */
  unchanged: string;
  /** Failures that are told elsewhere. */
  isQuiet?: boolean;
}

/**
 * What the server said. The button that was pressed may be gone by then (a cordoned node has no "Cordon…"): the focus,
 * which a closed dialog would leave nowhere, comes here.
 */
export function ActionOutcome<N extends string>({ action, unchanged, isQuiet }: ActionOutcomeProps<N>) {
  const { step } = action;
  const box = useRef<HTMLDivElement>(null);
  const isOver = step.kind === "done" || step.kind === "failed";
  const focusedBefore = useRef<Element>(null);
  // After every rendering: the button goes when the news of its node comes, which may be long after the answer.
  useEffect(() => {
    if (!isOver) {
      focusedBefore.current = null;
      return;
    }
    const frame = requestAnimationFrame(() => {
      const focused = document.activeElement;
      if (focused !== document.body) focusedBefore.current = focused;
      else if (focusedBefore.current?.isConnected !== true) box.current?.focus();
    });
    return () => cancelAnimationFrame(frame);
  });
  return (
    <div ref={box} className={styles.outcome} role="status" tabIndex={-1}>
      {step.kind === "done" && <Notice tone="fine" title={step.text} />}
      {step.kind === "failed" && isQuiet !== true && (
        <Notice tone="bad" title={`${unchanged} ${step.failure.message}`} />
      )}
    </div>
  );
}
