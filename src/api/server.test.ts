import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fromJSONSchema } from "zod";
import type { StoredTransition } from "./contract.ts";
import { errorAnswer, snapshot as snapshotSchema } from "./schemas.ts";
import { authorization, codeOf, startApiUnderTest, type ApiUnderTest } from "./testing/api-under-test.ts";

let api: ApiUnderTest;
const ask: ApiUnderTest["ask"] = (...args) => api.ask(...args);

beforeEach(async () => {
  api = await startApiUnderTest();
});
afterEach(() => api.end());

const cordon = "/api/v1/nodes/main/default/bn1/cordon";

test("the snapshot is as the contract's schema says, and so is an error", async () => {
  const shape = (schema: object) => fromJSONSchema(schema as Parameters<typeof fromJSONSchema>[0]);
  const answer = await ask("GET", "/api/v1/snapshot");
  const value = JSON.parse(answer.text) as object;
  expect(shape(snapshotSchema).safeParse(value).error?.issues).toBeUndefined();
  // The check can fail: a field that the schema does not know is one that the document lacks.
  expect(shape(snapshotSchema).safeParse({ ...value, surprise: 1 }).success).toBe(false);
  expect(answer.headers["cache-control"]).toBe("no-store");
  const refusal = JSON.parse((await ask("GET", "/api/v1/nothing")).text) as object;
  expect(shape(errorAnswer).safeParse(refusal).success).toBe(true);
});

test("cordoning needs the token, is done, and is audited", async () => {
  expect(codeOf(await ask("POST", cordon))).toBe("token-missing");
  expect((await ask("POST", cordon, { authorization: "Bearer wrong" })).status).toBe(401);
  expect(api.calls).toEqual([]);
  const answer = await ask("POST", cordon, { authorization });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual({ auditId: 2, done: "bn1 is cordoned" });
  expect(api.calls).toEqual(["default/bn1 cordoned by api token from 127.0.0.1"]);
  expect(api.audited).toMatchObject([
    { action: "node.cordon", target: "main/default/bn1", result: "asked" },
    { action: "node.cordon", target: "main/default/bn1", result: "done (asked in record 1)" },
  ]);
  await ask("POST", "/api/v1/nodes/main/default/bn1/uncordon", { authorization });
  expect(api.calls[1]).toContain("bn1 active");
});

test("an attempt that failed is audited with its reason", async () => {
  const answer = await ask("POST", "/api/v1/nodes/nowhere/default/bn1/cordon", { authorization });
  expect(answer.status).toBe(404);
  expect(codeOf(answer)).toBe("unknown-gateway");
  expect(api.audited).toMatchObject([
    { result: "asked" },
    { result: "failed: There is no gateway nowhere. Gateways: main. (asked in record 1)" },
  ]);
});

test("the record of what is asked is written before anything is done, and without it nothing is", async () => {
  const asked = Promise.withResolvers<void>();
  const append = api.ports.audit.append;
  api.ports.audit.append = async (event) => (await asked.promise, append(event));
  const answer = ask("POST", cordon, { authorization });
  await new Promise(setImmediate);
  expect(api.calls).toEqual([]);
  asked.resolve();
  expect((await answer).status).toBe(200);
  expect(api.calls).toHaveLength(1);

  api.ports.audit.append = () => Promise.reject(new Error("disk full"));
  const refused = await ask("POST", cordon, { authorization });
  expect([refused.status, codeOf(refused)]).toEqual([500, "audit-failed"]);
  expect(refused.text).toContain("nothing was done to bn1");
  expect(api.calls).toHaveLength(1);
});

test("foreign hosts and origins are refused before anything is done", async () => {
  expect(codeOf(await ask("GET", "/api/v1/snapshot", { host: "evil.example" }))).toBe("host-unknown");
  expect(codeOf(await ask("GET", "/", { host: "evil.example" }))).toBe("host-unknown");
  const foreign = await ask("POST", cordon, { authorization, origin: "https://evil.example" });
  expect(foreign.status).toBe(403);
  expect(api.calls).toEqual([]);
});

