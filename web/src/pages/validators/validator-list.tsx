import { Link } from "@tanstack/react-router";
import { memo, type RefObject } from "react";
import type { ValidatorRow } from "../../../../src/api/contract-duties.ts";
import { useValidators } from "../../live/duties-queries.ts";
import { formatBalance } from "../../model/amounts.ts";
import { shortKey } from "../../model/duty-words.ts";
import { formatCount, plural } from "../../model/format.ts";
import { labelWords } from "../../model/validator-words.ts";
import { Button } from "../../parts/button.tsx";
import { DutyStrip } from "../../parts/duty-strip.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import type { ValidatorsSearch } from "../../routes.tsx";
import tools from "../nodes/node-tools.module.css";
import styles from "./validator-list.module.css";

interface ValidatorListProps {
  search: ValidatorsSearch;
  coin: string;
  isStale: boolean;
  field: RefObject<HTMLInputElement | null>;
  onChange: (part: ValidatorsSearch) => void;
}

/** Found by key, index or label, a page at a time. */
export function ValidatorList({ search, coin, isStale, field, onChange }: ValidatorListProps) {
  const { find = "", key, value } = search;
  const cohort = value === undefined ? {} : { key, value };
  const { data, failureReason, hasNextPage, isFetchingNextPage, fetchNextPage } = useValidators({
    search: find.trim(),
    ...cohort,
  });
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const total = data?.pages[0]?.total ?? 0;
  return (
    <Section
      title="Validators"
      isStale={isStale}
      aside={data !== undefined && `${formatCount(items.length)} of ${plural(total, "validator")} shown`}
    >
      <div className={tools["tools"]}>
        <input
          ref={field}
          className={tools["filter"]}
          type="search"
          aria-label="Search validators"
          placeholder="Search by key, index, label   /"
          spellCheck={false}
          value={find}
          onChange={(event) => onChange({ find: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            if (event.currentTarget.value === "") event.currentTarget.blur();
            else onChange({ find: "" });
          }}
        />
        {value !== undefined && (
          <Button onClick={() => onChange({ value: undefined })}>
            Only {key} {value}: show all
          </Button>
        )}
      </div>
      {data === undefined ? (
        <Notice tone="unknown" title={failureReason === null ? "Reading validators…" : "Validators cannot be read."}>
          {failureReason?.message}
        </Notice>
      ) : items.length === 0 ? (
        <Notice tone="unknown" title="No validator matches.">
          Clear the search to see all.
        </Notice>
      ) : (
        <ul className={styles.list} aria-label="Validators found">
          {items.map((row) => (
            <Row key={row.pubkey ?? row.index} row={row} coin={coin} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button kind="bare" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Reading…" : "Show more"}
        </Button>
      )}
    </Section>
  );
}

/** Rendered anew only with other data: there may be hundreds. */
const Row = memo(function Row({ row, coin }: { row: ValidatorRow; coin: string }) {
  const id = row.index === undefined ? row.pubkey : String(row.index);
  const labels = labelWords(row.labels);
  return (
    <li className={styles.item}>
      <Link to="/validators/$id" params={{ id: id ?? "" }} className={styles.line} data-row-button="">
        <span className={styles.index}>{row.index === undefined ? "no index" : formatCount(row.index)}</span>
        <span className={styles.key} title={row.pubkey}>
          {row.pubkey === undefined ? "key unknown" : shortKey(row.pubkey)}
        </span>
        <span className={styles.labels} title={labels}>
          {labels}
        </span>
        <span>{row.status.replaceAll("_", " ")}</span>
        <span className={styles.balance}>{formatBalance(row.balance, coin)}</span>
        <DutyStrip cells={row.recent} />
      </Link>
    </li>
  );
});
