import type { RefObject } from "react";
import { showKinds, sortKeys, type ShowKind, type SortKey } from "../../model/node-list.ts";
import { Button } from "../../parts/button.tsx";
import type { NodesSearch } from "../../routes.tsx";
import styles from "./node-tools.module.css";

const showWords: Readonly<Record<ShowKind, string>> = { all: "All", trouble: "Not fine", "set-aside": "Set aside" };

const sortWords: Readonly<Record<SortKey, string>> = {
  order: "failover order",
  state: "state",
  name: "name",
  lag: "head lag",
  peers: "peers",
  latency: "latency",
  delay: "head delay",
};

interface NodeToolsProps {
  search: NodesSearch;
  filter: RefObject<HTMLInputElement | null>;
  onChange: (part: NodesSearch) => void;
}

export function NodeTools({ search, filter, onChange }: NodeToolsProps) {
  const sort = search.sort ?? "order";
  return (
    <div className={styles.tools}>
      <input
        ref={filter}
        className={styles.filter}
        type="search"
        aria-label="Filter nodes"
        placeholder="Filter by name, client, reason, label   /"
        spellCheck={false}
        value={search.find ?? ""}
        onChange={(event) => onChange({ find: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (event.currentTarget.value === "") event.currentTarget.blur();
          else onChange({ find: "" });
        }}
      />
      <div className={styles.chips} role="group" aria-label="Show">
        {showKinds.map((kind) => (
          <Button key={kind} aria-pressed={(search.show ?? "all") === kind} onClick={() => onChange({ show: kind })}>
            {showWords[kind]}
          </Button>
        ))}
      </div>
      <label className={styles.sort}>
        <span className={styles.sortWord}>Sort by</span>
        <select
          value={sort}
          onChange={(event) => onChange({ sort: sortKeys.find((key) => key === event.target.value) ?? "order" })}
        >
          {sortKeys.map((key) => (
            <option key={key} value={key}>
              {sortWords[key]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
