import { expect, test } from "vitest";
import {
  incidentDetail,
  onCallPage,
  pageTrace,
  rulesPage,
  sampleNow,
  shownAlert,
  shownEpisode,
  shownPage,
} from "../../api/testing/respond-samples.ts";
import type { PagesPage } from "../../api/contract-oncall.ts";
import type { AlertsPage, BacktestAnswer } from "../../api/contract-respond.ts";
import { alertHistoryText, alertsText, backtestText, rulesText, silencesText } from "./alerts-text.ts";
import { incidentsText, incidentText } from "./incidents-text.ts";
import { onCallCheckStatus, onCallCheckText, onCallNextText, onCallNowText } from "./oncall-text.ts";
import { pagesText, testPagesText, testResultsStatus, testResultsText, traceText } from "./pages-text.ts";

const here = { now: sampleNow, timeZone: "Europe/Zurich" };
const minute = 60_000;
const hour = 60 * minute;

test("alerts: worst first, with why nobody is told and what is not known", () => {
  const page: AlertsPage = {
    at: sampleNow,
    alerts: [
      shownAlert({
        severity: "info",
        summary: "",
        labels: { alertname: "Slow", node: "bn3" },
        incident: undefined,
        source: "generic",
      }),
      shownAlert({ state: "pending", severity: "critical", summary: "soon" }),
      shownAlert({
        unknownSince: sampleNow - 3 * minute,
        suppressedBy: [{ kind: "silence", id: "s1", reason: "silenced", until: sampleNow + hour }] as never,
      }),
    ],
    episodes: [],
    problems: [
      { alert: "DiskFull", reason: "no-facts", count: 0 },
      { alert: "X", reason: "from-the-future", count: 3 },
    ],
  };
  const lines = alertsText(page, here).split("\n");
  expect(lines[0]).toBe("2 alerts fire; 1 pending.");
  expect(lines.slice(3, 6).map((line) => line.replace(/ {2,}/g, "|"))).toEqual([
    "critical|firing|5 min|NodeDown|bn1 is down|INC-1; not told: silence s1, ends in 60 min; facts missing for 3 min",
    "info|firing|5 min|Slow|node=bn3|from generic",
    "critical|pending|5 min|NodeDown|soon|INC-1",
  ]);
  expect(lines.slice(6).join("\n")).toBe(
    "\nCANNOT BE JUDGED\n  1 rule, facts not known: DiskFull\n  1 rule, from-the-future: X (3)\n  What each needs: slotkeeper alerts rules\n",
  );
});

test("no alert is said as such, and is not called fine while a rule is blind", () => {
  const empty: AlertsPage = { at: sampleNow, alerts: [], episodes: [], problems: [] };
  expect(alertsText(empty, here)).toBe("No alert fires.\n");
  const blind = { ...empty, problems: [{ alert: "DiskFull", reason: "no-facts", count: 0 }] };
  expect(alertsText(blind, here)).toContain("CANNOT BE JUDGED");
});

test("rules: those that fire first, and what the blind ones need", () => {
  const text = rulesText(rulesPage());
  expect(text).toMatch(
    /^rule +state +severity.*\nNodeDown +firing +critical +nodes +2m +2 +shipped +upstream_down == 1\nDiskFull +unknown/,
  );
  expect(text).toContain("CANNOT BE JUDGED\n  DiskFull: needs host metrics\n");
});

test("history of alerts, newest first, with the reason in words", () => {
  const { fingerprint, labels, severity, value } = shownAlert();
  const event = { fingerprint, rule: "r", alert: "NodeDown", labels, severity, value, summary: "bn1 is down" };
  const items = [{ ...event, id: 7, kind: "firing", reason: "condition-holds", at: sampleNow - 5 * minute }] as const;
  expect(alertHistoryText({ items, nextBefore: 7 }, here)).toMatch(
    /2026-11-26 05:55 UTC +5 min ago +firing +critical +NodeDown +bn1 is down +condition holds\nThere are older ones/,
  );
  expect(alertHistoryText({ items: [] }, here)).toBe("No alert has changed yet.\n");
});

test("silences: whom they cover, until when, by whom and why; those that are over are counted", () => {
  const silence = { startsAt: sampleNow - hour, endsAt: sampleNow + 2 * hour, createdBy: "ann", comment: "up\ndate" };
  const matchers = [{ name: "node", op: "=~", value: "bn[12]" }] as const;
  const silences = [
    { ...silence, id: "s1", matchers, state: "active" as const },
    { ...silence, id: "s0", matchers, state: "expired" as const },
  ];
  expect(silencesText({ at: sampleNow, silences }, here)).toBe(
    's1  node=~"bn[12]"\n  until 2026-11-26 08:00 UTC (09:00 GMT+1, in 2 h)\n  ann: up date\n1 silence over.\n',
  );
  expect(silencesText({ at: sampleNow, silences: [] }, here)).toBe("No silence is in force.\n");
});

