import { expect, test } from "vitest";
import type { InboundAlert } from "../alerts/inbound/types.ts";
import { streamKeyOf } from "../outbox/types.ts";
import { acknowledgeBundle, acknowledgeEpisode } from "./acts/acknowledge.ts";
import { resolveByPerson } from "./acts/incident.ts";
import { createRun, inbound, policy, said, settings } from "./testing/fixtures.ts";

type Run = ReturnType<typeof createRun>;
const minute = 60_000;
const episodeId = (run: Run, index = 0) => run.state().episodes[index]?.id ?? "none";
const texts = (step: ReturnType<Run["step"]>) => step.commit.entries.map(({ text }) => text);

/** One more of the same group of alerts. */
const bn = (node: string): InboundAlert[] =>
  inbound(node, { labels: { group: "main", node } }).map((alert) => ({
    ...alert,
    labels: { ...alert.labels, alertname: "NodeDown" },
  }));

test("two chats of one person are two streams, and both hear the end", () => {
  const contacts = [
    { channel: "telegram", address: "1" },
    { channel: "telegram", address: "2" },
  ];
  const people = [{ name: "ann", timeZone: "UTC", contacts }];
  const policies = [{ ...policy, steps: policy.steps.slice(0, 1), repeats: 1 }];
  const run = createRun({ people, policies, fallbacks: [] });
  const messages = [...run.step(0, { inbound: inbound("down") }).commit.messages];
  messages.push(...run.step(5 * minute).commit.messages);
  const ended = run.step(6 * minute, { inbound: inbound("down", { status: "resolved" }, 6 * minute) });
  const streams = (kind: string, list = messages) =>
    list.filter((each) => each.kind === kind).map((each) => streamKeyOf(each.recipient, each, each.groupKey));
  expect(new Set(streams("page")).size).toBe(2);
  const ends = streams("resolve", [...ended.commit.messages]);
  expect(ends).toEqual(expect.arrayContaining(streams("page")));
  expect(new Set(ends).size).toBe(ends.length);
});

test("what a person resolved and then grows is a new incident, and people are paged for it under a key of its own", () => {
  const run = createRun();
  const first = run.step(0, { inbound: bn("bn1") });
  run.step(minute, {}, (draft, context) =>
    resolveByPerson(draft, context, "INC-1", { summary: "it is old", by: "ann" }),
  );
  expect(run.state().incidents).toEqual([]);
  const grown = run.step(10 * minute, { inbound: bn("bn2") });
  expect(said(grown).filter((line) => line.startsWith("page"))).toHaveLength(1);
  expect(run.state().incidents.map(({ reference }) => reference)).toEqual(["INC-2"]);
  const keys = [...first.commit.messages, ...grown.commit.messages].map(({ dedupKey }) => dedupKey);
  expect(new Set(keys).size).toBe(keys.length);
});

test("that an alarm still holds is no new incident and no page, when a person resolved it", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("down") });
  run.step(minute, {}, (draft, context) => resolveByPerson(draft, context, "INC-1", { summary: undefined, by: "ann" }));
  const repeated = run.step(5 * 3_600_000);
  expect(said(repeated)).toEqual(["firing slack slack C1: down"]);
  expect(run.state().incidents).toEqual([]);
});

test("what grows after nobody acknowledged pages people again", () => {
  const run = createRun();
  run.step(0, { inbound: bn("bn1") });
  for (let at = 5; at <= 20; at += 5) run.step(at * minute);
  expect(run.state().episodes[0]?.escalation?.kind).toBe("expired");
  const grown = run.step(30 * minute, { inbound: bn("bn2") });
  expect(said(grown)).toContain("page telegram ann: bn1 And 1 more.");
});

test("a bundle's acknowledgement takes only what nobody has, and its own place hears it", () => {
  const run = createRun({ throttle: { burst: 1, refillMs: minute } });
  run.step(0, { inbound: [1, 2, 3].flatMap((i) => inbound(`a${i}`, { labels: { group: `g${i}` } })) });
  run.step(minute);
  const [bundle] = run.state().bundles;
  const [one = "none", other = "none"] = bundle?.episodes ?? [];
  run.step(minute + 1, {}, (draft, context) => acknowledgeEpisode(draft, context, one, "bob"));
  const step = run.step(minute + 2, {}, (draft, context) =>
    acknowledgeBundle(draft, context, bundle?.id ?? "none", "ann"),
  );
  const holder = (id: string) => {
    const escalation = run.state().episodes.find((each) => each.id === id)?.escalation;
    return escalation?.kind === "acknowledged" ? escalation.by : undefined;
  };
  expect([holder(one), holder(other)]).toEqual(["bob", "ann"]);
  expect(said(step)).toContain("acknowledge telegram ann: ann has all that nobody had of these alarms");
  const again = run.step(minute + 3, {}, (draft, context) =>
    acknowledgeBundle(draft, context, bundle?.id ?? "none", "ann"),
  );
  expect(said(again)).toEqual([]);
});

