import { expect, expectTypeOf, test } from "vitest";
import { sampleIncident, startAt } from "../testing/sample-incident.ts";
import { entryOf } from "../timeline.ts";
import type { EmbargoedIncident, Incident, PlainIncident } from "../types.ts";
import { contentFor, entriesFor } from "./content-for.ts";
import { headlineOf } from "./headline.ts";
import { publicIncident, type PublicIncident } from "./public-incident.ts";

const plain = sampleIncident({ summary: "disk" });
const secret = sampleIncident({ type: "vulnerability", title: "a hole" });
const entries = [entryOf("INC-7", "note", "ada", "a hole", startAt), entryOf("INC-8", "note", "ada", "other", startAt)];

test("what is embargoed is for responders and admins", () => {
  const readers = [undefined, "viewer", "responder", "admin"] as const;
  expect(readers.map((reader) => contentFor(plain, reader)?.title)).toEqual(Array(4).fill("bn1 hangs"));
  expect(readers.map((reader) => contentFor(secret, reader)?.title)).toEqual([
    undefined,
    undefined,
    "a hole",
    "a hole",
  ]);
  expect(readers.map((reader) => entriesFor(secret, entries, reader).length)).toEqual([0, 0, 1, 1]);
  expect(entriesFor(plain, entries, undefined)).toEqual([entries[0]]);
});

test("a headline is one line, and of what is embargoed only says that it is", () => {
  expect(headlineOf(plain)).toBe("INC-7 sev3 triage: bn1 hangs");
  expect(headlineOf(secret)).toBe("INC-7 (embargoed)");
  const forged = { ...plain, content: { title: "a\nlevel=error" } } as PlainIncident;
  expect(headlineOf(forged)).toBe("INC-7 sev3 triage: a level=error");
});

test("the public side has no people, customers, tasks or evidence, and of what is embargoed there is none", () => {
  const shown = publicIncident(plain);
  expect(shown).toEqual({
    ...{ reference: "INC-7", type: "outage", severity: "sev3", status: "triage", title: "bn1 hangs", summary: "disk" },
    ...{ scope: "unknown", instants: { declaredAt: startAt } },
  });
  expect(publicIncident(secret)).toBeUndefined();
});

test("nothing that is embargoed compiles where something public is asked for", () => {
  const render = (incident: PublicIncident) => incident.title;
  // Never called: only the compiler reads it. Each line that would compile is an error of its own.
  const wrong = (embargoed: EmbargoedIncident, either: Incident, own: PlainIncident) => {
    // @ts-expect-error an embargoed incident is not public
    render(embargoed);
    // @ts-expect-error nor is one that may be
    render(either);
    // @ts-expect-error a plain one has to go through `publicIncident`
    render(own);
    // @ts-expect-error there is no public side of it
    render(publicIncident(embargoed));
    // @ts-expect-error there may be none
    render(publicIncident(either));
    // @ts-expect-error nobody can write one down by hand
    render({ ...publicIncident(own), title: "x", type: "vulnerability" });
    const { title, summary } = embargoed.content.revealTo("responder");
    // @ts-expect-error content that was revealed does not make one either
    render({ ...embargoed, title, summary, scope: "unknown" });
    render(publicIncident(own));
  };
  expectTypeOf(wrong).toBeFunction();
});
