import { afterEach, beforeEach, expect, test } from "vitest";
import { authorization, codeOf, messageOf, startApiUnderTest, type ApiUnderTest } from "./testing/api-under-test.ts";
import { incidentDetail, shownPage } from "./testing/respond-samples.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await startApiUnderTest();
  api.respond.shownPages = [shownPage(), shownPage({ id: "m2", state: "held" })];
  api.respond.kept.set("INC-2", incidentDetail({ reference: "INC-2" }));
});
afterEach(() => api.end());

const post = (path: string, body?: unknown, headers: Record<string, string> = { authorization }) =>
  api.ask("POST", `/api/v1/${path}`, headers, body);
async function bearerOf(role: string): Promise<Record<string, string>> {
  const made = await post("tokens", { name: role, role });
  return { authorization: `Bearer ${(JSON.parse(made.text) as { token: string }).token}` };
}
const by = 'by api token "responder" from 127.0.0.1';
const silence = {
  matchers: [{ name: "node", op: "=", value: "bn1" }],
  endsAt: Date.now() + 3_600_000,
  comment: "update",
};
const override = { schedule: "primary", person: "bob", fromAt: 1e12, toAt: 1e12 + 3_600_000 };
const times = "2001-09-09T01:46:40.000Z 2001-09-09T02:46:40.000Z";

test.each([
  [
    "incidents",
    { title: "Keys leaked?", severity: "sev1" },
    'declare INC-3 sev1 "Keys leaked?"',
    "incident.declare",
    "outage",
    ": INC-3",
  ],
  ["incidents/INC-1/acknowledge", undefined, "acknowledge INC-1", "incident.acknowledge", "INC-1", ""],
  [
    "incidents/INC-1/update",
    { status: "identified" },
    'update {"status":"identified"} INC-1',
    "incident.update",
    "INC-1",
    "",
  ],
  ["incidents/INC-1/note", { text: "a\r\nb" }, 'note "a\nb" INC-1', "incident.note", "INC-1", ""],
  ["incidents/INC-1/tasks", { text: "call the host" }, 'task "call the host" INC-1', "incident.tasks", "INC-1", ""],
  ["incidents/INC-1/merge", { into: "INC-2" }, "merge into INC-2 INC-1", "incident.merge", "INC-1", ""],
  ["incidents/INC-1/assess", undefined, "assess INC-1", "incident.assess", "INC-1", ""],
  [
    "incidents/INC-1/isolate",
    { offer: "drain:main/default/bn1" },
    "isolate drain:main/default/bn1 INC-1",
    "incident.isolate",
    "INC-1",
    "",
  ],
  ["incidents/INC-1/resolve", undefined, "resolve INC-1", "incident.resolve", "INC-1", ""],
  ["alerts/test", { severity: "critical" }, "alert test critical", "alert.test", "test alert (critical)", ""],
  ["silences", silence, 'silence s1 "update"', "silence.add", "alerts", ": s1"],
  [
    "oncall/overrides",
    override,
    `override primary bob ${times}`,
    "oncall.override",
    "primary",
    ": bob is on call for primary (override o2)",
  ],
  ["oncall/overrides/o1/remove", undefined, "remove override o1", "oncall.override-remove", "override o1", ""],
  ["oncall/test", { person: "bob" }, "test page bob mail", "page.test", "bob", ": 1 pages"],
  ["pages/m2/settle", { verdict: "arrived" }, "settle m2 arrived", "page.settle", "page m2 arrived", ""],
])("POST %s: for responders, done once, audited before and after", async (path, body, call, action, target, made) => {
  const [viewer, responder] = [await bearerOf("viewer"), await bearerOf("responder")];
  const from = api.audited.length;
  expect(codeOf(await post(path, body, {}))).toBe("token-missing");
  expect(codeOf(await post(path, body, viewer))).toBe("role-too-low");
  expect([api.respond.calls, api.audited.length]).toEqual([[], from]);
  const answer = await post(path, body, responder);
  expect(JSON.parse(answer.text)).toMatchObject({ auditId: from + 2, done: expect.any(String) as string });
  expect(api.respond.calls).toEqual([`${call} ${by}`]);
  expect(api.audited.slice(from)).toMatchObject([
    { action, target, actor: 'api token "responder" from 127.0.0.1', result: "asked" },
    { action, target, result: `done${made} (asked in record ${from + 1})` },
  ]);
});

test("a task is added, taken and done", async () => {
  await post("incidents/INC-1/tasks", { text: "call the host" });
  expect((await post("incidents/INC-1/tasks/t1", { state: "done", owner: "ann" })).status).toBe(200);
  expect(api.respond.kept.get("INC-1")?.tasks).toEqual([
    { id: "t1", text: "call the host", owner: "ann", state: "done" },
  ]);
  expect((await post("incidents/INC-1/tasks/t9", { state: "done" })).status).toBe(404);
});

test("a silence is ended", async () => {
  await post("silences", silence);
  expect((await post("silences/s1/end")).status).toBe(200);
  expect((await api.ask("GET", "/api/v1/silences")).text).toContain('"state":"expired"');
});

