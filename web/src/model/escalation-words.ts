import type { ShownEpisode } from "../../../src/api/contract-respond.ts";
import { formatDuration, plural } from "./format.ts";
import type { Tone } from "./shown-state.ts";

const tones: Readonly<Record<ShownEpisode["severity"], Tone>> = { critical: "bad", warning: "warn", info: "wait" };
export const alarmTone = (severity: ShownEpisode["severity"]): Tone => tones[severity];

/** "paging by night, next step in 4 min; 2 told", "acknowledged by bob; 2 told". */
export function escalationWords({ escalation, told }: Pick<ShownEpisode, "escalation" | "told">, now: number): string {
  const heard = told.length === 0 ? "nobody told" : `${plural(told.length, "place")} told`;
  if (escalation === undefined) return `nobody is paged by it; ${heard}`;
  const { kind, policy, by, nextAt } = escalation;
  const next =
    nextAt === undefined ? "" : `, next step ${nextAt <= now ? "now" : `in ${formatDuration(nextAt - now)}`}`;
  switch (kind) {
    case "pending":
      return `paging by ${policy} begins${next}; ${heard}`;
    case "triggered":
      return `paging by ${policy}${next}; ${heard}`;
    case "acknowledged":
      return `acknowledged by ${by ?? "somebody"}${nextAt === undefined ? "" : `, paged again${nextAt <= now ? " now" : ` in ${formatDuration(nextAt - now)}`}`}; ${heard}`;
    case "resolved":
      return `paging by ${policy} is over; ${heard}`;
    case "expired":
      return `all of ${policy} was paged and nobody answered; ${heard}`;
  }
}
