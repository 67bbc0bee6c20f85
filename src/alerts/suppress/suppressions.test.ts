import { expect, it } from "vitest";
import { fingerprintOf, type Labels } from "../labels.ts";
import { silenceProblem, silenceState } from "./silence.ts";
import { suppressAlerts, type SuppressionInput } from "./suppressions.ts";
import type { InhibitRule, Mute, Silence } from "./types.ts";

const silence: Silence = {
  id: "s1",
  matchers: [{ name: "node", op: "=~", value: "bn[12]" }],
  startsAt: 100,
  endsAt: 200,
  createdBy: "ada",
  comment: "disk is being changed",
};
const nothing: SuppressionInput = { silences: [], inhibitRules: [], incidents: [], mutes: [] };

function alert(labels: Labels, isUnknown = false) {
  return { fingerprint: fingerprintOf(labels), labels, severity: labels["severity"] ?? "warning", isUnknown };
}

/** What suppresses each alert, by reason. */
function reasons(alerts: readonly ReturnType<typeof alert>[], input: Partial<SuppressionInput>, now = 150): string[] {
  return suppressAlerts(alerts, { ...nothing, ...input }, now).map(({ suppressedBy }) =>
    suppressedBy.map(({ reason, id }) => `${reason} ${id}`).join(),
  );
}

it("knows a silence that is to come, is in force, and is over", () => {
  expect([99, 100, 199, 200].map((now) => silenceState(silence, now))).toEqual([
    "pending",
    "active",
    "active",
    "expired",
  ]);
  const alerts = [alert({ node: "bn1" }), alert({ node: "bn3" })];
  expect(reasons(alerts, { silences: [silence] })).toEqual(["silenced s1", ""]);
  expect(reasons(alerts, { silences: [silence] }, 200)).toEqual(["", ""]);
  expect(suppressAlerts(alerts, { ...nothing, silences: [silence] }, 150)[0]?.suppressedBy[0]?.until).toBe(200);
});

it("refuses a silence that would hide everything, never ends, or has no author", () => {
  const problem = (change: Partial<Silence>) => silenceProblem({ ...silence, ...change })?.reason;
  expect(problem({})).toBeUndefined();
  expect(problem({ matchers: [] })).toBe("silence-no-matcher");
  expect(problem({ matchers: [{ name: "node", op: "=~", value: ".*" }] })).toBe("silence-no-matcher");
  expect(problem({ matchers: [{ name: "node", op: "!=", value: "x" }] })).toBe("silence-no-matcher");
  expect(problem({ matchers: [{ name: "node", op: "=~", value: "(" }] })).toBe("silence-no-matcher");
  expect(problem({ endsAt: 100 })).toBe("silence-bad-times");
  expect(problem({ endsAt: NaN })).toBe("silence-bad-times");
  expect(problem({ endsAt: 100 + 91 * 86_400_000 })).toBe("silence-bad-times");
  expect(problem({ comment: " " })).toBe("silence-no-author");
});

it("silences nothing by a stored pattern that no longer reads", () => {
  expect(
    reasons([alert({ node: "(" })], { silences: [{ ...silence, matchers: [{ name: "node", op: "=~", value: "(" }] }] }),
  ).toEqual([""]);
});

const worse: InhibitRule = {
  id: "r1",
  sourceMatchers: [{ name: "severity", op: "=", value: "critical" }],
  targetMatchers: [{ name: "severity", op: "=~", value: "warning|critical" }],
  equal: ["node"],
};

it("inhibits by a firing alert with equal labels, absent on both sides being equal", () => {
  const critical = alert({ severity: "critical", node: "a" });
  const warnings = [
    alert({ severity: "warning", node: "a" }),
    alert({ severity: "warning", node: "b" }),
    alert({ severity: "warning" }),
  ];
  expect(reasons([critical, ...warnings], { inhibitRules: [worse] })).toEqual(["", "inhibited-by-alert r1", "", ""]);
  expect(reasons([alert({ severity: "critical" }), ...warnings], { inhibitRules: [worse] })).toEqual([
    "",
    "",
    "",
    "inhibited-by-alert r1",
  ]);
});

