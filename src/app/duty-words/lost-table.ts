import type { DutyException } from "../../duties/types.ts";
import { causeReasons } from "../../duties/causes/reasons.ts";
import { textTable } from "../text-table.ts";
import { gwei } from "./amounts.ts";

/** A duty that was not perfect, with the seat of its attestation where it is known. */
export interface LostDutyRow extends DutyException {
  seat: { committee: number; position: number } | undefined;
}

const columns = [
  "validator",
  "slot",
  "committee",
  "position",
  "duty",
  "outcome",
  "delay",
  "lost gwei",
  "cause",
] as const;

/** Lost duties as a table, in the order given. */
export function lostTable(rows: readonly LostDutyRow[]): string[] {
  const lines = rows.map(({ validatorIndex, slot, seat, kind, outcome, detail, lost, cause }) => [
    String(validatorIndex),
    String(slot),
    seat === undefined ? "-" : String(seat.committee),
    seat === undefined ? "-" : String(seat.position),
    kind,
    outcome.replaceAll("-", " "),
    kind === "attestation" && detail > 0 ? String(detail) : "-",
    gwei(lost),
    `${causeShort(cause.code)} (${cause.confidence})`,
  ]);
  return textTable([columns, ...lines]);
}

/** The few words of a cause; a code that this version does not know stays as it is. */
export const causeShort = (code: string): string => (causeReasons as ReasonsByCode)[code]?.short ?? code;

/** What it means and what to do next. */
export const causeLong = (code: string): string => (causeReasons as ReasonsByCode)[code]?.long ?? "";

type ReasonsByCode = Readonly<Record<string, { short: string; long: string }>>;
