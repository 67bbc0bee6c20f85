import type { FleetPage } from "../../../../src/api/contract-duties.ts";
import { shortKey } from "../../model/duty-words.ts";
import { plural } from "../../model/format.ts";
import { doubledKeys } from "../../model/inventory-words.ts";
import { Notice } from "../../parts/notice.tsx";

const shown = 5;

/** One key in two places, or with two owners. Nobody decides that silently: it stands above everything, as an alert. */
export function Conflicts({ fleet }: { fleet: FleetPage | undefined }) {
  if (fleet === undefined) return null;
  return (
    <>
      <Doubled fleet={fleet} />
      <TwoOwners conflicts={fleet.conflicts} />
    </>
  );
}

function Doubled({ fleet }: { fleet: FleetPage }) {
  const doubled = doubledKeys(fleet);
  if (doubled.length === 0) return null;
  return (
    <Notice tone="bad" title={`${plural(doubled.length, "key")} loaded in two places.`} role="alert">
      <ul>
        {doubled.slice(0, shown).map(({ pubkey, places }) => (
          <li key={pubkey}>
            <span title={pubkey}>{shortKey(pubkey)}</span>: in {places.join(" and ")}.
          </li>
        ))}
      </ul>
      {doubled.length > shown && <p>{doubled.length - shown} more stand in the inventory below.</p>}
      <p>
        Two clients that sign with one key get it slashed. Stop one of the two at once; look for the reason only then.
      </p>
    </Notice>
  );
}

/** Keys that two sources give to two owners. */
export function TwoOwners({ conflicts }: Pick<FleetPage, "conflicts">) {
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