test("beyond loopback reads and metrics need the token; the page and liveness do not", async () => {
  api.ports.access = { ...api.ports.access, readsNeedToken: true };
  expect((await ask("GET", "/api/v1/snapshot")).status).toBe(401);
  expect((await ask("GET", "/api/v1/stream")).status).toBe(401);
  expect((await ask("GET", "/metrics")).status).toBe(401);
  expect((await ask("GET", "/metrics", { authorization })).text).toBe("up 1\n");
  expect((await ask("GET", "/healthz")).text).toBe("ok\n");
  expect((await ask("GET", "/")).status).toBe(200);
});

test("bad queries are refused with words, good ones arrive with their defaults", async () => {
  const bad = await ask("GET", "/api/v1/transitions?limit=0");
  expect([bad.status, codeOf(bad)]).toEqual([400, "bad-request"]);
  expect((await ask("GET", "/api/v1/history?minutes=99999999")).status).toBe(400);
  await ask("GET", "/api/v1/transitions?node=bn1&before=7");
  expect(api.queries).toEqual([{ node: "bn1", before: 7, limit: 100 }]);
});

test("paths that are no API route are the page's; those of the API are 404", async () => {
  for (const path of ["/", "/nodes", "/nodes/bn1?x=1", "/acknowledge/eyJ.k1x"])
    expect((await ask("GET", path)).text).toContain("<title>page");
  expect((await ask("GET", "/api/v1/nothing")).status).toBe(404);
  expect((await ask("GET", "/assets/gone-9999.js")).status).toBe(404);
  expect((await ask("POST", "/nodes", { authorization })).status).toBe(404);
  expect((await ask("GET", "/..%2f..%2fetc/passwd")).text).not.toContain("root:");
});

test("hashed files are kept for ever, the page is asked for again, compressed files are used", async () => {
  const asset = await ask("GET", "/assets/app-1234.js");
  expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect((await ask("GET", "/")).headers["cache-control"]).toBe("no-cache");
  const compressed = await ask("GET", "/assets/app-1234.js", { "accept-encoding": "gzip" });
  expect([compressed.headers["content-encoding"], compressed.text]).toEqual(["gzip", "gzipped"]);
});

test("every kind of answer carries the security headers", async () => {
  for (const path of ["/", "/api/v1/snapshot", "/api/v1/nothing", "/assets/app-1234.js", "/healthz"]) {
    const { headers } = await ask("GET", path);
    expect(headers["content-security-policy"]).toContain("script-src 'self';");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  }
});

