import { expect, it } from "vitest";
import { episodeOf, incidentOf, messageOf } from "../../../test/browser/fake-api/build-incident.ts";
import { escalationWords } from "./escalation-words.ts";
import { linkState } from "./link-state.ts";
import { ownPath, webAddress } from "./own-path.ts";
import { firingWords, onCallWords, undeliveredWords } from "./respond-words.ts";
import { attemptWords, sentState } from "./sent-words.ts";
import { orderedEntries } from "./timeline-words.ts";
import { updateBody } from "./update-draft.ts";

const now = Date.UTC(2026, 10, 4, 12);
const hour = 3_600_000;

it("what fires is counted by severity, with the tone of the worst", () => {
  expect(firingWords({ firing: { critical: 0, warning: 0, info: 0 } })).toBeUndefined();
  expect(firingWords({ firing: { critical: 2, warning: 0, info: 1 } })).toEqual({
    tone: "bad",
    text: "2 critical, 1 info",
  });
  expect(undeliveredWords({ undelivered: 0 })).toBeUndefined();
  expect(undeliveredWords({ undelivered: 1 })).toMatch(/^1 message was not delivered/);
});

it("nobody on call is trouble; who has it, for how long and who follows is told", () => {
  const next = { person: "bob", fromAt: now + 3 * hour };
  const duty = { schedule: "primary", timeZone: "UTC", person: "alice", since: now, until: now + 3 * hour, next };
  expect(onCallWords(duty, now)).toEqual({
    tone: "fine",
    person: "alice",
    note: "for 3 h 00 min more, then bob",
  });
  const later = { ...next, fromAt: now + 5 * hour };
  expect(onCallWords({ ...duty, next: later }, now).note).toBe("for 3 h 00 min more, then bob in 5 h 00 min");
  expect(onCallWords({ ...duty, person: undefined, until: undefined, next: undefined }, now)).toEqual({
    tone: "warn",
    person: "nobody",
    note: "and nobody follows",
  });
});

it("how paging stands is told, whoever answered or did not", () => {
  const episode = episodeOf(now);
  expect(escalationWords(episode, now)).toBe("paging by night, next step in 4 min; 2 places told");
  const escalation = { kind: "acknowledged", policy: "night", by: "bob", nextAt: now + hour } as const;
  expect(escalationWords({ escalation, told: [] }, now)).toBe(
    "acknowledged by bob, paged again in 1 h 00 min; nobody told",
  );
  expect(escalationWords({ escalation: { ...escalation, kind: "expired" }, told: [] }, now)).toBe(
    "all of night was paged and nobody answered; nobody told",
  );
  expect(escalationWords({ escalation: undefined, told: [] }, now)).toBe("nobody is paged by it; nobody told");
});

it("a link that is open says when it expires; what became of the alarm stands before that", () => {
  const view = {
    ...({ title: "", person: "alice", severity: "critical", incident: undefined, startsAt: now } as const),
    ...({ state: "open", acknowledgedBy: undefined, expiresAt: now + 1 } as const),
  };
  expect(linkState(view, now).kind).toBe("open");
  expect(linkState(view, now + 1).kind).toBe("expired");
  expect(linkState({ ...view, state: "acknowledged", acknowledgedBy: "bob" }, now + 1).sentence).toBe(
    "Acknowledged by bob.",
  );
  expect(linkState({ ...view, state: "over" }, now + 1).kind).toBe("over");
});

it("a message says how it went", () => {
  expect(sentState(messageOf(now, { state: "held" })).tone).toBe("warn");
  expect(attemptWords(messageOf(now))).toBe("");
  expect(attemptWords(messageOf(now, { attempt: 3, errorClass: "rate-limited", detail: "429", fallbackOf: "m" }))).toBe(
    "attempt 3, rate limited: 429, by a fallback channel",
  );
});

it("entries of one instant keep their order in both directions", () => {
  const entry = (id: string, at: number) => ({ id, at, reference: "", kind: "note", author: "", text: "" }) as const;
  const timeline = [entry("c", 2), entry("a", 1), entry("b", 1)];
  const ids = (isNewestFirst: boolean) => orderedEntries(timeline, isNewestFirst).map(({ id }) => id);
  expect(ids(false)).toEqual(["a", "b", "c"]);
  expect(ids(true)).toEqual(["c", "b", "a"]);
});

it("an update sends only what differs, and never an empty title", () => {
  const incident = incidentOf(now);
  const draft = { ...incident, note: "" };
  expect(updateBody(incident, draft)).toBeUndefined();
  expect(updateBody(incident, { ...draft, title: "  " })).toBeUndefined();
  expect(updateBody(incident, { ...draft, title: ` ${incident.title} `, status: "isolated", note: " done " })).toEqual({
    status: "isolated",
    note: "done",
  });
});

it("evidence leads only to pages of ours, runbooks only to web addresses", () => {
  expect(ownPath("/validators?key=a")).toBe("/validators?key=a");
  for (const link of [undefined, "//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example"])
    expect(ownPath(link)).toBeUndefined();
  expect(webAddress("https://runbooks.example/a?b=1")).toBe("https://runbooks.example/a?b=1");
  for (const text of ["javascript:alert(1)", "ftp://a", "see the wiki https://a", ""])
    expect(webAddress(text)).toBeUndefined();
});
