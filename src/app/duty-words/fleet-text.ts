import type { FleetPage } from "../../api/contract-duties.ts";
import { inventoryReasons } from "../../fleet/reasons.ts";
import { textTable } from "../text-table.ts";
import { instant, plural, shortKey } from "./amounts.ts";

/** Whether a person should look: 1, else 0. */
export function fleetExitStatus({ sources, conflicts, findings, keys }: FleetPage): 0 | 1 {
  const isKeyBad = keys.some(({ error, counts }) => error || counts.missing + counts.unexpected + counts.doubled > 0);
  return sources.some(({ error }) => error) || conflicts.length > 0 || findings.length > 0 || isKeyBad ? 1 : 0;
}

/** The inventory: what contradicts itself first, then where everybody comes from, then loaded keys. */
export function fleetText(fleet: FleetPage): string {
  const lines: string[] = [];
  for (const { place, counts, doubled } of fleet.keys)
    if (counts.doubled > 0)
      lines.push(
        `DANGER: ${plural(counts.doubled, "key")} of ${place} ${counts.doubled === 1 ? "is" : "are"} loaded elsewhere too. Stop one of the clients now, or they are slashed:`,
        ...doubled.map(({ pubkey, places }) => `  ${pubkey}: ${places.join(", ")}`),
      );
  for (const { validator, label, claims } of fleet.conflicts)
    lines.push(
      `CONFLICT: ${validator}: ${label} is ${claims.map(({ source, value }) => `${value} (${source})`).join(" and ")}`,
    );
  if (lines.length > 0) lines.push("");
  lines.push(summaryOf(fleet));
  if (fleet.sources.length > 0) lines.push("", ...sourceLines(fleet.sources));
  for (const { reason, about, validators, detail } of fleet.findings)
    lines.push(
      `look: ${inventoryReasons[reason]?.short ?? reason}: ${about} (${plural(validators, "validator")}). ${detail}`,
    );
  if (fleet.keys.length > 0) lines.push("", ...keyLines(fleet.keys));
  return `${lines.join("\n")}\n`;
}

function summaryOf({ validators, withoutIndex, statuses }: FleetPage): string {
  const told = Object.entries(statuses)
    .sort((a, b) => b[1] - a[1])
    .map(([status, count]) => `${count} ${status}`);
  const without = withoutIndex > 0 ? `; ${withoutIndex} not known to the chain yet` : "";
  return `${plural(validators, "validator")}${told.length > 0 ? `: ${told.join(", ")}` : ""}${without}`;
}

function sourceLines(sources: FleetPage["sources"]): string[] {
  const rows = sources.map(({ name, kind, validators, readAt, error, skipped }) => [
    name,
    kind,
    String(validators),
    typeof readAt === "number" ? instant(readAt) : "never",
    error ? `FAILS: ${error.message}` : skipped.length > 0 ? `${skipped.length} left out: ${skipped[0]}` : "fine",
  ]);
  return textTable([["source", "kind", "validators", "last read", "state"], ...rows]);
}

const few = 3;

function keyLines(keys: FleetPage["keys"]): string[] {
  const rows = keys.map(({ place, kind, expected, loaded, counts, error }) => [
    place,
    kind,
    String(expected),
    loaded === undefined ? "unknown" : String(loaded),
    String(counts.missing),
    String(counts.unexpected),
    String(counts.doubled),
    error ? `FAILS: ${error.message}` : "read",
  ]);
  const named = keys.flatMap(({ place, missing, unexpected, counts }) => [
    ...firstKeys(place, "missing", missing, counts.missing),
    ...firstKeys(place, "unexpected", unexpected, counts.unexpected),
  ]);
  const columns = ["place", "kind", "expected", "loaded", "missing", "unexpected", "doubled", "state"];
  return [...textTable([columns, ...rows]), ...named];
}

function firstKeys(place: string, what: string, keys: readonly string[], count: number): string[] {
  if (count === 0) return [];
  const more = count - Math.min(few, keys.length);
  return [
    `  ${what} at ${place}: ${keys.slice(0, few).map(shortKey).join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
  ];
}
