import type { ToldFact } from "../model/told-fact.ts";
import styles from "./fact-list.module.css";
import { Instant } from "./instant.tsx";
import { StateGlyph } from "./state-glyph.tsx";

/** Facts in the order given, each openable to what explains it. */
export function FactList({ label, facts }: { label: string; facts: readonly ToldFact[] }) {
  return (
    <ul className={styles.list} aria-label={label}>
      {facts.map((fact) => (
        <li key={fact.key} className={styles.item}>
          {fact.lines.length === 0 ? (
            <div className={styles.line}>
              <Line {...fact} />
            </div>
          ) : (
            <details>
              <summary className={styles.line}>
                <Line {...fact} />
              </summary>
              <div className={styles.body}>
                {fact.lines.map((line, at) => (
                  <p key={`${at} ${line}`}>{line}</p>
                ))}
              </div>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function Line({ tone, name, words, at }: ToldFact) {
  return (
    <>
      <StateGlyph tone={tone} size={12} />
      <span className={styles.what}>
        <strong>{name}</strong> <span className={styles.words}>{words}</span>
      </span>
      {at !== undefined && (
        <span className={styles.at}>
          <Instant at={at} hasLocal={false} />
        </span>
      )}
    </>
  );
}
