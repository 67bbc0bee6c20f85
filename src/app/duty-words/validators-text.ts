import type {
  ValidatorDetail,
  ValidatorDuties,
  ValidatorEpoch,
  ValidatorRow,
  ValidatorsPage,
} from "../../api/contract-duties.ts";
import { heatCellOf } from "../../duties/heat-cells.ts";
import { textTable } from "../text-table.ts";
import { coins, gwei, instant, shortKey } from "./amounts.ts";
import { nextLines } from "./next-text.ts";
import { recentLegend, recentStrip } from "./recent-strip.ts";
import { otherTotals, totalsTable } from "./totals-table.ts";

const columns = ["index", "key", "status", "balance", "last epochs", "labels"] as const;
const mostCells = 16;

/** "customer=acme host=a". */
export const labelWords = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");

/** Validators as a table, and how many there are. */
export function validatorsText({ total, items }: Pick<ValidatorsPage, "total" | "items">): string {
  if (items.length === 0) return "No validator of ours is found by that.\n";
  const rows = items.map(({ index, pubkey, status, balance, recent, labels }) => [
    index === undefined ? "-" : String(index),
    pubkey === undefined ? "unknown" : shortKey(pubkey),
    status,
    coins(balance),
    recentStrip(recent.slice(-mostCells)),
    labelWords(labels),
  ]);
  const more = total - items.length;
  const count = `${items.length} of ${total}${more > 0 ? "; --limit shows more" : ""}`;
  return `${[...textTable([columns, ...rows]), "", count, recentLegend].join("\n")}\n`;
}

export const nameOf = ({ index, pubkey }: Pick<ValidatorRow, "index" | "pubkey">): string =>
  index === undefined ? (pubkey ?? "unknown") : `${index}${pubkey === undefined ? "" : ` (${pubkey})`}`;

/** One validator: who it is, how it did, what comes next. */
export function validatorText(detail: ValidatorDetail, { items }: ValidatorDuties): string {
  const { status, effectiveBalance, balance, labels, sources, conflicts, totals, epochs, next, recent } = detail;
  const lines = [
    `validator ${nameOf(detail)}`,
    `  status              ${status}`,
    `  balance             ${coins(balance)} (effective ${coins(effectiveBalance)})`,
    `  labels              ${labelWords(labels) || "none"}`,
    `  listed by           ${sources.join(", ") || "nobody"}`,
    ...conflicts.map(
      ({ label, claims }) =>
        `  CONFLICT            ${label}: ${claims.map(({ source, value }) => `${value} (${source})`).join(" against ")}`,
    ),
    `  last epochs         ${recentStrip(recent)}`,
    `                      ${recentLegend}`,
  ];
  if (epochs > 0) lines.push("", ...totalsTable([[`${epochs} epochs`, totals]]), ...otherTotals(totals));
  if (items.length > 0) lines.push("", ...epochRows(items));
  if (next.length > 0) lines.push("", "next duties", ...nextLines({ duties: next }, 10));
  return `${lines.join("\n")}\n`;
}

const epochColumns = ["epoch", "state", "attestation", "delay", "earned", "ideal", "cause", "other duties"] as const;

function epochRows(items: readonly ValidatorEpoch[]): string[] {
  const rows = items.map((item) => {
    const hasRewards = item.rewards !== "none";
    return [
      String(item.epoch),
      item.state,
      dutyWord(item),
      item.delay === 0 ? "-" : `${item.delay}${item.emptySlots > 0 ? ` (${item.emptySlots} empty)` : ""}`,
      gwei(hasRewards ? item.earned : undefined),
      gwei(hasRewards ? item.ideal : undefined),
      item.exceptions.map(({ cause }) => cause.code).join(", ") || "-",
      otherDuties(item).join("; ") || "-",
    ];
  });
  return textTable([epochColumns, ...rows]);
}

const cellWords = ["unknown", "no duty", "perfect", "wrong head", "late", "wrong target", "missed", "slashed"] as const;

/** One word for a duty, the same as on the page. */
export const dutyWord = ({ duty, delay, emptySlots }: Pick<ValidatorEpoch, "duty" | "delay" | "emptySlots">): string =>
  cellWords[heatCellOf(duty, delay, emptySlots)] ?? "unknown";

/** Blocks and sync committee of an epoch. */
export function otherDuties({ proposals, sync }: Pick<ValidatorEpoch, "proposals" | "sync">): string[] {
  return [
    ...proposals.map(({ slot, outcome }) => `block of slot ${slot} ${outcome.replaceAll("-", " ")}`),
    ...(sync ? [`sync ${sync.hits} of ${sync.duties}`] : []),
  ];
}

/** When evidence was seen, or that nobody noted it. */
export const seenAt = (at: number | null | undefined): string => (typeof at === "number" ? instant(at) : "");
