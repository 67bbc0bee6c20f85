import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import { webAddress } from "../../model/own-path.ts";
import { playbookBlocks, type PlaybookSpan } from "../../model/playbook-steps.ts";
import { Section } from "../../parts/section.tsx";
import styles from "./playbooks.module.css";

/** What to do about each of its alerts, as steps. */
export function Playbooks({ playbooks }: { playbooks: IncidentDetail["playbooks"] }) {
  if (playbooks.length === 0) return null;
  return (
    <Section title="Playbooks" aside="of its alerts">
      {playbooks.map((playbook) => (
        <article key={playbook.alert} className={styles.playbook}>
          <h3 className={styles.name}>{playbook.alert}</h3>
          {playbookBlocks(playbook.text).map((block, at) =>
            block.kind === "steps" ? (
              <ol key={at} className={styles.steps}>
                {block.steps.map((step, index) => (
                  <li key={index}>
                    <Spans spans={step} />
                  </li>
                ))}
              </ol>
            ) : (
              <p key={at} className={block.kind === "heading" ? styles.heading : undefined}>
                <Spans spans={block.spans} />
              </p>
            ),
          )}
          <Runbook address={playbook.runbook} />
        </article>
      ))}
    </Section>
  );
}

function Spans({ spans }: { spans: readonly PlaybookSpan[] }) {
  return spans.map((span, at) => (span.isCode ? <code key={at}>{span.text}</code> : <span key={at}>{span.text}</span>));
}

function Runbook({ address }: { address: string }) {
  if (address === "") return null;
  const href = webAddress(address);
  return (
    <p className={styles.runbook}>
      Your runbook:{" "}
      {href === undefined ? (
        address
      ) : (
        <a href={href} target="_blank" rel="noreferrer">
          {address}
        </a>
      )}
    </p>
  );
}
