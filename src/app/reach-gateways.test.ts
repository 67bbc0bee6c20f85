import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startControlServer, type ControlServer } from "../control/server.ts";
import { createFakeProvider, type FakeProvider } from "../control/testing/fake-provider.ts";
import { gatewayStatus, groupStatus, nodeStatus } from "../control/testing/samples.ts";
import { systemClock } from "../lib/clock.ts";
import type { SlotkeeperConfig } from "./config.ts";
import { requireConfig } from "./config/load.ts";
import { reachGateways } from "./reach-gateways.ts";

let folder: string;
let api: Server;
let config: SlotkeeperConfig;
let asked: { method: string | undefined; url: string | undefined; token: string | undefined; body: string }[];
/** What the API answers, by how the path begins. */
let answers: Record<string, [status: number, body: unknown]>;
let provider: FakeProvider;
let control: ControlServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sk-reach-"));
  asked = [];
  answers = {};
  api = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const { method, url } = request;
      asked.push({ method, url, token: request.headers.authorization, body });
      const found = Object.entries(answers).find(([path]) => url?.startsWith(path))?.[1];
      const [status, answer] = found ?? [404, { error: { code: "not-found", message: "no such route" } }];
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  }).listen(0, "127.0.0.1");
  await once(api, "listening");
  const path = join(folder, "slotkeeper.yaml");
  writeFileSync(path, `nodes: [{ name: bn1, url: "http://127.0.0.1:9" }]\nserver: { listen: 127.0.0.1:1 }\n`);
  const loaded = await requireConfig(path, {});
  const listen = { host: "127.0.0.1", port: (api.address() as AddressInfo).port };
  config = { ...loaded.config, server: { ...loaded.config.server, listen } };
  provider = createFakeProvider();
  const socket = join(folder, "data", "gateway.sock");
  control = await startControlServer({ kind: "socket", path: socket }, provider, systemClock, () => undefined);
  writeFileSync(join(folder, "data", "api-token"), "a-token-of-enough-length\n", { mode: 0o600 });
});
afterEach(async () => {
  api.close();
  await control.stop();
  rmSync(folder, { recursive: true });
});

const view = (isReachable: boolean) => ({
  gateways: [
    {
      ...{ name: "gateway", isReachable, lastContactAt: 1, error: undefined },
      status: gatewayStatus([groupStatus([nodeStatus("bn1")])]),
    },
  ],
});
async function gateway() {
  const [reached] = await reachGateways(config);
  if (!reached) throw new Error("the config names a gateway");
  return reached;
}
const drain = { kind: "node", verb: "drain", group: "a b", node: "bn1", isForced: true } as const;

test("where a monitor runs, its API is asked, with the token, so that its audit has it", async () => {
  answers = { "/api/v1/snapshot": [200, view(true)], "/api/v1/": [200, { auditId: 7, done: "x" }] };
  const reached = await gateway();
  expect(await reached.tell(drain)).toBe("audit record 7");
  await reached.tell({ kind: "hold", group: "default", reason: "why" });
  await reached.tell({ kind: "watermark/reset", group: "default" });
  await reached.tell({ kind: "branch", group: "default", root: "0xaa" });
  expect(asked.slice(1).map(({ method, url, body }) => [method, url, body])).toEqual([
    ["POST", "/api/v1/nodes/gateway/a%20b/bn1/drain?force=true", ""],
    ["POST", "/api/v1/groups/gateway/default/hold", '{"reason":"why"}'],
    ["POST", "/api/v1/groups/gateway/default/watermark/reset", ""],
    ["POST", "/api/v1/groups/gateway/default/branch", '{"root":"0xaa"}'],
  ]);
  expect(asked.map(({ token }) => token)).toEqual(asked.map(() => "Bearer a-token-of-enough-length"));
  expect(provider.marks).toEqual([]);
});

test("what the API refuses is an error with its words", async () => {
  const refusal = { error: { code: "unknown-node", message: "set bn1 to draining: no such node" } };
  answers = { "/api/v1/snapshot": [200, view(true)], "/api/v1/nodes": [404, refusal] };
  await expect((await gateway()).tell(drain)).rejects.toMatchObject({
    code: "unknown-node",
    message: "set bn1 to draining: no such node",
  });
});

test("a gateway that the monitor cannot reach is asked itself", async () => {
  answers = { "/api/v1/snapshot": [200, view(false)] };
  const reached = await gateway();
  expect(await reached.tell({ ...drain, group: "default" })).toBe("audit of the gateway");
  expect(provider.marks).toMatchObject([{ node: "bn1", state: "draining", isForced: true }]);
});

test("where no monitor runs, the gateway is asked itself", async () => {
  api.close();
  await once(api, "close");
  const reached = await gateway();
  expect(reached.status?.gateway).toBe("main");
  await reached.tell({ kind: "node", verb: "return", group: "default", node: "bn1", isForced: false });
  await reached.tell({ kind: "release", group: "default" });
  expect(provider.marks).toMatchObject([
    { state: "active", by: expect.stringMatching(/ at the command line$/) as string },
  ]);
  expect(provider.calls).toMatchObject([["release", "default", expect.any(String)]]);
});

test.each([
  ["a program that is no monitor", 200, "<html>"],
  ["a monitor that is ill", 500, { error: { code: "internal", message: "x" } }],
])("%s does not stand between a person and the gateway", async (_name, status, body) => {
  answers = { "/api/v1/snapshot": [status, body] };
  expect((await gateway()).status?.gateway).toBe("main");
});

test("a monitor that refuses the token says so, instead of being gone around", async () => {
  answers = { "/api/v1/snapshot": [401, { error: { code: "token-wrong", message: "The token is wrong." } }] };
  await expect(reachGateways(config)).rejects.toMatchObject({ code: "token-wrong" });
});

test("a gateway that nobody reaches is there with the reason", async () => {
  await control.stop();
  expect(await gateway()).toMatchObject({
    status: undefined,
    error: expect.stringContaining("gateway.sock") as string,
  });
});
