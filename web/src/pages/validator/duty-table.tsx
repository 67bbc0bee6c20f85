import { Fragment, useEffect, useRef } from "react";
import type { ValidatorEpoch } from "../../../../src/api/contract-duties.ts";
import { useReasons } from "../../live/queries.ts";
import { useValidatorDuties } from "../../live/duties-queries.ts";
import { formatGwei } from "../../model/amounts.ts";
import { delayWords, dutyVerdict, flagWords, otherDuties, outcomeWords } from "../../model/duty-words.ts";
import { formatCount } from "../../model/format.ts";
import { useShortcuts } from "../../shell/use-shortcuts.ts";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { stepRow } from "../step-row.ts";
import { Proof } from "./proof.tsx";
import styles from "./duty-table.module.css";

interface DutyTableProps {
  id: string;
  open: number | undefined;
  coin: string;
  isStale: boolean;
  onOpen: (epoch: number | undefined) => void;
}

/** An epoch that is opened from elsewhere may be older than what the server tells by itself: read from a little before it. */
const before = 8;
const columns = ["Epoch", "Attestation", "Flags", "Delay", "Earned", "Lost", "Cause", "Block and sync"] as const;

/** Every duty that is kept, newest first; the epoch is the button that opens its proof. */
export function DutyTable({ id, open, coin, isStale, onOpen }: DutyTableProps) {
  const { data: newest, failureReason } = useValidatorDuties(id, undefined);
  const oldest = newest?.items.at(-1)?.epoch;
  const isOlder = open !== undefined && oldest !== undefined && open < oldest;
  const { data: older } = useValidatorDuties(id, isOlder ? Math.max(0, open - before) : undefined);
  const data = isOlder ? (older ?? newest) : newest;
  const isOpenKept = data?.items.some(({ epoch }) => epoch === open) === true;
  useShortcuts({ j: () => stepRow(1), k: () => stepRow(-1) });
  useScrollTo(open, data !== undefined);
  return (
    <Section title="Duties by epoch" isStale={isStale} aside="an epoch opens to its proof">
      {data === undefined ? (
        <Notice tone="unknown" title={failureReason === null ? "Reading the duties…" : "The duties cannot be read."}>
          {failureReason?.message}
        </Notice>
      ) : (
        <>
          {open !== undefined && !isOpenKept && (
            <div data-open-row="">
              <Notice tone="unknown" title={`Nothing is stored of this validator in epoch ${formatCount(open)}.`} />
              <Proof id={id} epoch={open} coin={coin} />
            </div>
          )}
          {data.items.length === 0 ? (
            <Notice tone="unknown" title="No duty has been judged yet.">
              The first one shows here within two epochs.
            </Notice>
          ) : (
            <table className={styles.table} role="table">
              <caption className="only-heard">Duties by epoch, newest first</caption>
              <thead role="rowgroup" className={styles.head}>
                <tr role="row">
                  {columns.map((title) => (
                    <th key={title} role="columnheader" scope="col">
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody role="rowgroup">
                {data.items.map((item) => {
                  const isOpen = item.epoch === open;
                  const toggle = () => onOpen(isOpen ? undefined : item.epoch);
                  return (
                    <Fragment key={item.epoch}>
                      <Row item={item} isOpen={isOpen} coin={coin} onToggle={toggle} />
                      {isOpen && (
                        <tr role="row" className={styles.details}>
                          <td role="cell" colSpan={columns.length}>
                            <Proof id={id} epoch={item.epoch} coin={coin} />
                          </td>
                        </tr>
                      )}
                    </Fragment>
                  );
                })}
              </tbody>
            </table>
          )}
        </>
      )}
    </Section>
  );
}

interface RowProps {
  item: ValidatorEpoch;
  isOpen: boolean;
  coin: string;
  onToggle: () => void;
}

function Row({ item, isOpen, coin, onToggle }: RowProps) {
  const reasonOf = useReasons("cause");
  const verdict = dutyVerdict(item.duty, item.delay - item.emptySlots);
  const flags = flagWords(item.duty);
  const cells: Readonly<Record<Exclude<(typeof columns)[number], "Epoch">, React.ReactNode>> = {
    Attestation: (
      <span className={styles.verdict} data-tone={verdict.tone}>
        <StateGlyph tone={verdict.tone} size={12} /> {verdict.word}
      </span>
    ),
    Flags:
      flags.length === 0
        ? "–"
        : flags.map(({ word, isTimely }) => (
            <span key={word} className={styles.flag} data-lost={!isTimely || undefined}>
              {isTimely ? word : `no ${word}`}{" "}
            </span>
          )),
    Delay: delayWords(item),
    Earned: item.rewards === "none" ? "unknown" : `${formatGwei(item.earned, coin)} of ${formatGwei(item.ideal, coin)}`,
    Lost: item.rewards === "none" ? "unknown" : formatGwei(item.ideal - item.earned, coin),
    Cause: item.exceptions.map(({ slot, kind, outcome, cause }) => (
      <span key={`${slot} ${kind} ${outcome}`} className={styles.cause} title={reasonOf(cause.code).long}>
        {outcomeWords(outcome)}: {reasonOf(cause.code).short} <span className={styles.quiet}>({cause.confidence})</span>
      </span>
    )),
    "Block and sync": otherDuties(item).join("; "),
  };
  return (
    <tr
      role="row"
      className={styles.row}
      data-open-row={isOpen || undefined}
      data-tone={verdict.tone}
      onClick={onToggle}
    >
      <th role="rowheader" scope="row">
        <button
          type="button"
          className={styles.epoch}
          aria-expanded={isOpen}
          data-row-button=""
          onClick={(event) => {
            event.stopPropagation();
            onToggle();
          }}
        >
          <span className={styles.twist} aria-hidden="true" />
          {formatCount(item.epoch)}
        </button>{" "}
        {item.state !== "final" && <span className={styles.state}>{item.state}</span>}
      </th>
      {columns.slice(1).map((title) => (
        <td key={title} role="cell" data-name={title}>
          {cells[title as keyof typeof cells]}
        </td>
      ))}
    </tr>
  );
}

/** A link from the heatmap opens an epoch: bring it into view once. */
function useScrollTo(open: number | undefined, hasData: boolean): void {
  const done = useRef<number>(undefined);
  useEffect(() => {
    if (!hasData || open === undefined || done.current === open) return;
    if (done.current === undefined) document.querySelector("[data-open-row]")?.scrollIntoView({ block: "nearest" });
    done.current = open;
  }, [open, hasData]);
}
