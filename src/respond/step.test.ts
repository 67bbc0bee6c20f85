import { expect, test } from "vitest";
import { acknowledgeBundle, acknowledgeEpisode } from "./acts/acknowledge.ts";
import { createRun, inbound, said, startAt } from "./testing/fixtures.ts";

const episodeId = (run: ReturnType<typeof createRun>, index = 0) => run.state().episodes[index]?.id ?? "none";

test("a critical alert pages whoever is first, tells the team, and is an incident", () => {
  const run = createRun();
  const step = run.step(0, { inbound: inbound("bn1 is down", { labels: { group: "main" } }) });
  expect(said(step)).toEqual(["firing slack slack C1: bn1 is down", "page telegram ann: bn1 is down"]);
  const [page] = step.commit.messages.filter(({ kind }) => kind === "page");
  expect(page?.fallbacks.map(({ channel }) => channel)).toEqual(["email", "hook"]);
  expect(page?.body.links[0]).toMatchObject({ purpose: "acknowledge" });
  expect(run.state().incidents).toMatchObject([
    { reference: "INC-1", status: "triage", severity: "sev2", groupKeys: [run.state().episodes[0]?.groupKey] },
  ]);
  expect(step.commit.entries.map(({ kind }) => kind)).toContain("page");
  // The same alert again says nothing new.
  expect(said(run.step(1_000, { inbound: inbound("bn1 is down", { labels: { group: "main" } }) }))).toEqual([]);
});

test("a warning tells the team after its wait and pages nobody", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("disk fills", { severity: "warning" }) });
  expect(said(run.step(30_000))).toEqual(["firing slack slack C1: disk fills"]);
  expect(run.state().incidents).toEqual([]);
});

test("who does not answer is followed by the next, then by the places of last resort; an answer ends it", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("down") });
  expect(said(run.step(299_000))).toEqual([]);
  expect(said(run.step(300_000))).toEqual(["page email bob: down"]);
  expect(said(run.step(600_000))).toEqual(["firing hook hook: down"]);
  const other = createRun();
  other.step(0, { inbound: inbound("down") });
  const acknowledged = other.step(1_000, {}, (draft, context) =>
    acknowledgeEpisode(draft, context, episodeId(other), "ann"),
  );
  expect(said(acknowledged)).toEqual(["acknowledge slack slack C1: down", "acknowledge telegram ann: down"]);
  expect(other.state().incidents[0]).toMatchObject({
    status: "investigating",
    instants: { acknowledgedAt: startAt + 1_000 },
  });
  expect(said(other.step(900_000))).toEqual([]);
});

test("a resolve waits for the group's interval, and goes to all who were told", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("down") });
  run.step(300_000);
  const ended = run.step(320_000, { inbound: inbound("down", { status: "resolved" }, 320_000) });
  expect(said(ended).toSorted()).toEqual([
    "resolve email bob: down",
    "resolve slack slack C1: down",
    "resolve telegram ann: down",
  ]);
  expect(run.state().incidents[0]?.alertsEndedAt).toBe(startAt + 320_000);
  // Nobody took it: it ends by itself a while later.
  run.step(320_000 + 1_800_000);
  expect(run.state().incidents).toEqual([]);
});

test("a person gets a handful of pages at once, the rest in one bundle that ends with its last alarm", () => {
  const run = createRun();
  const alerts = Array.from({ length: 40 }, (_, i) => inbound(`alarm ${i}`, { labels: { group: `g${i}` } })).flat();
  const first = run.step(0, { inbound: alerts });
  expect(first.commit.messages.filter(({ kind }) => kind === "page")).toHaveLength(5);
  expect(run.state().episodes).toHaveLength(40);
  // The first few are incidents of their own; the rest of the storm joins the newest.
  expect(run.state().incidents).toHaveLength(5);
  const later = run.step(60_000);
  expect(said(later)).toEqual(["page telegram ann: 35 more alarms are waiting for you"]);
  const bundle = run.state().bundles[0]?.id ?? "none";
  run.step(61_000, {}, (draft, context) => acknowledgeBundle(draft, context, bundle, "ann"));
  expect(run.state().episodes.filter(({ escalation }) => escalation?.kind === "acknowledged")).toHaveLength(35);
  const resolved = Array.from({ length: 40 }, (_, i) =>
    inbound(`alarm ${i}`, { labels: { group: `g${i}` }, status: "resolved" }, 400_000),
  ).flat();
  const ended = run.step(400_000, { inbound: resolved });
  expect(said(ended)).toContain("resolve telegram ann: All 35 alarms have ended");
  expect(run.state().bundles).toEqual([]);
});

test("what a security alert says is never held back", () => {
  const run = createRun({ throttle: { burst: 1, refillMs: 60_000 } });
  run.step(0, { inbound: inbound("one", { labels: { group: "a" } }) });
  const step = run.step(1, { inbound: inbound("slashed", { labels: { group: "b", class: "security" } }, 1) });
  expect(said(step)).toContain("page telegram ann: slashed");
});

test("a slashing wants its group held at every gateway that has it, once", () => {
  const gateways = [
    { gateway: "a", groups: ["main", "other"] },
    { gateway: "b", groups: ["main"] },
  ];
  const run = createRun({}, gateways);
  const slashed = inbound("ValidatorSlashed", { labels: { group: "main", class: "security" } });
  run.step(0, { inbound: slashed });
  const [incident] = run.state().incidents;
  expect(incident).toMatchObject({ type: "slashing", severity: "sev1" });
  expect(incident?.holds.map(({ gateway, group, state }) => `${gateway}/${group} ${state}`)).toEqual([
    "a/main wanted",
    "b/main wanted",
  ]);
  run.step(1_000, { inbound: slashed });
  expect(run.state().incidents[0]?.holds).toHaveLength(2);
});

test("a step that changes nothing writes nothing", () => {
  const run = createRun();
  run.step(0, { inbound: inbound("down", { labels: { group: "main" } }) });
  // Its own incident suppresses the alert from now on.
  run.step(1_000);
  expect(run.step(2_000).commit).toEqual({ put: [], remove: [], events: [], entries: [], messages: [] });
});
