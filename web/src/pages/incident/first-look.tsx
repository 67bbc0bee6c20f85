import type { AssessedFact, FirstLook } from "../../../../src/incidents/assessment/types.ts";
import { questionWords, verdictTone } from "../../model/incident-words.ts";
import { FactLink } from "../../parts/fact-link.tsx";
import { Instant } from "../../parts/instant.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./first-look.module.css";

/** The four questions that anybody asks first, each answered with what speaks for the answer. */
export function FirstLookPanel({ firstLook }: { firstLook: readonly FirstLook[] }) {
  return (
    <Section title="First look">
      {firstLook.length === 0 ? (
        <Notice tone="unknown" title="The four questions have no answer yet." />
      ) : (
        <ol className={styles.questions}>
          {firstLook.map((look) => (
            <li key={look.question} className={styles.question} data-tone={verdictTone[look.verdict]}>
              <h3 className={styles.asked}>{questionWords[look.question]}</h3>
              <p className={styles.answer}>
                <StateGlyph tone={verdictTone[look.verdict]} />
                <span>
                  <strong>{look.verdict}</strong> {look.sentence}
                </span>
              </p>
              <Facts facts={look.facts} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

/** What speaks for a statement, with when it was seen and where it is looked up. */
export function Facts({ facts, label }: { facts: readonly AssessedFact[]; label?: string }) {
  if (facts.length === 0) return null;
  return (
    <ul className={styles.facts} aria-label={label ?? "Evidence"}>
      {facts.map((fact, index) => (
        <li key={`${index} ${fact.at}`}>
          <span className={styles.fact}>
            <FactLink link={fact.link}>{fact.text}</FactLink>
          </span>{" "}
          <span className={styles.at}>
            <Instant at={fact.at} hasLocal={false} />
          </span>
        </li>
      ))}
    </ul>
  );
}
