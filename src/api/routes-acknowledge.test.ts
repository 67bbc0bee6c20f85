import { afterEach, beforeEach, expect, test } from "vitest";
import { codeOf, startApiUnderTest, type ApiUnderTest } from "./testing/api-under-test.ts";
import { acknowledgeView } from "./testing/respond-samples.ts";
import { loggedPath } from "./logged-path.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await startApiUnderTest();
  // The link is opened on a phone that is not logged in, on a server that asks everybody who they are.
  api.ports.access = { ...api.ports.access, readsNeedToken: true };
});
afterEach(() => api.end());

const link = (method: string, token: string, headers: Record<string, string> = {}) =>
  api.ask(method, `/api/v1/acknowledge/${token}`, headers);

test("looking at a link says what it is about and changes nothing", async () => {
  const answer = await link("GET", "link-1");
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
    200,
    { person: "ann", state: "open", incident: "INC-1" },
  ]);
  expect([api.respond.calls, api.audited]).toEqual([[], []]);
});

test("the link acknowledges without a login, as the person it was sent to", async () => {
  const answer = await link("POST", "link-1");
  expect(JSON.parse(answer.text)).toEqual({ auditId: 2, done: "bn1 is down: taken by ann" });
  expect(api.respond.calls).toEqual(["acknowledge INC-1 by link by ann from 127.0.0.1"]);
  const record = { action: "page.acknowledge", target: "INC-1", actor: "ann by link from 127.0.0.1" };
  expect(api.audited).toMatchObject([
    { ...record, result: "asked" },
    { ...record, result: "done (asked in record 1)" },
  ]);
  expect(JSON.parse((await link("GET", "link-1")).text)).toMatchObject({
    state: "acknowledged",
    acknowledgedBy: "ann",
  });
});

test("a wrong token is nothing, and another site's page may not send a right one", async () => {
  for (const method of ["GET", "POST"]) {
    expect((await link(method, "link-2")).status).toBe(404);
    expect((await link(method, "a%20b")).status).toBe(400);
  }
  const foreign = await link("POST", "link-1", { origin: "https://evil.example" });
  expect([foreign.status, codeOf(foreign)]).toEqual([403, "origin-foreign"]);
  expect([api.respond.calls, api.audited]).toEqual([[], []]);
});

test("what is over is told, and audited as not done", async () => {
  api.respond.links.set("late", acknowledgeView({ state: "over" }));
  const answer = await link("POST", "late");
  expect([answer.status, codeOf(answer)]).toEqual([409, "conflict"]);
  expect(api.audited.at(-1)?.result).toBe("failed: It is over already. (asked in record 1)");
});

test("thirty a minute from one address, looks and acknowledgements together; then it is said how long to wait", async () => {
  const statuses = [];
  for (let turn = 0; turn < 30; turn++) statuses.push((await link(turn % 2 ? "GET" : "POST", `guess-${turn}`)).status);
  expect(new Set(statuses)).toEqual(new Set([404]));
  const refused = await link("POST", "link-1");
  expect([refused.status, codeOf(refused), api.respond.calls]).toEqual([429, "link-throttled", []]);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(60);
});

test("long tokens fit; the log never holds one", async () => {
  const long = "t".repeat(400);
  api.respond.links.set(long, acknowledgeView());
  expect((await link("GET", long)).status).toBe(200);
  expect(loggedPath(`/api/v1/acknowledge/${long}?x=1`)).toBe("/api/v1/acknowledge/***?x=1");
  expect(loggedPath("/api/v1/incidents")).toBe("/api/v1/incidents");
});
