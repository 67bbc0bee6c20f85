import type { ReactElement } from "react";
import type { Tone } from "../model/shown-state.ts";
import styles from "./state-glyph.module.css";

/** A shape per tone: disc, half disc, triangle, crossed square, dashed ring, barred ring. Told apart in grey print too. */
const shapes: Readonly<Record<Tone, ReactElement>> = {
  fine: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  wait: (
    <>
      <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M8 2.8a5.2 5.2 0 0 1 0 10.4z" fill="currentColor" />
    </>
  ),
  warn: (
    <>
      <path d="M8 1.8 15 14H1z" fill="currentColor" />
      <path d="M8 6v4M8 11.4v1.2" className={styles.cut} strokeWidth="1.6" />
    </>
  ),
  bad: (
    <>
      <path d="M1.8 1.8h12.4v12.4H1.8z" fill="currentColor" />
      <path d="m5 5 6 6m0-6-6 6" className={styles.cut} strokeWidth="1.8" />
    </>
  ),
  unknown: (
    <>
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.6 1.8" />
      <path
        d="M8 8.9v-.6c1-.4 1.5-.8 1.5-1.6S8.9 5.4 8 5.4s-1.4.5-1.5 1.2M8 10.2v1.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.2"
      />
    </>
  ),
  aside: (
    <>
      <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M5 8h6" stroke="currentColor" strokeWidth="1.8" />
    </>
  ),
};

/** Always stands beside the word that it draws, so it is hidden from screen readers. */
export function StateGlyph({ tone, size = 14 }: { tone: Tone; size?: number }) {
  return (
    <svg className={styles.glyph} data-tone={tone} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      {shapes[tone]}
    </svg>
  );
}
