import { Fragment } from "react";
import { useMedia } from "../../live/use-media.ts";
import { nodeColumns, type PageWidth } from "../../model/node-columns.ts";
import type { GroupRows, SortKey } from "../../model/node-list.ts";
import type { TimelineSpan } from "../../model/timeline.ts";
import { viewTone } from "../../model/shown-state.ts";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import type { NodesSearch } from "../../routes.tsx";
import { NodeDetails } from "./node-details.tsx";
import { NodeRowCells } from "./node-row-cells.tsx";
import styles from "./node-table.module.css";

interface NodeTableProps {
  groups: readonly GroupRows[];
  timelines: ReadonlyMap<string, readonly TimelineSpan[]>;
  search: NodesSearch;
  onChange: (part: NodesSearch) => void;
  profile: "solo" | "scaled";
}

/** Widths at which columns go; below the last the rows are cards. */
function usePageWidth(): PageWidth {
  const isMedium = useMedia("(width >= 1000px)");
  const isWide = useMedia("(width >= 1360px)");
  const isWidest = useMedia("(width >= 1560px)");
  return isWidest ? "widest" : isWide ? "wide" : isMedium ? "medium" : "narrow";
}

/** A table on a wide screen, cards on a phone; the roles are spelt out because `display` would take them away there. */
export function NodeTable({ groups, timelines, search, onChange, profile }: NodeTableProps) {
  const shownColumns = nodeColumns(usePageWidth(), profile);
  const sort = search.sort ?? "order";
  const isReversed = search.isReversed === true;
  const sortBy = (key: SortKey) => {
    const next = sort === key && !isReversed;
    onChange({ sort: key, ...(next ? { isReversed: true } : { isReversed: undefined }) } as NodesSearch);
  };
  return (
    <table className={styles.table} role="table">
      <caption className="only-heard">Beacon nodes by group</caption>
      <thead role="rowgroup" className={styles.head}>
        <tr role="row">
          {shownColumns.map(({ id, title, sort: key, isNumber }) => (
            <th
              key={id}
              role="columnheader"
              scope="col"
              data-column={id}
              data-number={isNumber}
              aria-sort={key !== undefined && key === sort ? (isReversed ? "descending" : "ascending") : undefined}
            >
              {key === undefined ? (
                title
              ) : (
                <button type="button" className={styles.sort} onClick={() => sortBy(key)}>
                  {title}
                  <span aria-hidden="true">{key === sort ? (isReversed ? " ↓" : " ↑") : ""}</span>
                </button>
              )}
            </th>
          ))}
        </tr>
      </thead>
      {groups.map((group) => (
        <Fragment key={group.key}>
          {groups.length > 1 && <GroupLine group={group} width={shownColumns.length} />}
          <tbody role="rowgroup">
            {group.rows.map((row) => {
              const isOpen = search.open === row.key;
              const toggle = () => onChange({ open: isOpen ? undefined : row.key } as NodesSearch);
              return (
                <Fragment key={row.key}>
                  <NodeRowCells
                    row={row}
                    spans={timelines.get(row.key) ?? []}
                    isOpen={isOpen}
                    onToggle={toggle}
                    columns={shownColumns}
                  />
                  {isOpen && (
                    <tr role="row" className={styles.details}>
                      <td role="cell" colSpan={shownColumns.length}>
                        <NodeDetails row={row} group={group} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
          </tbody>
        </Fragment>
      ))}
    </table>
  );
}

function GroupLine({ group, width }: { group: GroupRows; width: number }) {
  const { view, listen } = group.group;
  const isStale = group.freshness.kind === "stale";
  return (
    <tbody role="rowgroup">
      <tr role="row" className={styles.group}>
        <th role="rowheader" scope="rowgroup" colSpan={width}>
          <span className={styles.groupLine}>
            <StateGlyph tone={viewTone(group.group, isStale)} size={12} />
            <strong>{group.group.group}</strong>
            <span>{isStale ? `unknown, was ${view.kind}` : view.kind}</span>
            {!isStale && group.group.hold !== undefined && <span className={styles.hold}>signing on hold</span>}
            <span className={styles.quiet}>
              {group.gateway.name}
              {group.isGateway ? ` · ${listen.host}:${listen.port}` : " · observed by the monitor"}
            </span>
          </span>
        </th>
      </tr>
    </tbody>
  );
}
