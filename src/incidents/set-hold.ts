import { momentOf } from "./instants.ts";
import { isOpen, refusalIfMerged } from "./status.ts";
import { lengthProblem, lineLength, shortLine, textLength } from "./text-limits.ts";
import { entryOf, isPerson } from "./timeline.ts";
import type { Incident, IncidentHold } from "./types.ts";
import { done, refuse, type VerbResult } from "./verb-result.ts";

type HoldState = IncidentHold["state"];

/** What may follow, and whether only a person may do it. `none`: the incident has no hold of this group yet. */
const next: Readonly<Record<HoldState | "none", Partial<Record<HoldState, "anybody" | "person">>>> = {
  none: { wanted: "anybody", done: "anybody" },
  wanted: { done: "anybody", failed: "anybody", released: "person" },
  failed: { wanted: "anybody", done: "anybody", released: "person" },
  done: { released: "person" },
  released: { wanted: "person", done: "person" },
};

export interface HoldInput {
  gateway: string;
  group: string;
  state: HoldState;
  /** Why it is wanted, or what the gateway said. Never what an embargoed incident is about: it is shown to everybody. */
  detail: string;
  /** A person's name, or "slotkeeper", which may neither release a hold nor want one again that was released. */
  by: string;
}

/** Writes down how a hold stands. The same state again changes nothing, so that a step may be repeated. */
export function setHold(incident: Incident, input: HoldInput, now: number): VerbResult {
  const { gateway, group, state, by } = input;
  const detail = shortLine(input.detail, textLength);
  const problem =
    refusalIfMerged(incident) ??
    lengthProblem("name of the gateway", gateway, lineLength) ??
    lengthProblem("name of the group", group, lineLength);
  if (problem) return problem;
  const { reference, holds } = incident;
  const before = holds.find((hold) => hold.gateway === gateway && hold.group === group);
  if (before?.state === state) return done(incident);
  const name = `${group} at ${gateway}`;
  if (!isOpen(incident) && (state === "wanted" || !before))
    return refuse("incident-over", `${reference} is ${incident.status}: it holds nothing more`);
  const may = next[before?.state ?? "none"][state];
  if (may === undefined) return refuse("hold-not-so", `${name} is ${before?.state ?? "not wanted"}, not ${state}`);
  if (may === "person" && !isPerson(by)) return refuse("person-needed", `the hold of ${name}`);
  const at = momentOf(incident, now);
  const hold: IncidentHold = { gateway, group, state, detail, at };
  const changed = {
    ...incident,
    holds: before ? holds.map((each) => (each === before ? hold : each)) : [...holds, hold],
  };
  return done(changed, entryOf(reference, "hold", by, `Hold of ${name} ${state}: ${detail}`, at));
}