test("a backtest of one rule lists its firings; what nobody recorded is unknown, not fine", () => {
  const firing = {
    labels: { node: "bn1" },
    activeAt: 0,
    firedAt: sampleNow - hour,
    resolvedAt: sampleNow,
    unknownMs: minute,
  };
  const rule = {
    ...{ alert: "tried", expr: "a > 1", fromAt: 0, toAt: sampleNow, more: 0, blindMs: 2 * hour },
    ...{ firings: [firing, { ...firing, resolvedAt: 0, unknownMs: 0 }], notices: { firing: 2, repeat: 1, resolve: 1 } },
  };
  const answer: BacktestAnswer = {
    fromAt: sampleNow - 24 * hour,
    toAt: sampleNow,
    rules: [rule],
    factsWithoutHistory: ["a"],
  };
  const text = backtestText(answer, here);
  expect(text).toMatch(/^History from 2026-11-25 06:00 UTC to 2026-11-26 06:00 UTC \(24 h\)/);
  expect(text).toMatch(/tried +2 +2 \+ 1 +2 h +a > 1\n/);
  expect(text).toContain(
    "2026-11-26 05:00 UTC (06:00 GMT+1, 60 min ago)  for 60 min, facts missing for 1 min of it  node=bn1",
  );
  expect(text).toContain("fires to the end  node=bn1");
  expect(text).toContain("UNKNOWN: no history is kept of a;");
  expect(backtestText({ ...answer, rules: [rule, { ...rule, alert: "other", firings: [], more: 9 }] }, here)).toMatch(
    /other +9 .*\ntried +2 /,
  );
});

test("incidents: a table, or that there is none", () => {
  const text = incidentsText({ items: [incidentDetail({ title: "a\nb" })], nextBefore: 3 }, false, here);
  expect(text).toMatch(/\nINC-1 +sev2 +triage +outage +4 min +- +1 +a b\nThere are older ones/);
  expect(incidentsText({ items: [] }, false, here)).toContain("No incident is open.");
  expect(incidentsText({ items: [] }, true, here)).toBe("No incident was declared yet.\n");
});

test("an incident: nobody took it, what was found, what can be done and what is refused", () => {
  const text = incidentText(incidentDetail(), here);
  expect(text).toMatch(
    /^INC-1 {2}sev2 {2}triage: bn1 is down\noutage, declared 2026-11-26 05:56 UTC \(06:56 GMT\+1, 4 min ago\) by an alarm\n/,
  );
  for (const line of [
    "NOBODY HAS TAKEN IT.",
    "assessment of 3 min ago, scope multiple: 4 of 12 validators miss their attestations.",
    "  victims: 4 of 12 validators, stake 128; customers: acme",
    "  in common: host=h1 (100.00 % of the victims; 4 of its 5, 80.00 %)",
    "  lost so far: 0.000061234",
    "  SLA: acme breaches in 3 h 10 min at this rate. 2026-11-26 09:10 UTC (10:10 GMT+1, in 3 h)",
    "  nodes     BAD      bn1 does not answer.",
    "  network   good     The network finalizes.",
    "critical  bn1 is down  (default: triggered, next step in 3 min)",
    "can be done without risk\n  drain bn1: Takes bn1 out of service. One node less.",
    "refused\n  hold default: No slashing is seen.",
    "timeline\n  2026-11-26 05:56:00 UTC  slotkeeper: NodeDown fires",
  ])
    expect(text).toContain(line);
});

test("an incident that is over, with people, tasks, holds and many pages", () => {
  const done = incidentDetail({
    ...{
      status: "merged",
      mergedInto: "INC-9",
      acknowledgedAt: sampleNow - 2 * minute,
      resolvedAt: sampleNow,
      isEmbargoed: true,
    },
    ...{ roles: { commander: "ann", scribe: "" }, summary: "one\n\u001b[2Jtwo", source: { kind: "person", by: "bob" } },
    tasks: [
      { id: "t1", text: "call", owner: "bob", state: "done" },
      { id: "t2", text: "wait", owner: "", state: "open" },
    ],
    holds: [{ gateway: "main", group: "default", state: "done", detail: "", at: sampleNow }],
    pages: Array.from({ length: 12 }, (_, at) => shownPage({ id: `m${at}` })),
    episodes: [shownEpisode({ escalation: undefined })],
    assessment: undefined,
  });
  const text = incidentText(done, here);
  expect(text).toContain("merged into INC-9: bn1 is down\nEMBARGOED");
  expect(text).toContain(
    "taken 2 min after it was declared\nresolved 2026-11-26 06:00 UTC (07:00 GMT+1, now), 4 min after",
  );
  expect(text).toContain("commander: ann\n\none\n[2Jtwo\n");
  expect(text).toContain("tasks\n  [x] t1 call (bob)\n  [ ] t2 wait\n");
  expect(text).toContain("(m9)\n  … and 2 more");
  expect(text).toContain("(pages nobody)");
  expect(text).not.toContain("assessment");
  expect(incidentText(incidentDetail({ status: "declined" }), here)).toContain("nobody took it\n");
});

