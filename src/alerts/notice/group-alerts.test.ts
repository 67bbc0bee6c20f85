import { expect, it } from "vitest";
import type { Severity } from "../severity.ts";
import type { Suppression } from "../suppress/types.ts";
import { fingerprintOf } from "../labels.ts";
import { groupAlerts } from "./group-alerts.ts";
import { defaultGrouping, type AlertGroup, type FiringAlert } from "./types.ts";

const minute = 60_000;
const silence: Suppression = { kind: "silence", id: "s1", reason: "silenced" };

function alert(node: string, severity: Severity = "critical", suppressedBy: readonly Suppression[] = []): FiringAlert {
  const labels = { alertname: "Down", node, severity };
  const texts = { summary: "", description: "", runbook: "", playbook: "" };
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    severity,
    ...texts,
    startsAt: 1,
    isUnknown: false,
    suppressedBy,
  };
}

/** Looks once at each instant; notices as `minutes kind reason firing-nodes -resolved-nodes`. */
function run(
  steps: readonly (readonly [minutes: number, alerts: readonly FiringAlert[]])[],
  settings = defaultGrouping,
) {
  let groups: AlertGroup[] = [];
  const told: string[] = [];
  const dues: (number | null | undefined)[] = [];
  for (const [minutes, alerts] of steps) {
    const next = groupAlerts(groups, alerts, settings, (100 + minutes) * minute);
    groups = next.groups;
    const due = groups[0]?.dueAt;
    dues.push(typeof due === "number" ? due / minute - 100 : due);
    for (const { kind, reason, alerts: all } of next.notices) {
      const names = all
        .map(({ status, labels }) => `${status === "resolved" ? "-" : ""}${labels["node"] ?? ""}`)
        .sort();
      told.push(`${minutes} ${kind} ${reason} ${names.join(" ")}`);
    }
  }
  return { told, dues, groups };
}

it("tells a critical group at once, and its end no sooner than the group interval", () => {
  const { told, dues, groups } = run([
    [0, [alert("a")]],
    [1, []],
    [5, []],
  ]);
  expect(told).toEqual(["0 firing group-new a", "5 resolve group-resolved -a"]);
  expect(dues).toEqual([240, 5, undefined]);
  expect(groups).toEqual([]);
});

it("tells when an alert ended, not when that was noticed", () => {
  const look = (groups: readonly AlertGroup[], minutes: number, alerts: readonly FiringAlert[]) =>
    groupAlerts(groups, alerts, defaultGrouping, (100 + minutes) * minute);
  const first = look([], 0, [alert("a")]);
  const { notices } = look(look(look(first.groups, 1, []).groups, 2, []).groups, 5, []);
  expect(notices).toMatchObject([{ at: 105 * minute, alerts: [{ endsAt: 101 * minute }] }]);
});

it("waits for company with warnings, and says nothing of what came and went meanwhile", () => {
  expect(
    run([
      [0, [alert("a", "warning")]],
      [0.2, [alert("a", "warning"), alert("b", "warning")]],
      [0.5, [alert("a", "warning"), alert("b", "warning")]],
    ]).told,
  ).toEqual(["0.5 firing group-new a b"]);
  const { told, dues, groups } = run([
    [0, [alert("a", "warning")]],
    [0.4, []],
    [9, []],
  ]);
  expect({ told, dues, groups }).toEqual({ told: [], dues: [0.5, undefined, undefined], groups: [] });
});

it("does not wait when something worse joins, neither before nor after the first notice", () => {
  const warning = alert("a", "warning");
  expect(
    run([
      [0, [warning]],
      [0.1, [warning, alert("b")]],
    ]).told,
  ).toEqual(["0.1 firing group-new a b"]);
  expect(
    run([
      [0, [warning]],
      [1, [warning]],
      [1.5, [warning, alert("b")]],
    ]).told,
  ).toEqual(["1 firing group-new a", "1.5 firing group-worse a b"]);
});

it("tells more of the same after the group interval, with what has ended since", () => {
  const { told } = run([
    [0, [alert("a"), alert("b")]],
    [1, [alert("a"), alert("c")]],
    [4.9, [alert("a"), alert("c")]],
    [5, [alert("a"), alert("c")]],
  ]);
  expect(told).toEqual(["0 firing group-new a b", "5 firing group-more -b a c"]);
});

it("repeats after the repeat interval, and not while everything is silenced", () => {
  const quiet = alert("a", "critical", [silence]);
  expect(
    run([
      [0, [alert("a")]],
      [239, [alert("a")]],
      [240, [alert("a")]],
    ]).told,
  ).toEqual(["0 firing group-new a", "240 repeat group-repeat a"]);
  expect(
    run([
      [0, [alert("a")]],
      [1, [quiet]],
      [500, [quiet]],
      [501, [alert("a")]],
    ]).told,
  ).toEqual(["0 firing group-new a", "501 repeat group-repeat a"]);
});

it("tells the end of what was told even if it is silenced by then", () => {
  const quiet = alert("a", "critical", [silence]);
  expect(
    run([
      [0, [alert("a")]],
      [1, [quiet]],
      [9, []],
    ]).told,
  ).toEqual(["0 firing group-new a", "9 resolve group-resolved -a"]);
});

it("tells nothing of what was silenced from beginning to end, and tells it when the silence ends before it", () => {
  const quiet = alert("a", "critical", [silence]);
  expect(
    run([
      [0, [quiet]],
      [9, []],
    ]).told,
  ).toEqual([]);
  expect(
    run([
      [0, [quiet]],
      [9, [alert("a")]],
      [10, []],
      [14, []],
    ]).told,
  ).toEqual(["9 firing group-new a", "14 resolve group-resolved -a"]);
});

it("asks to be looked at again when a silence ends by itself", () => {
  expect(run([[0, [alert("a", "critical", [{ ...silence, until: 107 * minute }])]]]).dues).toEqual([7]);
});

it("takes what ends and comes back within the interval as one", () => {
  expect(
    run([
      [0, [alert("a")]],
      [1, []],
      [2, [alert("a")]],
      [5, [alert("a")]],
      [6, []],
    ]).told,
  ).toEqual(["0 firing group-new a", "6 resolve group-resolved -a"]);
});

it("ends what was told under other group labels before, and tells it anew", () => {
  const { groups } = run([[0, [alert("a")]]]);
  const { notices } = groupAlerts(groups, [alert("a")], { ...defaultGrouping, groupBy: ["..."] }, 200 * minute);
  expect(notices.map(({ kind }) => kind).sort()).toEqual(["firing", "resolve"]);
});
