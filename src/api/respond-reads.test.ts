import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { IncidentDetail, IncidentsPage } from "./contract-respond.ts";
import { authorization, codeOf, startApiUnderTest, type ApiUnderTest } from "./testing/api-under-test.ts";
import { createFakeClock } from "../lib/fake-clock.ts";
import { incidentDetail } from "./testing/respond-samples.ts";
import { streamEvents } from "./testing/stream-events.ts";

const marker = "MARKER-7f3a";
let api: ApiUnderTest;
beforeEach(async () => {
  api = await startApiUnderTest();
});
afterEach(() => api.end());

const get = (path: string, headers: Record<string, string> = {}) => api.ask("GET", `/api/v1/${path}`, headers);
const read = async <T>(path: string, headers: Record<string, string> = {}): Promise<T> =>
  JSON.parse((await get(path, headers)).text) as T;
async function bearerOf(role: string): Promise<Record<string, string>> {
  const made = await api.ask("POST", "/api/v1/tokens", { authorization }, { name: role, role });
  return { authorization: `Bearer ${(JSON.parse(made.text) as { token: string }).token}` };
}
const embargo = () =>
  api.respond.kept.set(
    "INC-2",
    incidentDetail({ reference: "INC-2", type: "vulnerability", isEmbargoed: true, title: marker, summary: marker }),
  );

test.each([
  ["alerts", "alerts"],
  ["alerts/history?alert=NodeDown", "items"],
  ["alerts/rules", "rules"],
  ["silences", "silences"],
  ["incidents", "items"],
  ["incidents/INC-1", "timeline"],
  ["oncall", "findings"],
  ["pages?state=sent", "items"],
  ["pages/m1/trace", "steps"],
  ["respond/settings", "channels"],
])("GET %s answers; beyond loopback only those who are known", async (path, field) => {
  const answer = await get(path);
  expect([answer.status, Object.keys(JSON.parse(answer.text) as object)]).toEqual([
    200,
    expect.arrayContaining([field]),
  ]);
  api.ports.access = { ...api.ports.access, readsNeedToken: true };
  expect((await get(path)).status).toBe(401);
  expect((await get(path, await bearerOf("viewer"))).status).toBe(200);
});

test.each([
  ...["incidents?state=old", "incidents?limit=0", "incidents?limit=201", "incidents?before=x", "incidents/17"],
  ...[
    "pages?state=lost",
    "alerts/history?limit=501",
    "oncall?from=2&to=1",
    "oncall?from=0&to=99999999999",
    "audit?after=-1",
  ],
])("GET %s is refused with words", async (path) => {
  const answer = await get(path, { authorization });
  expect([answer.status, codeOf(answer)]).toEqual([400, "bad-request"]);
});

test.each(["incidents/INC-9", "pages/m9/trace", "oncall/none/calendar.ics"])("GET %s is 404", async (path) => {
  const answer = await get(path);
  expect([answer.status, codeOf(answer)]).toEqual([404, "not-found"]);
});

test("the audit is for admins", async () => {
  expect((await get("audit")).status).toBe(401);
  expect((await get("audit", await bearerOf("viewer"))).status).toBe(403);
  expect((await get("audit", await bearerOf("responder"))).status).toBe(403);
  expect((await get("audit?after=3", await bearerOf("admin"))).text).toContain('"count":3');
});

test("incidents are listed newest first, open or over, page by page", async () => {
  for (const [reference, declaredAt, status] of [
    ["INC-2", 2e12, "resolved"],
    ["INC-3", 3e12, "triage"],
  ] as const)
    api.respond.kept.set(reference, incidentDetail({ reference, declaredAt, status }));
  const list = async (query: string) =>
    (await read<IncidentsPage>(`incidents${query}`)).items.map((row) => row.reference);
  expect(await list("")).toEqual(["INC-3", "INC-2", "INC-1"]);
  expect(await list("?state=open")).toEqual(["INC-3", "INC-1"]);
  expect(await list("?state=over")).toEqual(["INC-2"]);
  const first = await read<IncidentsPage>("incidents?limit=1");
  expect([first.items[0]?.reference, await list(`?before=${first.nextBefore}`)]).toEqual(["INC-3", ["INC-2", "INC-1"]]);
});

test("what an embargoed incident is about is told to responders and admins, to nobody else", async () => {
  embargo();
  const [viewer, responder] = [await bearerOf("viewer"), await bearerOf("responder")];
  for (const path of ["incidents", "incidents/INC-2"])
    for (const [who, mayRead] of [
      [{}, false],
      [viewer, false],
      [responder, true],
      [{ authorization }, true],
    ] as const)
      expect((await get(path, who)).text.includes(marker), `${path} ${JSON.stringify(who)}`).toBe(mayRead);
  expect(await read<IncidentDetail>("incidents/INC-2")).toMatchObject({ title: "Embargoed", summary: "" });
});

