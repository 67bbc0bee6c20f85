import { AppError } from "../../lib/app-error.ts";
import type { Draft, RespondContext } from "../draft.ts";
import type { StoredOverride } from "../types.ts";

const longestMs = 366 * 86_400_000;

/** Somebody else is on call for a while. Throws `not-found` for what is not configured, `bad-request` for bad times. */
export function addOverride(draft: Draft, { settings, now }: RespondContext, override: StoredOverride): void {
  const { schedule, person, fromAt, toAt } = override;
  const refuse = (why: string, code: string) => {
    throw new AppError(`put ${person} on call: ${why}`, { code });
  };
  if (!settings.schedules.some(({ name }) => name === schedule))
    refuse(`there is no schedule "${schedule}". \`slotkeeper oncall now\` lists them.`, "not-found");
  const known = settings.people.find(({ name }) => name === person);
  if (!known) refuse(`nobody of that name is configured. Add them to people: first.`, "not-found");
  if (known?.contacts.length === 0) refuse(`${person} has no contact: a page would reach nobody.`, "bad-request");
  if (!(toAt > fromAt)) refuse("it must end after it begins.", "bad-request");
  if (toAt <= now) refuse("it is over already.", "bad-request");
  if (toAt - fromAt > longestMs) refuse("it is longer than a year. Change the rotation instead.", "bad-request");
  draft.state.overrides = [...draft.state.overrides, override];
}

/** What is past stays as it was: an override that runs ends now, one to come goes. */
export function removeOverride(draft: Draft, { now }: RespondContext, id: string): StoredOverride {
  const override = draft.state.overrides.find((each) => each.id === id);
  if (!override) throw new AppError(`remove override ${id}: there is none with this id.`, { code: "not-found" });
  if (override.toAt <= now) throw new AppError("remove this override: it is over already.", { code: "conflict" });
  draft.state.overrides =
    override.fromAt < now
      ? draft.state.overrides.map((each) => (each.id === id ? { ...each, toAt: now } : each))
      : draft.state.overrides.filter((each) => each.id !== id);
  return override;
}
