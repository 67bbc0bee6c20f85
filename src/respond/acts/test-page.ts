import { AppError } from "../../lib/app-error.ts";
import { onCallAt } from "../../oncall/on-call-at.ts";
import { bookOf, type Draft, type RespondContext } from "../draft.ts";
import { utc } from "../texts.ts";
import type { PageTest } from "../types.ts";

export interface TestPageRequest {
  person?: string | undefined;
  channel?: string | undefined;
  by: string;
  newId: () => string;
}

/** Pages that prove the path: to one person or everybody on call, over one channel or all of theirs. Throws `not-found` where nobody is meant. */
export function sendTestPages(draft: Draft, context: RespondContext, request: TestPageRequest): PageTest[] {
  const { settings, now } = context;
  const names = request.person === undefined ? onCallNow(draft, context) : [request.person];
  const people = settings.people.filter(({ name }) => names.includes(name));
  const tests = people.flatMap(({ name, contacts }) =>
    contacts
      .filter(({ channel }) => request.channel === undefined || channel === request.channel)
      .map((place): PageTest => ({ ...place, id: request.newId(), person: name, at: now, acknowledgedAt: undefined })),
  );
  if (tests.length === 0)
    throw new AppError(`send a test page: ${whyNobody(request, people.length)}`, { code: "not-found" });
  for (const test of tests) {
    const { id, person, channel, address } = test;
    const isSame = (other: PageTest) =>
      other.person === person && other.channel === channel && other.address === address;
    draft.state.tests = [...draft.state.tests.filter((other) => !isSame(other)), test];
    draft.messages.push({
      ...{
        recipient: person,
        channel,
        address,
        groupKey: `test ${id}`,
        kind: "test",
        dedupKey: `test ${id}`,
        fallbacks: [],
      },
      body: {
        title: `Test page for ${person}`,
        text: `${request.by} tests whether pages reach you here. Nothing is wrong. Sent ${utc(now)}.`,
        severity: "info",
        links: [{ label: "It reached me", url: context.linkTo({ kind: "test", id }, person), purpose: "acknowledge" }],
      },
    });
  }
  return tests;
}

function onCallNow(draft: Draft, context: RespondContext): string[] {
  return bookOf(draft.state, context.settings).schedules.flatMap(
    (schedule) => onCallAt(schedule, context.now).person ?? [],
  );
}

function whyNobody({ person, channel }: TestPageRequest, found: number): string {
  if (person !== undefined && found === 0) return `nobody called "${person}" is configured. Add them to people:.`;
  if (person === undefined && found === 0) return "nobody is on call now. Name a person, or mend the schedule.";
  return channel === undefined
    ? `${person ?? "whoever is on call"} has no contact. Add one to people:.`
    : `${person ?? "whoever is on call"} has no contact over "${channel}".`;
}
