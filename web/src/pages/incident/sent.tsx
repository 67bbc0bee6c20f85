import type { ShownPage } from "../../../../src/api/contract-oncall.ts";
import { plural } from "../../model/format.ts";
import { attemptWords, sentState } from "../../model/sent-words.ts";
import { Instant } from "../../parts/instant.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./sent.module.css";

const shown = 40;

/** Messages that went out about it, and whether they arrived. */
export function Sent({ pages }: { pages: readonly ShownPage[] }) {
  if (pages.length === 0) return null;
  const rest = pages.length - shown;
  return (
    <Section title="Messages out" aside={plural(pages.length, "message")}>
      <ul aria-label="Messages out">
        {pages.slice(0, shown).map((page) => (
          <Message key={page.id} page={page} />
        ))}
      </ul>
      {rest > 0 && <p className={styles.more}>{plural(rest, "older message")}: `slotkeeper trace` knows each.</p>}
    </Section>
  );
}

function Message({ page }: { page: ShownPage }) {
  const { tone, word } = sentState(page);
  const attempt = attemptWords(page);
  return (
    <li className={styles.item} title={`message ${page.id}`}>
      <StateGlyph tone={tone} size={12} />
      <span className={styles.what}>
        <strong>{page.kind}</strong> to {page.recipient} by {page.channel}:{" "}
        <span className={styles.state} data-tone={tone}>
          {word}
        </span>
        {attempt !== "" && <span className={styles.quiet}>, {attempt}</span>}
      </span>
      <span className={styles.quiet}>
        <Instant at={page.sentAt ?? page.createdAt} hasLocal={false} />
      </span>
    </li>
  );
}
