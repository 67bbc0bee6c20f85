import { wallOf } from "./local-time.ts";
import type { OnCallReasonCode } from "./reasons.ts";
import { personOfTurn, turnAt, turnGrid } from "./turns.ts";
import type { Layer, OnCallSource, Schedule } from "./types.ts";
import { wallAt } from "./wall-clock.ts";
import { isWithin } from "./windows.ts";

export type Nobody = "no-layer-in-effect" | "outside-all-windows" | "rotation-empty";

/** Who is on call, by what, and why; or why nobody is. */
export type OnCall =
  | { person: string; source: OnCallSource; reason: OnCallReasonCode }
  | { person: undefined; source: undefined; reason: Nobody };

/**
 * Who is on call at an instant (ms since 1970): the last override that covers it, else the topmost layer that has somebody.
 * Throws what cannot be read: `time-zone-unknown`, `local-time-not-valid`, `rotation-not-valid` (`checkOnCall` finds them before).
 */
export function onCallAt(schedule: Schedule, at: number): OnCall {
  const override = schedule.overrides.findLast(({ fromAt, toAt }) => fromAt <= at && at < toAt);
  if (override)
    return { person: override.person, source: { kind: "override", override }, reason: "on-call-by-override" };
  let nobody: Nobody = "no-layer-in-effect";
  for (let n = schedule.layers.length - 1; n >= 0; n--) {
    const layer = schedule.layers[n];
    const seen = layer && layerAt(layer, schedule.timeZone, at);
    if (seen?.person !== undefined) return seen;
    if (seen && nobody === "no-layer-in-effect") nobody = seen.reason;
  }
  return { person: undefined, source: undefined, reason: nobody };
}

/** Who shadows at an instant, each once: they learn, and nothing depends on them. */
export function shadowsAt(schedule: Schedule, at: number): string[] {
  const people = (schedule.shadows ?? []).map((layer) => layerAt(layer, schedule.timeZone, at).person);
  return [...new Set(people.filter((person) => person !== undefined))];
}

function layerAt(layer: Layer, zoneOfSchedule: string, at: number): OnCall {
  const wall = wallAt(layer.timeZone ?? zoneOfSchedule, at);
  const nobody = (reason: Nobody) => ({ person: undefined, source: undefined, reason });
  if (wall < wallOf(layer.effectiveFrom)) return nobody("no-layer-in-effect");
  if (layer.effectiveUntil !== undefined && wall >= wallOf(layer.effectiveUntil)) return nobody("no-layer-in-effect");
  if (!isWithin(layer.restrictions, wall)) return nobody("outside-all-windows");
  const turn = turnAt(turnGrid(layer), wall);
  const person = personOfTurn(layer, turn);
  if (person === undefined) return nobody("rotation-empty");
  return { person, source: { kind: "layer", layer, turn }, reason: "on-call-by-rotation" };
}