test("the ports of alerts, pages and traces hear who asks", async () => {
  const readers: unknown[] = [];
  const { alerts, pages, trace } = api.respond;
  api.respond.alerts = (reader) => (readers.push(reader), alerts(reader));
  api.respond.pages = (query, reader) => (readers.push(reader), pages(query, reader));
  api.respond.trace = (id, reader) => (readers.push(reader), trace(id, reader));
  const viewer = await bearerOf("viewer");
  for (const path of ["alerts", "pages", "pages/m1/trace"]) for (const who of [{}, viewer]) await get(path, who);
  expect(readers).toEqual([undefined, "viewer", undefined, "viewer", undefined, "viewer"]);
});

test("the stream tells each reader what that reader may see, at once and on change", async () => {
  embargo();
  const base = `http://127.0.0.1:${api.server.address.port}/api/v1/stream`;
  const viewer = streamEvents(base, await bearerOf("viewer"));
  const responder = streamEvents(base, await bearerOf("responder"));
  const titles = (data: string) => (JSON.parse(data) as { openIncidents: { title: string }[] }).openIncidents[0]?.title;
  const both = async () => [titles(await viewer.next("respond")), titles(await responder.next("respond"))];
  expect(await both()).toEqual(["Embargoed", marker]);
  api.respond.tell();
  expect(await both()).toEqual(["Embargoed", marker]);
  expect(viewer.text()).not.toContain(marker);
  await Promise.all([viewer.end(), responder.end()]);
});

test("a stream ends within a quarter of a minute when whoever reads it has another role", async () => {
  embargo();
  const clock = createFakeClock();
  const other = await startApiUnderTest({ clock });
  const ask = (path: string, body?: unknown) => other.ask("POST", `/api/v1/${path}`, { authorization }, body);
  const { id, token } = JSON.parse((await ask("tokens", { name: "phone", role: "responder" })).text) as Record<
    string,
    string
  >;
  const url = `http://127.0.0.1:${other.server.address.port}/api/v1/stream`;
  const known = streamEvents(url, { authorization: `Bearer ${token}` });
  const anybody = streamEvents(url, {});
  await Promise.all([known.next("respond"), anybody.next("respond")]);
  await clock.advance(15_000);
  other.respond.tell();
  await Promise.all([known.next("respond"), anybody.next("respond")]);
  await ask(`tokens/${id}/remove`);
  await clock.advance(15_000);
  await expect(known.next("respond")).rejects.toThrow("the stream ended");
  await clock.advance(1_000);
  other.respond.tell();
  await anybody.next("respond");
  await anybody.end();
  await other.end();
});

test("changes in quick succession are sent at most four times a second, the last of them for certain", async () => {
  const stream = streamEvents(`http://127.0.0.1:${api.server.address.port}/api/v1/stream`, {});
  const revisionOf = (data: string) => (JSON.parse(data) as { revision: number }).revision;
  expect(revisionOf(await stream.next("respond"))).toBe(0);
  const startedAt = performance.now();
  for (let turn = 0; turn < 100; turn++) api.respond.tell();
  expect(revisionOf(await stream.next("respond"))).toBe(1);
  expect(revisionOf(await stream.next("respond"))).toBe(100);
  expect(performance.now() - startedAt).toBeGreaterThan(240);
  await stream.end();
});

test("a calendar is asked for again only when it has changed", async () => {
  const first = await get("oncall/primary/calendar.ics");
  expect([first.status, first.headers["content-type"], first.text.startsWith("BEGIN:VCALENDAR\r\n")]).toEqual([
    ...[200, "text/calendar; charset=utf-8", true],
  ]);
  expect(first.headers["cache-control"]).toBe("private, no-cache");
  const tag = String(first.headers["etag"]);
  for (const header of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
    const again = await get("oncall/primary/calendar.ics", { "if-none-match": header });
    expect([again.status, again.text, again.headers["etag"]]).toEqual([304, "", tag]);
  }
  api.respond.calendar = () => "BEGIN:VCALENDAR\r\nX:1\r\nEND:VCALENDAR\r\n";
  expect((await get("oncall/primary/calendar.ics", { "if-none-match": tag })).status).toBe(200);
});

test("every endpoint that the contract lists has its route; those that take in alerts of other systems are somebody else's", async () => {
  const contract = readFileSync(join(import.meta.dirname, "contract-respond.ts"), "utf8");
  const listed = [...contract.matchAll(/^ \* {3}(GET|POST) +(\/api\/v1\/[^\s?]+)/gm)]
    .map(([, method = "", path = ""]) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, "{$1}")}`)
    .filter((route) => !route.includes("/inbound/"));
  expect(listed.length).toBeGreaterThan(30);
  const { paths } = await read<{ paths: Record<string, object> }>("openapi.json");
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((verb) => `${verb} ${path}`),
  );
  expect(listed.filter((route) => !served.includes(route))).toEqual([]);
});