it("lets neither two alerts on both sides hide each other, nor one whose facts are lost hide another", () => {
  const both = [alert({ severity: "critical", node: "a", n: "1" }), alert({ severity: "critical", node: "a", n: "2" })];
  expect(reasons(both, { inhibitRules: [worse] })).toEqual(["", ""]);
  expect(
    reasons([alert({ severity: "critical", node: "a" }, true), alert({ severity: "warning", node: "a" })], {
      inhibitRules: [worse],
    }),
  ).toEqual(["", ""]);
});

it("counts an alert to an open incident that names its labels, unless it is worse", () => {
  const incidents = [{ reference: "I-7", labelSets: [{ group: "a" }], severity: "warning" as const }];
  const alerts = [
    alert({ group: "a", severity: "warning" }),
    alert({ group: "a", severity: "critical" }),
    alert({ group: "b", severity: "info" }),
  ];
  expect(reasons(alerts, { incidents })).toEqual(["inhibited-by-incident I-7", "", ""]);
  expect(reasons(alerts, { incidents: [{ reference: "I-8", labelSets: [{}], severity: "critical" }] })).toEqual([
    "",
    "",
    "",
  ]);
});

it("counts chain and duty alerts to an incident of the whole network, unless they are worse or about a thing of our own", () => {
  const incident = { reference: "I-9", labelSets: [], severity: "warning" as const };
  const coversClasses = ["network", "missed", "security"];
  const alerts = [
    alert({ class: "network" }),
    alert({ class: "missed", customer: "acme", severity: "info" }),
    alert({ class: "network", node: "bn1" }),
    alert({ class: "network", severity: "critical" }),
    alert({ class: "down" }),
    alert({}),
    alert({ class: "security" }),
    ...["host", "provider", "place", "client"].map((name) => alert({ class: "network", [name]: "x" })),
  ];
  const covered = "inhibited-by-incident I-9";
  const told = ["", "", "", "", "", "", "", ""];
  expect(reasons(alerts, { incidents: [{ ...incident, coversClasses }] })).toEqual([
    covered,
    covered,
    covered,
    ...told,
  ]);
  expect(reasons(alerts, { incidents: [incident] }).join("")).toBe("");
  expect(reasons([alert({})], { incidents: [{ ...incident, coversClasses: [""] }] })).toEqual([""]);
});

const mute: Mute = { id: "m1", hosts: ["h1"], nodes: ["bn1"], groups: ["g1"], startsAt: 100, endsAt: 200 };

it("mutes what is in maintenance, while it is, and never what is about security", () => {
  const alerts = [
    alert({ host: "h1" }),
    alert({ node: "bn1" }),
    alert({ group: "g1" }),
    alert({ node: "bn2" }),
    alert({}),
  ];
  const muted = "in-maintenance m1";
  expect(reasons(alerts, { mutes: [mute] })).toEqual([muted, muted, muted, "", ""]);
  expect(reasons(alerts, { mutes: [mute] }, 200)).toEqual(["", "", "", "", ""]);
  const security = [alert({ group: "g1", class: "security" })];
  const incidents = [{ reference: "I-7", labelSets: [{ group: "g1" }], severity: "critical" as const }];
  expect(reasons(security, { mutes: [mute], incidents })).toEqual([""]);
  const byPerson = { ...silence, matchers: [{ name: "group", op: "=" as const, value: "g1" }] };
  expect(reasons(security, { silences: [byPerson] })).toEqual(["silenced s1"]);
});

it("tells every reason that holds", () => {
  expect(reasons([alert({ node: "bn1" })], { silences: [silence], mutes: [mute] })).toEqual([
    "silenced s1,in-maintenance m1",
  ]);
});
