import type { MatcherText } from "../../../src/alerts/expr/matcher.ts";
import type { Labels } from "../../../src/alerts/labels.ts";
import type { Suppression } from "../../../src/alerts/suppress/types.ts";
import type { ShownAlert, ShownEpisode, ShownRule } from "../../../src/api/contract-respond.ts";
import type { TransitionKind } from "../../../src/alerts/state/types.ts";
import { severityTone } from "./alert-list.ts";
import { formatLength, utcTime } from "./format.ts";
import type { Tone } from "./shown-state.ts";
import type { ReasonText } from "./told-fact.ts";

/** `node="bn-1"`: as in Prometheus. */
export const matcherWords = ({ name, op, value }: MatcherText): string =>
  `${name}${op}"${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;

/** Matchers that name exactly this alert, its name first: what a silence begins with. */
export function matchersOf(labels: Labels): readonly MatcherText[] {
  const entries = Object.entries(labels).filter(([, value]) => value !== "");
  const isName = ([name]: readonly [string, string]) => name === "alertname";
  return [...entries.filter(isName), ...entries.filter((entry) => !isName(entry)).toSorted()].map(([name, value]) => ({
    name,
    op: "=",
    value,
  }));
}

/** How many of these alerts a silence would cover; `undefined`: patterns are the server's to judge. */
export function coveredBy(matchers: readonly MatcherText[], alerts: readonly ShownAlert[]): number | undefined {
  if (matchers.some(({ op }) => op === "=~" || op === "!~")) return undefined;
  return alerts.filter(({ labels }) => matchers.every((matcher) => isCovered(matcher, labels))).length;
}

function isCovered({ name, op, value }: MatcherText, labels: Labels): boolean {
  const found = Object.hasOwn(labels, name) ? (labels[name] ?? "") : "";
  const isSame = value === "*" ? found !== "" : found === value;
  return op === "=" ? isSame : !isSame;
}

/** Labels but for the name, which stands elsewhere: "node=bn-1 host=host-07". */
export const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .filter(([name, value]) => name !== "alertname" && value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .join("  ");

const suppressors: Readonly<Record<Suppression["kind"], string>> = {
  silence: "silence",
  inhibit_rule: "a worse alert",
  incident: "incident",
  maintenance: "maintenance",
};

/** "silence s-1 until 14:00:00 UTC: silenced": what keeps people from being told. */
export function suppressionWords({ kind, id, reason, until }: Suppression, reasonOf: ReasonText): string {
  const by = kind === "inhibit_rule" ? suppressors[kind] : `${suppressors[kind]} ${id}`;
  return `${by}${until === undefined ? "" : ` until ${utcTime(until)} UTC`}: ${reasonOf(reason).short}`;
}

/** How the paging of an episode stands, and what comes next. */
export function escalationWords({ escalation }: ShownEpisode, now: number): { tone: Tone; words: string } {
  if (escalation === undefined) return { tone: "aside", words: "nobody is paged by it" };
  const { kind, policy, by, nextAt } = escalation;
  const next =
    nextAt === undefined ? "" : nextAt <= now ? ", next step due now" : `, next step in ${formatLength(nextAt - now)}`;
  switch (kind) {
    case "pending":
      return { tone: "wait", words: `${policy}: nobody is paged yet${next}` };
    case "triggered":
      return { tone: "bad", words: `${policy}: paging, nobody has acknowledged${next}` };
    case "acknowledged": {
      const again = nextAt === undefined ? "" : `; pages again in ${formatLength(nextAt - now)} unless it ends`;
      return { tone: "fine", words: `acknowledged by ${by ?? "somebody"}${again}` };
    }
    case "resolved":
      return { tone: "fine", words: `${policy}: ended` };
    case "expired":
      return { tone: "bad", words: `${policy}: all steps are used up, nobody has acknowledged` };
  }
}

/** "5 min", "at once" */
export const holdWords = (ms: number): string => (ms === 0 ? "at once" : formatLength(ms));

/** How a rule stands; what fires is as bad as its severity says. */
export function ruleTone({ state, severity }: Pick<ShownRule, "state" | "severity">): Tone {
  if (state === "firing") return severityTone(severity);
  return state === "pending" ? "wait" : state === "unknown" ? "unknown" : "fine";
}

export const eventShown: Readonly<Record<TransitionKind, { tone: Tone; word: string }>> = {
  pending: { tone: "wait", word: "pending" },
  firing: { tone: "bad", word: "firing" },
  resolved: { tone: "fine", word: "resolved" },
  dropped: { tone: "aside", word: "ended before it fired" },
  unknown: { tone: "unknown", word: "facts lost" },
  known: { tone: "fine", word: "facts back" },
};

/** When a silence is in force, in words. */
export function silenceWords({ startsAt, endsAt }: { startsAt: number; endsAt: number }, now: number): string {
  if (now >= endsAt) return `ended ${formatLength(now - endsAt)} ago`;
  if (now < startsAt) return `begins in ${formatLength(startsAt - now)}, for ${formatLength(endsAt - startsAt)}`;
  return `ends in ${formatLength(endsAt - now)}`;
}