test.each([
  ["incidents", {}],
  ["incidents", { title: " \u0007\u001b " }],
  ["incidents", { title: "x".repeat(201) }],
  ["incidents", { title: "x", summary: "x".repeat(10_001) }],
  ["incidents", { title: "x", type: "fire" }],
  ["incidents", { title: "x", severity: "sev0" }],
  ["incidents", { title: "x", labels: { "no spaces": "x" } }],
  ["incidents", { title: "x", labels: Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`l${at}`, "x"])) }],
  ["incidents/INC-1/update", {}],
  ["incidents/INC-1/update", undefined],
  ["incidents/INC-1/update", { status: "fixed" }],
  ["incidents/INC-1/note", { text: "\n \u0000" }],
  ["incidents/INC-1/note", { text: "x".repeat(10_001) }],
  ["incidents/INC-1/merge", { into: "17" }],
  ["incidents/INC-1/isolate", {}],
  ["incidents/INC-1/tasks/t1", {}],
  ["silences", { ...silence, matchers: [] }],
  ["silences", { ...silence, matchers: [{ name: "a", op: "~", value: "b" }] }],
  ["silences", { ...silence, comment: "\u0000" }],
  ["alerts/test", { durationMs: 1 }],
  ["oncall/test", { person: "" }],
  ["pages/m2/settle", { verdict: "maybe" }],
])("POST %s with %j is refused before anything is recorded or done", async (path, body) => {
  const answer = await post(path, body);
  expect([answer.status, codeOf(answer)]).toEqual([400, "bad-request"]);
  expect([api.respond.calls, api.audited]).toEqual([[], []]);
});

test.each([
  ["incidents/INC-9/resolve", undefined, 404, "not-found"],
  ["silences/s9/end", undefined, 404, "not-found"],
  ["pages/m1/settle", { verdict: "arrived" }, 409, "conflict"],
  ["incidents/INC-1/merge", { into: "INC-1" }, 409, "conflict"],
  ["incidents/INC-1/isolate", { offer: "hold:main/default" }, 409, "conflict"],
  ["oncall/overrides", { ...override, toAt: override.fromAt }, 400, "bad-request"],
  ["oncall/overrides", { ...override, toAt: override.fromAt + 367 * 86_400_000 }, 400, "bad-request"],
  ["oncall/overrides", { ...override, person: "nobody" }, 404, "not-found"],
  ["silences", { ...silence, endsAt: 1 }, 400, "bad-request"],
])("POST %s with %j is refused by the domain, and the audit says why", async (path, body, status, code) => {
  const answer = await post(path, body);
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  expect(api.respond.calls).toEqual([]);
  expect(api.audited.map(({ result }) => result)).toEqual([
    "asked",
    `failed: ${messageOf(answer)} (asked in record 1)`,
  ]);
});

test("control characters of a body never arrive", async () => {
  const texts = { title: "a\u001b[31m\nb\u202e", summary: "one\r\n\u0007two\tthree" };
  await post("incidents", texts);
  const declared = api.respond.kept.get("INC-3");
  expect([declared?.title, declared?.summary]).toEqual(["a[31m b", "one\ntwo\tthree"]);
});

test("the same key declares once", async () => {
  const answers = [];
  for (let turn = 0; turn < 2; turn++)
    answers.push(
      JSON.parse((await post("incidents", { title: "x", idempotencyKey: "k" })).text) as { reference: string },
    );
  expect(answers.map(({ reference }) => reference)).toEqual(["INC-3", "INC-3"]);
  expect(api.respond.calls).toHaveLength(1);
});

test("nothing that somebody wrote of a vulnerability is in the audit", async () => {
  const text = "MARKER-91";
  await post("incidents", { title: text, summary: text, type: "vulnerability", labels: { a: text } });
  await post("incidents/INC-3/update", { title: text, note: text });
  await post("incidents/INC-3/note", { text });
  await post("incidents/INC-3/tasks", { text });
  await post("incidents/INC-3/resolve", { summary: text });
  expect(api.respond.calls.join()).toContain(text);
  expect(JSON.stringify(api.audited)).not.toContain(text);
});

test("a backtest changes nothing and is not audited; it is for responders; its questions are checked", async () => {
  expect((await post("alerts/backtest", { alert: "NodeDown" }, await bearerOf("viewer"))).status).toBe(403);
  const answer = await post("alerts/backtest", { expr: "a > 1", for: "5m", hours: 48 });
  expect(JSON.parse(answer.text)).toMatchObject({ rules: [{ expr: "a > 1", firings: [{}] }] });
  for (const body of [{ alert: "a", expr: "b" }, { alert: "a", for: "5m" }, { expr: "a", for: "soon" }, { hours: 0 }])
    expect(codeOf(await post("alerts/backtest", body))).toBe("bad-request");
  expect(api.audited.filter(({ action }) => action.startsWith("alert"))).toEqual([]);
});
