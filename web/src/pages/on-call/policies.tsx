import type { OnCallPage } from "../../../../src/api/contract-oncall.ts";
import { policyEndWords, stepWords } from "../../model/on-call-words.ts";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import styles from "./policies.module.css";

/** Whom each policy pages, in which order. */
export function Policies({ page, isStale }: { page: OnCallPage; isStale: boolean }) {
  return (
    <Section title="Escalation policies" isStale={isStale}>
      {page.policies.length === 0 ? (
        <Notice tone="bad" title="No policy is configured: nobody is paged by anything." />
      ) : (
        <div className={styles.policies}>
          {page.policies.map((policy) => (
            <div key={policy.name} className={styles.policy} role="group" aria-label={`Policy ${policy.name}`}>
              <h3>{policy.name}</h3>
              <ol className={styles.steps}>
                {policy.steps.map((step, index) => (
                  <li key={index} className={styles.step}>
                    <span className={styles.when}>{stepWords(step.afterMs)}</span>
                    <span>{step.notify.length === 0 ? "nobody" : step.notify.join(", ")}</span>
                  </li>
                ))}
              </ol>
              <p className={styles.end}>{policyEndWords(policy)}</p>
            </div>
          ))}
        </div>
      )}
    </Section>
  );
}