test("an alarm that waits twice in one bundle is one alarm there", () => {
  const policies = [{ ...policy, steps: policy.steps.slice(0, 1), repeats: 3, repeatAfterMs: minute }];
  const run = createRun({ policies, throttle: { burst: 1, refillMs: 10 * minute } });
  run.step(0, { inbound: [1, 2].flatMap((i) => inbound(`a${i}`, { labels: { group: `g${i}` } })) });
  run.step(1, {}, (draft, context) => acknowledgeEpisode(draft, context, episodeId(run, 0), "bob"));
  run.step(minute);
  const step = run.step(10 * minute);
  expect(step.commit.messages.filter(({ kind }) => kind === "page").map(({ body }) => body.title)).toEqual(["a2"]);
});

test("an alarm whose incident a person closed can no longer be acknowledged, however often they click", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("down") });
  run.step(1, {}, (draft, context) => resolveByPerson(draft, context, "INC-1", { summary: undefined, by: "ann" }));
  expect(() => run.step(2, {}, (draft, context) => acknowledgeEpisode(draft, context, episodeId(run), "bob"))).toThrow(
    /nobody is paged for it any more/,
  );
});

test("somebody who is gone from the configuration while a page waits leaves a line, and never an empty place", () => {
  const run = createRun({ throttle: { burst: 1, refillMs: minute }, fallbacks: [] });
  run.step(0, { inbound: [1, 2].flatMap((i) => inbound(`a${i}`, { labels: { group: `g${i}` } })) });
  run.settings = { ...run.settings, people: settings.people.filter(({ name }) => name !== "ann") };
  const step = run.step(minute);
  expect(said(step)).toEqual([]);
  expect(texts(step)).toEqual(["ann cannot be paged. (page-without-place)"]);
});

test("a security alert is not held back because its group holds other alerts too", () => {
  const grouping = { ...settings.grouping, groupBy: ["group"] };
  const run = createRun({ grouping, throttle: { burst: 1, refillMs: minute } });
  run.step(0, { inbound: inbound("one", { labels: { group: "a" } }) });
  const both = [
    ...inbound("slashed", { labels: { group: "b", class: "security" } }, 1),
    ...inbound("slow", { labels: { group: "b", class: "late" } }, 1),
  ];
  expect(said(run.step(1, { inbound: both })).filter((line) => line.startsWith("page"))).toHaveLength(1);
});

test("every line about paging carries its reason", () => {
  const run = createRun({
    routes: [{ ...settings.routes[0], matchers: [], policy: undefined, tell: [], tellFrom: "info" }],
  });
  expect(texts(run.step(0, { inbound: inbound("down") }))).toContain(
    "Nobody is paged: its route names no escalation policy. (no-policy)",
  );
});

test("a clock that was a day ahead and is set back delays no page, no bundle and no end", () => {
  const day = 86_400_000;
  const run = createRun({ throttle: { burst: 1, refillMs: minute } });
  run.step(day, { inbound: [1, 2, 3].flatMap((i) => inbound(`a${i}`, { labels: { group: `g${i}` } }, day)) });
  const firstOf = (kind: string, from: number, to: number) => {
    for (let at = from; at <= to; at += minute) {
      const lines = said(run.step(at)).filter((line) => line.startsWith(kind));
      if (lines.length > 0) return lines;
    }
    return [];
  };
  expect(firstOf("page telegram ann: 2 more", 0, 2 * minute)).toHaveLength(1);
  expect(firstOf("page email bob", 2 * minute, 6 * minute).length).toBeGreaterThan(0);
  const over = [1, 2, 3].flatMap((i) => inbound(`a${i}`, { labels: { group: `g${i}` }, status: "resolved" }, day));
  run.step(7 * minute, { inbound: over });
  run.step(12 * minute);
  expect(run.state().episodes).toEqual([]);
});
