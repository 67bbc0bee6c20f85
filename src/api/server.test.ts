import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fromJSONSchema } from "zod";
import type { AuditEvent } from "../access/audit.ts";
import { allowedHosts } from "../access/judge-request.ts";
import { gatewayStatus, groupStatus, nodeStatus, reachable } from "../control/testing/samples.ts";
import { AppError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import type { Snapshot, StoredTransition } from "./contract.ts";
import type { ApiPorts, TransitionsQuery } from "./ports.ts";
import { errorAnswer, snapshot as snapshotSchema } from "./schemas.ts";
import { startApiServer, type ApiServer } from "./server.ts";

const token = "a-token-for-these-tests";
let folder: string;
let server: ApiServer;
let audited: AuditEvent[];
let marks: string[];
let queries: TransitionsQuery[];
let ports: ApiPorts;
let tellSnapshot: () => void;
let tellTransition: (transition: StoredTransition) => void;

const snapshot = (): Snapshot => ({
  at: 1,
  version: "0.1.0",
  profile: "solo",
  state: { level: "fine", sentence: "All is well.", next: "", sinceAt: 1 },
  gateways: [reachable(gatewayStatus([groupStatus([nodeStatus("bn1")])]))],
  observers: [],
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sk-api-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(folder, "assets", "app-1234.js"), "console.log(1)");
  writeFileSync(join(folder, "assets", "app-1234.js.gz"), "gzipped");
  audited = [];
  marks = [];
  queries = [];
  ports = {
    snapshot,
    onSnapshot: (listener) => ((tellSnapshot = listener), () => {}),
    onTransition: (listener) => ((tellTransition = listener), () => {}),
    transitions: (query) => (queries.push(query), Promise.resolve({ items: [], gaps: [] })),
    history: (fromAt) => Promise.resolve({ points: [{ at: fromAt } as never] }),
    reasons: [{ area: "upstream", code: "in-sync", short: "in sync", long: "fine" }],
    setOperatorState(gateway, group, node, state, by) {
      if (gateway !== "main")
        return Promise.reject(new AppError(`no gateway is named ${gateway}`, { code: "unknown-gateway" }));
      marks.push(`${gateway}/${group}/${node} ${state} by ${by}`);
      return Promise.resolve();
    },
    audit: { append: (event) => Promise.resolve({ ...event, id: audited.push(event), previousHash: "", hash: "" }) },
    access: { token, readsNeedToken: false, hosts: allowedHosts("127.0.0.1"), allowAnyAddress: false },
    metrics: () => Promise.resolve("up 1\n"),
    health: () => ({ isHealthy: true, detail: "ok" }),
  };
  await start({ host: "127.0.0.1", port: 0 });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function start(listen: Parameters<typeof startApiServer>[0]["listen"]): Promise<void> {
  server = await startApiServer({
    listen,
    ports,
    webRoot: folder,
    version: "0.1.0",
    clock: systemClock,
    log: silentLogger,
  });
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Raw, because `fetch` sets Host and refuses to send another. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port: server.address.port, method, path, headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    request.on("error", reject);
    request.end();
  });
}
const codeOf = ({ text }: Answer) => (JSON.parse(text) as { error: { code: string } }).error.code;
const authorization = `Bearer ${token}`;
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
  expect(marks).toEqual([]);
  const answer = await ask("POST", cordon, { authorization });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual({ auditId: 2, done: "bn1 is cordoned" });
  expect(marks).toEqual(["main/default/bn1 cordoned by api token from 127.0.0.1"]);
  expect(audited).toMatchObject([
    { action: "node.cordon", target: "main/default/bn1", result: "asked" },
    { action: "node.cordon", target: "main/default/bn1", result: "done (asked in record 1)" },
  ]);
  await ask("POST", "/api/v1/nodes/main/default/bn1/uncordon", { authorization });
  expect(marks[1]).toContain("bn1 active");
});

test("an attempt that failed is audited with its reason", async () => {
  const answer = await ask("POST", "/api/v1/nodes/nowhere/default/bn1/cordon", { authorization });
  expect(answer.status).toBe(404);
  expect(codeOf(answer)).toBe("unknown-gateway");
  expect(audited).toMatchObject([
    { result: "asked" },
    { result: "failed: no gateway is named nowhere (asked in record 1)" },
  ]);
});

test("the record of what is asked is written before anything is done, and without it nothing is", async () => {
  const asked = Promise.withResolvers<void>();
  const append = ports.audit.append;
  ports.audit.append = async (event) => (await asked.promise, append(event));
  const answer = ask("POST", cordon, { authorization });
  await new Promise(setImmediate);
  expect(marks).toEqual([]);
  asked.resolve();
  expect((await answer).status).toBe(200);
  expect(marks).toHaveLength(1);

  ports.audit.append = () => Promise.reject(new Error("disk full"));
  const refused = await ask("POST", cordon, { authorization });
  expect([refused.status, codeOf(refused)]).toEqual([500, "audit-failed"]);
  expect(refused.text).toContain("nothing was done to bn1");
  expect(marks).toHaveLength(1);
});

test("foreign hosts and origins are refused before anything is done", async () => {
  expect(codeOf(await ask("GET", "/api/v1/snapshot", { host: "evil.example" }))).toBe("host-unknown");
  expect(codeOf(await ask("GET", "/", { host: "evil.example" }))).toBe("host-unknown");
  const foreign = await ask("POST", cordon, { authorization, origin: "https://evil.example" });
  expect(foreign.status).toBe(403);
  expect(marks).toEqual([]);
});

test("beyond loopback reads and metrics need the token; the page and liveness do not", async () => {
  ports.access = { ...ports.access, readsNeedToken: true };
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
  expect(queries).toEqual([{ node: "bn1", before: 7, limit: 100 }]);
});

test("paths that are no API route are the page's; those of the API are 404", async () => {
  for (const path of ["/", "/nodes", "/nodes/bn1?x=1"]) expect((await ask("GET", path)).text).toContain("<title>page");
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
    "post /api/v1/nodes/{gateway}/{group}/{node}/cordon",
    "post /api/v1/nodes/{gateway}/{group}/{node}/uncordon",
    "get /api/v1/stream",
  ]);
});

test("the stream gives a snapshot at once, then changes and transitions", async () => {
  const events: string[] = [];
  const response = await fetch(`http://127.0.0.1:${server.address.port}/api/v1/stream`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString("utf8");
    const names = [...text.matchAll(/^event: (\w+)$/gm)].map((match) => match[1] ?? "");
    if (names.length === events.length) continue;
    events.splice(0, events.length, ...names);
    if (names.length === 1) tellTransition({ id: 1, gateway: "main" } as StoredTransition);
    if (names.length === 2) tellSnapshot();
    if (names.length === 3) break;
  }
  expect(events).toEqual(["snapshot", "transition", "snapshot"]);
});

test("stopping ends open streams and waits for nobody", async () => {
  const response = await fetch(`http://127.0.0.1:${server.address.port}/api/v1/stream`);
  await server.stop();
  await response.text();
  expect(server.streamClients).toBe(0);
  await expect(ask("GET", "/healthz")).rejects.toThrow();
  await start({ host: "127.0.0.1", port: 0 });
});

test("an address that is taken is refused by name", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  const running = server;
  await expect(start({ host: "127.0.0.1", port })).rejects.toMatchObject({ code: "listen-failed" });
  server = running;
  await new Promise((resolve) => other.close(resolve));
});
