import { expect, test } from "vitest";
import { acknowledgeEpisode } from "./acts/acknowledge.ts";
import { changeIncident, declareByPerson, declineByPerson, mergeByPerson } from "./acts/incident.ts";
import { updateIncident } from "../incidents/update.ts";
import { createRun, inbound, said } from "./testing/fixtures.ts";

const minute = 60_000;
const declared = { title: "a hole in the client", by: "eve", page: "primary" };

test("a declined incident pages nobody any more, and who was paged for it alone hears its end", () => {
  const run = createRun();
  run.step(0, {}, (draft, context) => void declareByPerson(draft, context, declared));
  const declined = run.step(1, {}, (draft, context) =>
    declineByPerson(draft, context, "INC-1", { reason: "a drill", by: "eve" }),
  );
  expect(said(declined)).toEqual(["resolve telegram ann: INC-1, declared by eve: a hole in the client"]);
  expect(run.state().episodes).toEqual([]);
  const other = createRun();
  other.step(0, { inbound: inbound("down") });
  other.step(1, {}, (draft, context) => declineByPerson(draft, context, "INC-1", { reason: "known", by: "ann" }));
  expect(said(other.step(5 * minute))).toEqual([]);
});

test("what a person declared is not closed by itself, so that no page of it stays without an end", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("down") });
  run.step(1, {}, (draft, context) => void declareByPerson(draft, context, declared));
  run.step(2, {}, (draft, context) => mergeByPerson(draft, context, "INC-1", "INC-2", "eve"));
  run.step(6 * minute, { inbound: inbound("down", { status: "resolved" }, 6 * minute) });
  run.step(60 * minute);
  expect(run.state().incidents.map(({ reference }) => reference)).toEqual(["INC-2"]);
});

test("an incident, taken or not, hides nothing else that breaks in the same group of nodes", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("duties late", { labels: { group: "main" } }) });
  const worse = run.step(40 * minute, { inbound: inbound("signer down", { labels: { group: "main" } }, 40 * minute) });
  expect(said(worse)).toContain("page telegram ann: signer down");
  const taken = createRun();
  taken.step(0, { inbound: inbound("duties late", { labels: { group: "main" } }) });
  const id = taken.state().episodes[0]?.id ?? "none";
  taken.step(1, {}, (draft, context) => acknowledgeEpisode(draft, context, id, "ann"));
  const more = taken.step(40 * minute, { inbound: inbound("signer down", { labels: { group: "main" } }, 40 * minute) });
  expect(said(more)).toContain("page telegram ann: signer down");
});

test("what is put under embargo is not named in messages that are still to come", () => {
  const run = createRun();
  run.step(0, {}, (draft, context) => void declareByPerson(draft, context, declared));
  run.step(1, {}, (draft, context) =>
    changeIncident(draft, context, "INC-1", (incident, now) =>
      updateIncident(incident, { type: "vulnerability", by: "eve" }, now),
    ),
  );
  expect(said(run.step(5 * minute))).toEqual(["page email bob: INC-1 (embargoed)"]);
});

test("the same key declares once, also when both come at the same time", () => {
  const run = createRun();
  const references: string[] = [];
  for (const at of [0, 1])
    run.step(at, {}, (draft, context) => {
      references.push(declareByPerson(draft, context, { ...declared, idempotencyKey: "k" }));
    });
  expect(references).toEqual(["INC-1", "INC-1"]);
  expect(run.state().incidents).toHaveLength(1);
});

test("in a storm the newest incident is the newest by its instant, however rows are ordered", () => {
  const run = createRun();
  const alarm = (i: number, at: number) => run.step(at, { inbound: inbound(`a${i}`, { labels: { group: `g${i}` } }) });
  for (let i = 1; i <= 10; i++) alarm(i, (i - 1) * 3 * minute);
  alarm(11, 27 * minute + 1);
  expect(run.state().incidents).toHaveLength(11);
  alarm(12, 27 * minute + 2);
  const joined = run.state().incidents.filter(({ groupKeys }) => groupKeys.length > 1);
  expect(joined.map(({ reference }) => reference)).toEqual(["INC-11"]);
});

test("an incident that is full of alarms takes in no more: the rest of a storm is another one", () => {
  const run = createRun();
  const alerts = Array.from({ length: 1_100 }, (_, i) => inbound(`a${i}`, { labels: { group: `g${i}` } })).flat();
  run.step(0, { inbound: alerts });
  const sizes = run.state().incidents.map(({ groupKeys }) => groupKeys.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(1_100);
});
