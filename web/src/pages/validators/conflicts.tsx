import type { KeyConflict } from "../../../../src/fleet/validator.ts";
import { plural } from "../../model/format.ts";
import { shortKey } from "../../model/duty-words.ts";
import { Notice } from "../../parts/notice.tsx";

const shown = 5;

/** One key with two owners. Nobody decides that silently: it stands above everything, as an alert. */
export function Conflicts({ conflicts }: { conflicts: readonly KeyConflict[] }) {
  if (conflicts.length === 0) return null;
  const loaded = conflicts.some(({ label }) => label === "validatorClient");
  return (
    <Notice tone="bad" title={`${plural(conflicts.length, "key")} with two owners.`} role="alert">
      <ul>
        {conflicts.slice(0, shown).map(({ validator, label, claims }) => (
          <li key={`${validator} ${label}`}>
            <span title={validator}>{shortKey(validator)}</span>: {label}{" "}
            {claims.map(({ source, value }) => `${value} (by ${source})`).join(" against ")}.
          </li>
        ))}
      </ul>
      {conflicts.length > shown && <p>{conflicts.length - shown} more: `slotkeeper validators` lists them all.</p>}
      <p>
        {loaded ? "A key that two validator clients sign with gets slashed: stop one of them first. " : ""}Correct one
        of the two sources; both are read again by themselves.
      </p>
    </Notice>
  );
}
