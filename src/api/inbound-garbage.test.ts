import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { authorization, startApiUnderTest, token, type ApiUnderTest } from "./testing/api-under-test.ts";
import { fakeInbox } from "./testing/fake-inbox.ts";

const inbox = fakeInbox(systemClock.now);
let api: ApiUnderTest;
let sent = 0;
beforeAll(async () => {
  api = await startApiUnderTest({ inbox });
});
afterAll(() => api.end());

const labels = { alertname: "Down", instance: "a" };
const good: Record<string, object> = {
  "/api/v1/inbound/alertmanager": { version: "4", alerts: [{ status: "firing", labels }] },
  "/api/v2/alerts": [{ labels, annotations: { summary: "s" } }],
  "/v2/enqueue": {
    ...{ routing_key: token, event_action: "trigger" },
    payload: { summary: "s", source: "h", severity: "info", custom_details: { a: [1] } },
  },
  "/api/v1/inbound/generic": { title: "t", labels: { a: "b" } },
};
const paths = Object.keys(good);

/** Each with a token of its own now and then, so that no bucket runs empty. */
let headers: Record<string, string> = { authorization };
async function post(path: string, body: string | Buffer) {
  if (sent++ % 500 === 0) {
    const made = await api.ask("POST", "/api/v1/tokens", { authorization }, { name: `t${sent}`, role: "responder" });
    headers = { authorization: `Bearer ${(JSON.parse(made.text) as { token: string }).token}` };
  }
  return api.askRaw("POST", path, headers, body);
}
/** Every answer is one of a sender's mistake or of success, in the shape of the interface. */
async function statusOf(path: string, body: string | Buffer): Promise<number> {
  const { status, text } = await post(path, body);
  if (status < 400) return status;
  const answer = JSON.parse(text) as Record<string, unknown> | string;
  if (path === "/api/v2/alerts") expect(answer).toBeTypeOf("string");
  else if (path === "/v2/enqueue")
    expect(answer).toMatchObject({ status: "invalid event", errors: [expect.any(String)] });
  else expect(answer).toMatchObject({ error: { code: expect.any(String) as string } });
  return status;
}
function isTakenOrRefused(status: number): void {
  expect([200, 202, 400, 413]).toContain(status);
}

test.each(paths)("%s: random bytes, cut and broken texts are refused or read, never an error of ours", async (path) => {
  const text = JSON.stringify(good[path]);
  const broken = fc.tuple(fc.nat(text.length), fc.nat(5), fc.uint8Array({ maxLength: 4 })).map(([at, drop, bytes]) => {
    const whole = Buffer.from(text);
    return Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + drop)]);
  });
  const cut = fc.nat(text.length - 1).map((at) => Buffer.from(text.slice(0, at)));
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  await fc.assert(
    fc.asyncProperty(fc.oneof(broken, cut, bytes), async (body) => isTakenOrRefused(await statusOf(path, body))),
    { numRuns: 150 },
  );
});

test.each(paths)("%s: any value in any place is refused or read", async (path) => {
  const odd = fc.oneof(
    fc.json({ maxDepth: 3 }).map((json) => JSON.parse(json) as unknown),
    fc.constantFrom(
      "__proto__",
      "constructor",
      "\u0000",
      "\ud800",
      "x".repeat(5_000),
      -1,
      1e308,
      [],
      {},
      null,
      "9999-99-99",
    ),
  );
  const places = placesIn(good[path]);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), odd, async (place, value) => {
      const body = structuredClone(good[path]);
      setAt(body, place, value);
      isTakenOrRefused(await statusOf(path, JSON.stringify(body)));
    }),
    { numRuns: 150 },
  );
});

test.each(paths)("%s: too large, too deep and endless texts are refused at once", async (path) => {
  expect(await statusOf(path, `"${"x".repeat(600_000)}"`)).toBe(413);
  expect(await statusOf(path, "[".repeat(500_000))).toBe(413);
  expect(await statusOf(path, `${'{"a":'.repeat(100)}1${"}".repeat(100)}`)).toBe(413);
  expect(await statusOf(path, `[${"{},".repeat(100_000)}{}]`)).toBe(400);
  expect(await statusOf(path, "")).toBe(400);
});

test("a refusal quotes no more than a little of what it refuses", async () => {
  const long = "k".repeat(300_000);
  for (const body of [`{"title":"t","${long}":1}`, `{"title":"t","labels":{"${long}":"v"}}`, `{"${long}":`]) {
    const { status, text } = await post("/api/v1/inbound/generic", body);
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(600);
  }
});

test("300 KB fit here and nowhere else", async () => {
  const alerts = Array.from({ length: 300 }, (_, index) => ({ title: `big ${index}`, description: "x".repeat(1_000) }));
  expect((await post("/api/v1/inbound/generic", JSON.stringify(alerts))).status).toBe(200);
  const elsewhere = await api.ask("POST", "/api/v1/tokens", { authorization }, alerts);
  expect(elsewhere.status).toBe(413);
});

test("labels named like properties of objects are labels; markup, paths and templates stay the text they are", async () => {
  const odd =
    '{"alertname":"<script>alert(1)</script>","__proto__":"p","constructor":"c","toString":"t","hasOwnProperty":"h",' +
    '"file":"../../etc/passwd","fill":"{{ $value }} ${process.exit()}","sql":"\'; drop table alerts; --"}';
  expect((await post("/api/v2/alerts", `[{"labels":${odd}}]`)).status).toBe(200);
  const taken = inbox.open().find((alert) => Object.hasOwn(alert.labels, "sql"));
  expect(Object.entries(taken?.labels ?? {})).toEqual(
    Object.entries({
      alertname: "<script>alert(1)</script>",
      ...{ constructor: "c", file: "../../etc/passwd", fill: "{{ $value }} ${process.exit()}", hasOwnProperty: "h" },
      ...{ sql: "'; drop table alerts; --", toString: "t" },
    }),
  );
  expect(Object.prototype).not.toHaveProperty("p");
  const nul = '{"title":"nul \\u0000 half \\ud800 end","labels":{"n\\u0000":"v\\udfff"}}';
  expect((await post("/api/v1/inbound/generic", nul)).status).toBe(200);
  expect(JSON.stringify(inbox.alerts())).not.toMatch(/\\u0000|\\ud[89a-f]/i);
  expect(inbox.open().map((alert) => alert.labels["alertname"])).toContain("nul \ufffd half \ufffd end");
});

function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, key]))].filter(
    ({ length }) => length > 0,
  );
}

function setAt(value: unknown, [key = "", ...rest]: readonly string[], to: unknown): void {
  const holder = value as Record<string, unknown>;
  if (rest.length > 0) setAt(holder[key], rest, to);
  else holder[key] = to;
}