test("on call: now, next, and what would leave a page without a reader", () => {
  expect(onCallNowText(onCallPage(), here)).toBe(
    "primary: ann until 2026-11-26 09:00 UTC (10:00 GMT+1, in 3 h)\n  then bob from 2026-11-26 09:00 UTC (10:00 GMT+1, in 3 h)\nbackup: NOBODY\n",
  );
  const next = onCallNextText(onCallPage(), here);
  expect(next).toMatch(/\nprimary +bob +2026-11-26 09:00 UTC \(10:00 GMT\+1, in 3 h\) +24 h +override\n/);
  expect(next).toContain("overrides\n  o1  primary: bob from");
  expect(next).toMatch(/NOBODY ON CALL\n {2}backup: from .* for 27 h\n/);
  expect(onCallCheckText(onCallPage(), here)).toMatch(
    /^backup: nobody on call: 1 times, .*\n {2}from 2026-11-26 06:00 UTC .*\n {2}At some time/,
  );
  expect(onCallCheckStatus(onCallPage())).toBe(1);
  const fine = onCallPage({ findings: [] });
  expect([onCallCheckText(fine, here), onCallCheckStatus(fine)]).toEqual([
    ...["Somebody who can be reached is on call at every time of the next 14 d.\n", 0],
  ]);
  expect(onCallNowText(onCallPage({ now: [] }), here)).toContain("nobody is on call");
});

test("pages: what stands where, why, and what to do with those that are held", () => {
  const items = [
    shownPage({
      id: "m2",
      state: "held",
      reason: "held-for-a-person",
      errorClass: "ambiguous",
      detail: "no\nanswer",
      fallbackOf: "m1",
    }),
    shownPage(),
  ];
  const counts = { pending: 0, sending: 0, sent: 1, failed: 0, dropped: 0, held: 1 };
  const page: PagesPage = { items, counts, oldestUnfinishedAt: sampleNow - minute };
  const text = pagesText(page, here);
  expect(text).toMatch(
    /m2 +2026-11-26 05:56 UTC +page +held +ann +mail +bn1 is down +in place of m1; .*ambiguous; no answer\n/,
  );
  expect(text).toContain("1 sent, 1 held");
  expect(text).toContain("slotkeeper page settle ID arrived|send-again");
});

test("test pages: each result, and a status that is 0 only where every one was accepted", () => {
  const asked = { id: "m1", person: "ann", channel: "mail" };
  const results = (["sent", "pending", "failed"] as const).map((state) => ({
    ...asked,
    page: shownPage({ state, attempt: 2, reason: undefined, errorClass: state === "failed" ? "refused" : undefined }),
  }));
  const [sent] = results;
  expect(testResultsText(results)).toBe(
    "ann by mail (m1): accepted by the provider after 800 ms, at try 2\n" +
      "ann by mail (m1): NOT SENT YET, after 2 tries\nann by mail (m1): FAILED: refused\n",
  );
  expect(testResultsText([{ ...asked, page: undefined }])).toContain("UNKNOWN");
  expect(testResultsText([])).toContain("NO PAGE WAS SENT");
  expect([results, [sent!], []].map(testResultsStatus)).toEqual([1, 0, 1]);
  expect(testPagesText({ auditId: 1, done: "1 test page is on its way", pages: [asked] })).toMatch(
    /^1 test page is on its way\n {2}m1 {2}ann by mail\n/,
  );
});

test("a trace goes from the page to slot and node, each step with its instant and place", () => {
  const text = traceText(pageTrace(), "http://127.0.0.1:7380", here);
  expect(text).toMatch(
    /^bn1 is down\npage m1 \(page\) to ann by mail: sent\nwritten .*, accepted 800 ms later\n\n {2}message {3}page to ann/,
  );
  expect(text).toContain(
    "↳ duty      slot 13184001: validator 7 missed its attestation\n            2026-11-26 05:55:00 UTC, 5 min ago  http://127.0.0.1:7380/validators/7\n",
  );
  expect(text).not.toContain("The chain ends here");
  const abroad = {
    ...pageTrace(),
    steps: [{ what: "node", at: 0, text: "x", link: "https://grafana.example/d" }],
  } as const;
  expect(traceText(abroad, "http://127.0.0.1:7380", here)).toContain("ago  https://grafana.example/d\n");
  const short = { ...pageTrace(), steps: pageTrace().steps.slice(0, 1) };
  expect(traceText(short, "", here)).toContain("The chain ends here");
});
