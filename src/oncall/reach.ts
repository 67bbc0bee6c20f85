import type { OnCallBook, Target } from "./escalation.ts";
import { onCallAt } from "./on-call-at.ts";
import type { OnCallReasonCode } from "./reasons.ts";

export type Reached = { person: string } | { person: undefined; reason: OnCallReasonCode };

/** Whom a target of a policy reaches at an instant (ms since 1970), or why nobody. */
export function reach(target: Target, book: OnCallBook, at: number): Reached {
  if ("person" in target) return reachPerson(target.person, book);
  const schedule = book.schedules.find(({ name }) => name === target.schedule);
  if (!schedule) return { person: undefined, reason: "schedule-unknown" };
  const onCall = onCallAt(schedule, at);
  return onCall.person === undefined ? { person: undefined, reason: onCall.reason } : reachPerson(onCall.person, book);
}

function reachPerson(name: string, { people }: OnCallBook): Reached {
  const person = people.find((each) => each.name === name);
  if (!person) return { person: undefined, reason: "person-unknown" };
  if (person.contacts.length === 0) return { person: undefined, reason: "person-without-contact" };
  return { person: name };
}
