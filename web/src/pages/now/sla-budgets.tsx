import { Link } from "@tanstack/react-router";
import type { SlaPage } from "../../../../src/api/contract-duties.ts";
import { useSla } from "../../live/duties-queries.ts";
import { useNow } from "../../live/use-now.ts";
import { formatShare } from "../../model/amounts.ts";
import { formatCount, fullInstant, plural } from "../../model/format.ts";
import { slaWords } from "../../model/sla-words.ts";
import { toneRank } from "../../model/shown-state.ts";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./sla-budgets.module.css";

const mostShown = 12;

/** What of each customer's budget for the month is left, the most urgent first. */
export function SlaBudgets({ isStale }: { isStale: boolean }) {
  const { data, failureReason } = useSla();
  const now = useNow();
  if (data !== undefined && data.customers.length === 0) return null;
  const rows = (data?.customers ?? [])
    .map((customer) => ({ ...customer, words: slaWords(customer.month, now) }))
    .sort((a, b) => toneRank[a.words.tone] - toneRank[b.words.tone] || b.month.budgetUsed - a.month.budgetUsed);
  return (
    <Section title="Budget left this month" isStale={isStale} aside="misses that the agreed uptime allows">
      {data === undefined ? (
        <Notice tone="unknown" title={failureReason === null ? "Reading the budgets…" : "The budgets cannot be read."}>
          {failureReason?.message}
        </Notice>
      ) : (
        <ul className={styles.list} aria-label="Budgets by customer">
          {rows.slice(0, mostShown).map((row) => (
            <Customer key={row.customer.name} {...row} />
          ))}
        </ul>
      )}
      {rows.length > mostShown && (
        <p className={styles.more}>{plural(rows.length - mostShown, "customer")} with more left.</p>
      )}
    </Section>
  );
}

function Customer({
  customer,
  month,
  validators,
  words,
}: SlaPage["customers"][number] & { words: ReturnType<typeof slaWords> }) {
  const { left } = words;
  const evidence = [
    `${formatCount(month.missed)} of ${formatCount(month.assigned)} attestations missed; the month allows ${formatCount(month.budget)}`,
    `agreed ${formatShare(month.target)}, until now ${formatShare(month.uptime)}; ${plural(validators, "validator")}`,
    `window ${fullInstant(month.window.fromAt)} to ${fullInstant(month.window.toAt)}`,
    month.unknownEpochs > 0 ? `${plural(month.unknownEpochs, "epoch")} without data count neither way` : "",
  ].join("\n");
  return (
    <li className={styles.item} data-tone={words.tone} title={evidence}>
      <StateGlyph tone={words.tone} size={12} />
      <Link to="/validators" search={{ key: "customer", value: customer.name }} className={styles.name}>
        {customer.name}
      </Link>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${(left ?? 0) * 100}%` }} />
      </span>
      <span className={styles.words}>
        {left === undefined ? "" : `${Math.floor(left * 100)} % left, `}
        {words.text}
        {month.assigned > 0 && month.unknownEpochs > 0 && `; ${plural(month.unknownEpochs, "epoch")} unknown`}
      </span>
    </li>
  );
}
