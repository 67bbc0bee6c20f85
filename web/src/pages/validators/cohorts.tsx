import { useCohorts } from "../../live/duties-queries.ts";
import { allSorts, cohortKeys, type CohortSort } from "../../model/cohorts.ts";
import { cohortColumns } from "../../model/cohort-columns.ts";
import { formatCount, plural } from "../../model/format.ts";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import type { ValidatorsSearch } from "../../routes.tsx";
import tools from "../nodes/node-tools.module.css";
import { CohortTable } from "./cohort-table.tsx";

/** Two periods of this many epochs are compared: about a day each on mainnet. */
const epochs = 225;

interface CohortsProps {
  search: ValidatorsSearch;
  coin: string;
  isStale: boolean;
  onChange: (part: ValidatorsSearch) => void;
}

export function Cohorts({ search, coin, isStale, onChange }: CohortsProps) {
  const { data, failureReason } = useCohorts(epochs);
  const keys = data === undefined ? [] : cohortKeys(data);
  const key = search.key ?? keys[0] ?? "";
  const by = search.by ?? "validators";
  const sort = search.sort ?? "validators";
  const sortBy = (next: CohortSort) =>
    onChange({
      sort: next,
      isReversed: sort === next && search.isReversed !== true ? true : undefined,
    });
  return (
    <Section
      title="Cohorts"
      isStale={isStale}
      aside={
        data !== undefined &&
        `${plural(data.epochs, "epoch")}, ${formatCount(data.fromEpoch)} to ${formatCount(data.toEpoch)}; net: against the network, before: against as many epochs before, in points of a percent`
      }
    >
      {data === undefined ? (
        <Notice tone="unknown" title={failureReason === null ? "Reading the cohorts…" : "The cohorts cannot be read."}>
          {failureReason?.message}
        </Notice>
      ) : data.cohorts.length === 0 ? (
        <Notice tone="unknown" title="No epoch has been judged yet.">
          The first one shows here within two epochs.
        </Notice>
      ) : (
        <>
          <div className={tools["tools"]}>
            <label>
              Cohorts by{" "}
              <select value={key} onChange={(event) => onChange({ key: event.target.value, value: undefined })}>
                {keys.map((known) => (
                  <option key={known} value={known}>
                    {known}
                  </option>
                ))}
                <option value="">nothing</option>
              </select>
            </label>
            <div className={tools["chips"]} role="group" aria-label="Counted by">
              <Button aria-pressed={by === "validators"} onClick={() => onChange({ by: "validators" })}>
                By validators
              </Button>
              <Button aria-pressed={by === "stake"} onClick={() => onChange({ by: "stake" })}>
                By effective balance
              </Button>
            </div>
            <label className={tools["sort"]}>
              <span className={tools["sortWord"]}>Sort by</span>
              <select value={sort} onChange={(event) => sortBy(event.target.value as CohortSort)}>
                {allSorts.map((known) => (
                  <option key={known} value={known}>
                    {cohortColumns.find((column) => column.key === known)?.title ?? "name"}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <CohortTable
            {...{ data, by, sort, coin }}
            cohortKey={key}
            isReversed={search.isReversed === true}
            chosen={search.value}
            onSort={sortBy}
            onChoose={(value) => onChange(value === undefined ? { value } : { key, value })}
          />
          {data.cut > 0 && (
            <Notice tone="unknown" title={`${plural(data.cut, "cohort")} of labels with very many are left out.`}>
              The largest are shown. Search below finds the validators of any label.
            </Notice>
          )}
        </>
      )}
    </Section>
  );
}
