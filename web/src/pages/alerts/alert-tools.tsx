import type { RefObject } from "react";
import { severityChoices, type AlertsSearch, type AlertView } from "../../model/alert-list.ts";
import { Button } from "../../parts/button.tsx";
import tools from "../nodes/node-tools.module.css";

const placeholders: Readonly<Record<Exclude<AlertView, "silences">, string>> = {
  now: "Filter by label, text, incident   /",
  rules: "Filter by name, condition, owner   /",
  history: "Filter what was read   /",
};

interface AlertToolsProps {
  search: AlertsSearch;
  view: Exclude<AlertView, "silences">;
  field: RefObject<HTMLInputElement | null>;
  onChange: (part: AlertsSearch) => void;
}

export function AlertTools({ search, view, field, onChange }: AlertToolsProps) {
  return (
    <div className={tools["tools"]}>
      <input
        ref={field}
        className={tools["filter"]}
        type="search"
        aria-label="Filter alerts"
        placeholder={placeholders[view]}
        spellCheck={false}
        value={search.find ?? ""}
        onChange={(event) => onChange({ find: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (event.currentTarget.value === "") event.currentTarget.blur();
          else onChange({ find: "" });
        }}
      />
      <div className={tools["chips"]} role="group" aria-label="Severity">
        <Button aria-pressed={search.severity === undefined} onClick={() => onChange({ severity: undefined })}>
          All
        </Button>
        {severityChoices.map((severity) => (
          <Button key={severity} aria-pressed={search.severity === severity} onClick={() => onChange({ severity })}>
            {severity}
          </Button>
        ))}
      </div>
    </div>
  );
}
