import type { NextDutiesPage } from "../../api/contract-duties.ts";
import { textTable } from "../text-table.ts";
import { instant, shortKey } from "./amounts.ts";

const columns = ["when", "duty", "validator", "key", "slots"] as const;

/** Duties to come as a table, soonest first. */
export function nextLines({ duties }: Pick<NextDutiesPage, "duties">, most: number): string[] {
  const shown = [...duties].sort((a, b) => a.slot - b.slot).slice(0, most);
  const rows = shown.map(({ at, kind, validatorIndex, pubkey, slot, untilSlot }) => [
    instant(at),
    kind === "sync" ? "sync committee" : kind,
    String(validatorIndex),
    pubkey === undefined ? "unknown" : shortKey(pubkey),
    kind === "sync" ? `${slot} to ${untilSlot - 1}` : String(slot),
  ]);
  const more = duties.length - shown.length;
  return [...textTable([columns, ...rows]), ...(more > 0 ? [`… and ${more} more`] : [])];
}

export function nextText(page: NextDutiesPage, most: number): string {
  const known =
    page.knownToEpoch === undefined
      ? "Whose turn comes next is not known yet: the monitor has not read it."
      : `Proposals are known up to epoch ${page.knownToEpoch}.`;
  const lines = page.duties.length === 0 ? ["None of our validators has one of them."] : nextLines(page, most);
  return `${[known, ...lines].join("\n")}\n`;
}