test("the published document names every route and no other", async () => {
  const { paths } = JSON.parse((await ask("GET", "/api/v1/openapi.json")).text) as { paths: Record<string, object> };
  expect(Object.entries(paths).map(([path, methods]) => `${Object.keys(methods).join()} ${path}`)).toEqual([
    "get /api/v1/snapshot",
    "get /api/v1/transitions",
    "get /api/v1/history",
    "get /api/v1/reasons",
    "get /api/v1/duties",
    "get /api/v1/duties/epochs",
    "get /api/v1/duties/epochs/{epoch}",
    "get /api/v1/duties/cohorts",
    "get /api/v1/duties/exceptions",
    "get /api/v1/duties/causes",
    "get /api/v1/duties/next",
    "get /api/v1/duties/heatmap",
    "get /api/v1/cohorts",
    "get /api/v1/validators",
    "get /api/v1/validators/{id}",
    "get /api/v1/validators/{id}/duties",
    "get /api/v1/validators/{id}/proof",
    "get /api/v1/sla",
    "get /api/v1/fleet",
    "get /api/v1/hosts",
    "get /api/v1/logs",
    "post /api/v1/nodes/{gateway}/{group}/{node}/cordon",
    "post /api/v1/nodes/{gateway}/{group}/{node}/uncordon",
    "post /api/v1/nodes/{gateway}/{group}/{node}/drain",
    "post /api/v1/nodes/{gateway}/{group}/{node}/return",
    "post /api/v1/groups/{gateway}/{group}/hold",
    "post /api/v1/groups/{gateway}/{group}/release",
    "post /api/v1/groups/{gateway}/{group}/watermark/reset",
    "post /api/v1/groups/{gateway}/{group}/branch",
    "get,post /api/v1/drills",
    "post /api/v1/drills/{id}/abort",
    "get /api/v1/me",
    "post /api/v1/login",
    "post /api/v1/setup",
    "post /api/v1/logout",
    "get,post /api/v1/users",
    "post /api/v1/users/{user}/password",
    "post /api/v1/users/{user}/role",
    "post /api/v1/users/{user}/disable",
    "post /api/v1/users/{user}/enable",
    "get,post /api/v1/tokens",
    "post /api/v1/tokens/{id}/remove",
    "get /api/v1/alerts",
    "get /api/v1/alerts/history",
    "get /api/v1/alerts/rules",
    "get,post /api/v1/silences",
    "post /api/v1/alerts/backtest",
    "post /api/v1/alerts/test",
    "post /api/v1/silences/{id}/end",
    "get,post /api/v1/incidents",
    "get /api/v1/incidents/{reference}",
    "post /api/v1/incidents/{reference}/acknowledge",
    "post /api/v1/incidents/{reference}/update",
    "post /api/v1/incidents/{reference}/note",
    "post /api/v1/incidents/{reference}/tasks",
    "post /api/v1/incidents/{reference}/merge",
    "post /api/v1/incidents/{reference}/assess",
    "post /api/v1/incidents/{reference}/isolate",
    "post /api/v1/incidents/{reference}/resolve",
    "post /api/v1/incidents/{reference}/tasks/{task}",
    "get /api/v1/oncall",
    "get /api/v1/oncall/{schedule}/calendar.ics",
    "post /api/v1/oncall/overrides",
    "post /api/v1/oncall/overrides/{id}/remove",
    "post /api/v1/oncall/test",
    "get /api/v1/pages",
    "get /api/v1/pages/{id}/trace",
    "post /api/v1/pages/{id}/settle",
    "get /api/v1/respond/settings",
    "get /api/v1/audit",
    "get,post /api/v1/acknowledge/{token}",
    "get /api/v1/stream",
    "post /api/v1/inbound/alertmanager",
    "post /api/v2/alerts",
    "post /api/v1/inbound/generic",
  ]);
});

test("the stream gives a snapshot and the state of duties and alarms at once, then changes and transitions", async () => {
  const events: string[] = [];
  const response = await fetch(`http://127.0.0.1:${api.server.address.port}/api/v1/stream`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString("utf8");
    const names = [...text.matchAll(/^event: (\w+)$/gm)].map((match) => match[1] ?? "");
    if (names.length === events.length) continue;
    events.splice(0, events.length, ...names);
    if (names.length === 3) api.tellTransition({ id: 1, gateway: "main" } as StoredTransition);
    if (names.length === 4) api.tellSnapshot();
    if (names.length === 5) api.tellDuties();
    if (names.length === 6) api.respond.tell();
    if (names.length === 7) break;
  }
  expect(events).toEqual(["snapshot", "duties", "respond", "transition", "snapshot", "duties", "respond"]);
});

test("stopping ends open streams and waits for nobody", async () => {
  const response = await fetch(`http://127.0.0.1:${api.server.address.port}/api/v1/stream`);
  await api.server.stop();
  await response.text();
  expect(api.server.streamClients).toBe(0);
  await expect(ask("GET", "/healthz")).rejects.toThrow();
  api.server = await api.start({ host: "127.0.0.1", port: 0 });
});

test("an address that is taken is refused by name", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  await expect(api.start({ host: "127.0.0.1", port })).rejects.toMatchObject({ code: "listen-failed" });
  await new Promise((resolve) => other.close(resolve));
});
