import { useId, useState, type ReactNode } from "react";
import styles from "./figure.module.css";

export interface FigureContent {
  name: string;
  value: ReactNode;
  note?: ReactNode;
  /** Exact value, source and instant, one a line. */
  evidence: string;
  tone?: "warn" | "bad" | undefined;
}

/** Numbers with their names in a row. The title of each tells where it comes from; the button tells it of all, without a mouse. */
export function Figures({ figures }: { figures: readonly FigureContent[] }) {
  const [hasSources, setHasSources] = useState(false);
  const id = useId();
  return (
    <>
      <div className={styles.row}>
        <dl className={styles.figures}>
          {figures.map((figure) => (
            <Figure key={figure.name} {...figure} />
          ))}
        </dl>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={hasSources}
          aria-controls={id}
          onClick={() => setHasSources(!hasSources)}
        >
          Sources
        </button>
      </div>
      {hasSources && (
        <dl id={id} className={styles.sources}>
          {figures.map(({ name, evidence }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{evidence}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function Figure({ name, value, note, evidence, tone }: FigureContent) {
  return (
    <div className={styles.figure} title={evidence}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value} data-tone={tone}>
        {value}
        {note !== undefined && <span className={styles.note}> {note}</span>}
      </dd>
    </div>
  );
}
