import { AppError } from "../lib/app-error.ts";
import { wallOf } from "./local-time.ts";
import { personOfTurn, turnAt, turnGrid } from "./turns.ts";
import type { Layer, LocalDateTime, Schedule } from "./types.ts";
import { wallAt } from "./wall-clock.ts";

export interface LayerChange {
  name: string;
  /** From when the change holds, on the layer's wall clock. */
  effectiveFrom: LocalDateTime;
  change: Partial<Pick<Layer, "rotation" | "restrictions">>;
  /** Ms since 1970. */
  now: number;
}

/**
 * The schedule with a rotation changed from a time on: the version in effect then ends, and a new one begins, at the same place
 * among the layers. Who has the turn at that time keeps it if still in the rotation. Versions that would begin later are
 * dropped. Throws `past-is-fixed` for a time that has gone by, `layer-unknown` where nothing is in effect then.
 */
export function reviseLayer(schedule: Schedule, { name, effectiveFrom, change, now }: LayerChange): Schedule {
  const from = wallOf(effectiveFrom);
  const old = schedule.layers.find(
    (layer) =>
      layer.name === name &&
      wallOf(layer.effectiveFrom) <= from &&
      (layer.effectiveUntil === undefined || from < wallOf(layer.effectiveUntil)),
  );
  if (!old)
    throw new AppError(`change layer ${name} of ${schedule.name}: no version of it is in effect at ${effectiveFrom}`, {
      code: "layer-unknown",
    });
  if (from <= wallAt(old.timeZone ?? schedule.timeZone, now))
    throw new AppError(`change layer ${name} of ${schedule.name}: ${effectiveFrom} has gone by, give a later time`, {
      code: "past-is-fixed",
    });
  const revised = { ...without(old), ...change, effectiveFrom };
  const layers = schedule.layers.flatMap((layer): Layer[] => {
    if (layer === old)
      return wallOf(old.effectiveFrom) === from
        ? [keepTurn(revised, old)]
        : [{ ...old, effectiveUntil: effectiveFrom }, keepTurn(revised, old)];
    return layer.name === name && wallOf(layer.effectiveFrom) > from ? [] : [layer];
  });
  return { ...schedule, layers };
}

/** The new version is open-ended: it replaces whatever was planned after it. */
function without({ effectiveUntil: _, ...layer }: Layer): Layer {
  return layer;
}

/** The same order, beginning with whoever has the turn in the old version when the new one takes effect. */
function keepTurn(revised: Layer, old: Layer): Layer {
  const { people } = revised.rotation;
  const holder = personOfTurn(old, turnAt(turnGrid(old), wallOf(revised.effectiveFrom)));
  const index = holder === undefined ? -1 : people.indexOf(holder);
  if (index <= 0) return revised;
  return { ...revised, rotation: { ...revised.rotation, people: [...people.slice(index), ...people.slice(0, index)] } };
}
