import type { CohortTable as CohortData } from "../../../../src/api/contract-duties.ts";
import type { DutyTotals } from "../../../../src/duties/types.ts";
import { cohortColumns, compareFigure, figureText } from "../../model/cohort-columns.ts";
import {
  cohortRows,
  figuresOf,
  sortCohorts,
  type CohortRow,
  type CohortSort,
  type CountedBy,
} from "../../model/cohorts.ts";
import styles from "./cohort-table.module.css";

interface CohortTableProps {
  data: CohortData;
  cohortKey: string;
  by: CountedBy;
  sort: CohortSort;
  isReversed: boolean;
  chosen: string | undefined;
  coin: string;
  onSort: (sort: CohortSort) => void;
  onChoose: (value: string | undefined) => void;
}

/** A row per cohort under the network's; cards on a phone. The name is the button that narrows the page to it. */
export function CohortTable(props: CohortTableProps) {
  const { data, cohortKey, by, sort, isReversed, coin } = props;
  const rows = sortCohorts(cohortRows(data, cohortKey, by), sort, isReversed);
  const network = { totals: data.network, figures: figuresOf(data.network, by) };
  const heads: readonly { key: CohortSort; title: string; means: string }[] = [
    { key: "value", title: cohortKey === "" ? "Everybody" : cohortKey, means: "Name of the cohort" },
    ...cohortColumns,
  ];
  return (
    <table className={styles.table} role="table">
      <caption className="only-heard">Cohorts by {cohortKey === "" ? "nothing" : cohortKey}</caption>
      <thead role="rowgroup" className={styles.head}>
        <tr role="row">
          {heads.map(({ key, title, means }) => (
            <th
              key={key}
              role="columnheader"
              scope="col"
              title={means}
              aria-sort={key === sort ? (isReversed ? "descending" : "ascending") : undefined}
            >
              <button type="button" className={styles.sort} onClick={() => props.onSort(key)}>
                {title}
                <span aria-hidden="true">{key === sort ? (isReversed ? " ↓" : " ↑") : ""}</span>
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        <tr role="row" className={styles.row} data-network="">
          <th role="rowheader" scope="row">
            the whole network
          </th>
          {cohortColumns.map(({ key, title }) => (
            <td key={key} role="cell" data-name={title}>
              {figureText(key, network.totals, network.figures, by, coin)}
            </td>
          ))}
        </tr>
        {rows.map((row) => (
          <Row key={row.value} row={row} network={network} previousTotals={previousOf(data, row)} {...props} />
        ))}
      </tbody>
    </table>
  );
}

const previousOf = (data: CohortData, row: CohortRow): DutyTotals | undefined =>
  data.cohorts.find(({ key, value }) => key === row.key && value === row.value)?.previous;

interface RowProps extends CohortTableProps {
  row: CohortRow;
  network: { totals: DutyTotals; figures: CohortRow["figures"] };
  previousTotals: DutyTotals | undefined;
}

function Row({ row, network, previousTotals, by, coin, chosen, cohortKey, onChoose }: RowProps) {
  const isChosen = chosen === row.value;
  const choose = () => onChoose(isChosen ? undefined : row.value);
  const before =
    row.previous === undefined || previousTotals === undefined
      ? undefined
      : { totals: previousTotals, figures: row.previous };
  return (
    <tr role="row" className={styles.row} data-chosen={isChosen || undefined} onClick={choose}>
      <th role="rowheader" scope="row">
        <button
          type="button"
          className={styles.name}
          aria-pressed={isChosen}
          data-row-button=""
          title={row.value}
          onClick={(event) => {
            event.stopPropagation();
            choose();
          }}
        >
          {cohortKey === "" ? "all that are watched" : row.value}
        </button>
      </th>
      {cohortColumns.map(({ key, title }) => {
        const own = { totals: row.totals, figures: row.figures };
        const against = compareFigure(key, own, network, by);
        const since = compareFigure(key, own, before, by);
        return (
          <td key={key} role="cell" data-name={title} data-tone={against.isWorse ? "warn" : undefined}>
            {figureText(key, row.totals, row.figures, by, coin)}
            {against.text !== undefined && <span className={styles.note}>{against.text} net</span>}
            {since.text !== undefined && (
              <span className={styles.note} data-worse={since.isWorse || undefined}>
                {since.text} before
              </span>
            )}
          </td>
        );
      })}
    </tr>
  );
}
