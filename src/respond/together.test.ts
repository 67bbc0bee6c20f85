import { expect, test } from "vitest";
import { withAssessment } from "../incidents/with-assessment.ts";
import { sampleAssessment } from "../incidents/testing/sample-incident.ts";
import { acknowledgeEpisode } from "./acts/acknowledge.ts";
import { changeIncident } from "./acts/incident.ts";
import { createRun, inbound, said, startAt } from "./testing/fixtures.ts";

const performance = (title: string, labels: Record<string, string> = {}, atMs = 0) =>
  inbound(title, { labels: { class: "performance", ...labels } }, atMs);
const pagesOf = (step: Parameters<typeof said>[0]) => said(step).filter((line) => line.startsWith("page"));

test("alarms of one cause that begin together are one incident and one page; the team hears of each", () => {
  const run = createRun();
  const alerts = [
    ...performance("all", { scope: "all" }),
    ...performance("acme", { customer: "acme" }),
    ...inbound("finality", { labels: { class: "network" } }),
  ];
  const step = run.step(0, { inbound: alerts });
  expect(pagesOf(step)).toHaveLength(1);
  expect(said(step).filter((line) => line.startsWith("firing"))).toHaveLength(3);
  expect(run.state().incidents).toHaveLength(1);
  expect(pagesOf(run.step(60_000, { inbound: performance("more", { customer: "b" }, 60_000) }))).toEqual([]);
});

test("once somebody has answered, or some time later, a new alarm pages again", () => {
  const answered = createRun();
  answered.step(0, { inbound: performance("one") });
  const id = answered.state().episodes[0]?.id ?? "";
  answered.step(1_000, {}, (draft, context) => acknowledgeEpisode(draft, context, id, "ann"));
  expect(pagesOf(answered.step(2_000, { inbound: performance("two", {}, 2_000) }))).toHaveLength(1);
  const later = createRun();
  later.step(0, { inbound: performance("one") });
  expect(pagesOf(later.step(121_000, { inbound: performance("two", {}, 121_000) }))).toHaveLength(1);
});

test("security pages whatever else is paged, and so does what has nothing to do with it", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("down", { labels: { class: "down", group: "main" } }) });
  expect(
    pagesOf(run.step(1, { inbound: inbound("key", { labels: { class: "security", group: "main" } }, 1) })),
  ).toHaveLength(1);
  expect(
    pagesOf(run.step(2, { inbound: inbound("disk", { labels: { class: "hardware", host: "h1" } }, 2) })),
  ).toHaveLength(1);
});

test("an incident hides no other alarm about the same thing; of a trouble of the network nobody is paged twice", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("slow", { labels: { class: "down", group: "main" } }) });
  const worse = run.step(600_000, {
    inbound: inbound("none ready", { labels: { class: "down", group: "main" } }, 600_000),
  });
  expect(pagesOf(worse)).toContain("page telegram ann: none ready");
  const wide = createRun();
  wide.step(0, { inbound: performance("all") });
  wide.step(1_000, {}, (draft, context) =>
    changeIncident(draft, context, "INC-1", (incident, now) =>
      withAssessment(incident, sampleAssessment({ scope: "network", at: startAt }), now),
    ),
  );
  const step = wide.step(900_000, { inbound: inbound("finality", { labels: { class: "network" } }, 900_000) });
  expect(said(step).filter((line) => line.includes("finality"))).toEqual([]);
});

test("what began together with an alarm that ended unanswered, and goes on, pages people in its place", () => {
  const run = createRun();
  run.step(0, { inbound: [...performance("one"), ...performance("two")] });
  const [paged] = run.state().episodes.filter(({ escalation }) => escalation !== undefined);
  const title = paged?.title ?? "";
  const goesOn = title === "one" ? "two" : "one";
  const at = 301_000;
  run.step(at, { inbound: inbound(title, { status: "resolved", labels: { class: "performance" } }, at) });
  const [other] = run.state().episodes;
  expect([other?.title, other?.escalation?.kind]).toEqual([goesOn, "triggered"]);
  expect(run.step(at + 1_000).commit.messages).toEqual([]);
});
