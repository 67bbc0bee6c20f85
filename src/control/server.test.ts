import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import type { ControlTrust } from "./address.ts";
import { makeCertificate } from "../lib/make-certificate.ts";
import { createControlClient } from "./client.ts";
import { startControlServer, type ControlListen, type ControlServer } from "./server.ts";
import { createFakeProvider, transition, type FakeProvider } from "./testing/fake-provider.ts";
import type { WatchLine } from "./types.ts";

let folder: string;
let provider: FakeProvider;
let servers: ControlServer[];
const socketPath = () => join(folder, "gateway.sock");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-control-"));
  provider = createFakeProvider();
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true });
});

async function start(listen: ControlListen = { kind: "socket", path: socketPath() }): Promise<ControlServer> {
  const server = await startControlServer(listen, provider, systemClock, () => {});
  servers.push(server);
  return server;
}
const client = () => createControlClient({ kind: "socket", path: socketPath() }, systemClock);

/** A raw request, as somebody who does not use the client would send it. */
function ask(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath: socketPath(), method, path, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

test("serves the status on a socket that only its owner may open", async () => {
  await start();
  expect(statSync(socketPath()).mode & 0o777).toBe(0o600);
  expect(await client().status()).toEqual(JSON.parse(JSON.stringify(provider.status())));
});

test("a page of transitions continues where the last one ended, and says what fell out", async () => {
  provider = createFakeProvider(2);
  await start();
  for (const detail of ["one", "two", "three"]) provider.record(transition(detail));
  const page = await client().transitions(0);
  expect(page.items.map(({ seq, item }) => [seq, item.detail])).toEqual([
    [2, "two"],
    [3, "three"],
  ]);
  expect(page.gap).toEqual({ fromSeq: 1, toSeq: 1 });
  expect((await client().transitions(page.nextAfter)).items).toEqual([]);
});

test("sets an operator state, and refuses unknown nodes, states and bodies", async () => {
  await start();
  await client().setOperatorState("default", "bn1", "cordoned", "alice");
  expect(provider.marks).toEqual([{ group: "default", node: "bn1", state: "cordoned", by: "alice" }]);
  await expect(client().setOperatorState("default", "bn9", "cordoned", "alice")).rejects.toMatchObject({
    code: "control-refused",
  });
  const path = "/v1/nodes/default/bn1/operator";
  expect((await ask("POST", path, '{"state":"dead","by":"x"}')).status).toBe(400);
  expect((await ask("POST", path, '{"state":"active"}')).status).toBe(400);
  expect((await ask("POST", path, "{")).status).toBe(400);
  expect((await ask("POST", "/v1/nodes/%E0%A4%A/bn1/operator", "{}")).status).toBe(400);
  expect((await ask("POST", path, `"${"x".repeat(5_000)}"`)).status).toBe(413);
  expect((await ask("GET", path)).status).toBe(405);
  expect(provider.marks).toHaveLength(1);
});

test("a drain is an operator state, with or without insisting", async () => {
  await start();
  await client().drain("default", "bn1", "alice", false);
  await client().drain("default", "bn1", "bob", true);
  expect(provider.marks).toEqual([
    { group: "default", node: "bn1", state: "draining", by: "alice" },
    { group: "default", node: "bn1", state: "draining", by: "bob", isForced: true },
  ]);
});

test("holds, releases, resets the watermark and chooses a branch, each with who asks", async () => {
  await start();
  await client().hold("default/1", "key 7 slashed", "alice");
  await client().release("default/1", "bob");
  await client().resetWatermark("default", "carol");
  await client().chooseBranch("default", "0xaa", "dan");
  expect(provider.calls).toEqual([
    ["hold", "default/1", "key 7 slashed", "alice"],
    ["release", "default/1", "bob"],
    ["resetWatermark", "default", "carol"],
    ["chooseBranch", "default", "0xaa", "dan"],
  ]);
  await expect(client().chooseBranch("default", "0xbb", "dan")).rejects.toMatchObject({
    code: "control-refused",
    refusal: "unknown-branch",
    status: 404,
    message: "serve 0xbb: no such branch",
  });
});

test("begins, renews and ends a fault, and passes on why one was refused", async () => {
  await start();
  const fault = {
    group: "default",
    node: "bn1",
    kind: "hang",
    settings: { path: "/eth" },
    leaseMs: 5_000,
    by: "alice",
  };
  expect(await client().startFault({ ...fault, isForced: true })).toMatchObject({ id: "f1", kind: "hang" });
  expect(await client().renewFault("f1", 9_000)).toMatchObject({ id: "f1" });
  await client().stopFault("f/1");
  expect(provider.calls).toEqual([
    ["startFault", { ...fault, isForced: true }],
    ["renewFault", "f1", 9_000],
    ["stopFault", "f/1"],
  ]);
  await expect(client().startFault({ ...fault, node: "bn2" })).rejects.toMatchObject({
    refusal: "fault-refused",
    status: 409,
  });
  await expect(client().renewFault("gone", 9_000)).rejects.toMatchObject({ refusal: "unknown-fault", status: 404 });
});

test.each([
  ["POST", "/v1/groups/default/hold", '{"by":"alice"}', 400],
  ["POST", "/v1/groups/default/hold", '{"by":"alice","reason":"  "}', 400],
  ["POST", "/v1/groups/default/hold", `{"by":"alice","reason":"${"x".repeat(501)}"}`, 400],
  ["POST", "/v1/groups/default/release", "{}", 400],
  ["POST", "/v1/groups/default/release", "[]", 400],
  ["POST", "/v1/groups/default/branch", '{"by":"alice"}', 400],
  ["POST", "/v1/groups/%E0%A4%A/release", '{"by":"alice"}', 400],
  ["POST", "/v1/faults", '{"by":"alice","group":"g","node":"n","kind":"hang","leaseMs":60001}', 400],
  ["POST", "/v1/faults", '{"by":"alice","group":"g","node":"n","kind":"hang","leaseMs":0}', 400],
  ["POST", "/v1/faults", '{"by":"alice","group":"g","node":"n","kind":"hang","leaseMs":1,"settings":[]}', 400],
  ["POST", "/v1/faults/f1/renew", "{}", 400],
  ["GET", "/v1/groups/default/hold", undefined, 405],
  ["POST", "/v1/faults/f1", "{}", 405],
])("%s %s with %s is answered %i, and nothing is done", async (method, path, body, status) => {
  await start();
  expect((await ask(method, path, body)).status).toBe(status);
  expect(provider.calls).toEqual([]);
});

test("answers odd requests with an error and goes on serving", async () => {
  await start();
  expect((await ask("GET", "/v2/everything")).status).toBe(404);
  expect((await ask("GET", "/v1/transitions?after=-1")).status).toBe(400);
  expect((await ask("GET", "/v1/transitions?after=1e99")).status).toBe(400);
  expect((await ask("DELETE", "/v1/status")).status).toBe(405);
  await new Promise<void>((resolve) => {
    const socket = connect(socketPath(), () => socket.end("\0\0 garbage \r\n\r\n"));
    socket.on("error", () => resolve()).on("close", () => resolve());
  });
  expect((await ask("GET", "/healthz")).text).toBe("ok\n");
  expect((await ask("GET", "/metrics")).text).toBe("up 1\n");
});

test("watching gives the status at once, transitions as they happen, and the changed status", async () => {
  await start();
  const lines: WatchLine[] = [];
  const stop = new AbortController();
  const watching = client().watch((line) => {
    lines.push(line);
    if (lines.length === 1) {
      provider.change({ configRevision: "new" });
      provider.record(transition("died"));
    }
    if (line.kind === "status" && line.status.configRevision === "new") stop.abort();
  }, stop.signal);
  await watching;
  expect(lines.map(({ kind }) => kind)).toEqual(["status", "transition", "status"]);
  expect(lines[1]).toMatchObject({ seq: 1, transition: { detail: "died" } });
});

test("a watch that the gateway ends is an error, so that its reader reconnects", async () => {
  const server = await start();
  const ended = client().watch(() => void server.stop(), new AbortController().signal);
  await expect(ended).rejects.toMatchObject({ code: "control-unreachable", retryable: true });
});

test("replaces the socket of a dead process and refuses that of a live one", async () => {
  // A process that binds and dies without closing leaves its socket file behind.
  const script = `require("net").createServer().listen(${JSON.stringify(socketPath())}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", script]);
  expect(existsSync(socketPath())).toBe(true);
  await start();
  await expect(start()).rejects.toMatchObject({ code: "control-socket-in-use" });
  expect((await client().status()).gateway).toBe("main");
});

test("never deletes a file that is no socket", async () => {
  writeFileSync(socketPath(), "precious");
  await expect(start()).rejects.toMatchObject({ code: "control-path-taken" });
  expect(statSync(socketPath()).size).toBe(8);
});

test("stopping removes the socket file, but not one that somebody else put there", async () => {
  const server = await start();
  await server.stop();
  expect(existsSync(socketPath())).toBe(false);
  const second = await start();
  rmSync(socketPath());
  writeFileSync(socketPath(), "theirs");
  await second.stop();
  expect(existsSync(socketPath())).toBe(true);
});

test("refuses a path that the kernel would cut off", async () => {
  await expect(start({ kind: "socket", path: join(folder, "x".repeat(120)) })).rejects.toMatchObject({
    code: "control-path-too-long",
  });
});

test("TCP asks for the token, and beyond loopback for TLS", async () => {
  const { port } = await start({ kind: "tcp", host: "127.0.0.1", port: 0, token });
  const url = `http://127.0.0.1:${port}`;
  const reach = (given: string | undefined) =>
    createControlClient({ kind: "tcp", url, token: given }, systemClock).status();
  expect((await reach(token)).gateway).toBe("main");
  await expect(reach("0123456789abcdeX")).rejects.toMatchObject({ code: "control-refused" });
  await expect(reach(undefined)).rejects.toMatchObject({ code: "control-refused" });
  await expect(start({ kind: "tcp", host: "0.0.0.0", port: 0, token })).rejects.toMatchObject({
    code: "control-tls-needed",
  });
  await expect(start({ kind: "tcp", host: "127.0.0.1", port: 0, token: "short" })).rejects.toMatchObject({
    code: "control-token-weak",
  });
});

const token = "0123456789abcdef";
const overTls = (port: number | undefined, tls: ControlTrust) =>
  createControlClient({ kind: "tcp", url: `https://localhost:${port}`, token, tls }, systemClock);

test("over TLS the client knows the gateway by its authority, and both go on with a renewed certificate", async () => {
  const [authority, stranger] = [makeCertificate("authority"), makeCertificate("localhost")];
  const issued = makeCertificate("localhost", authority);
  const server = await start({ kind: "tcp", host: "localhost", port: 0, token, tls: issued });
  const monitor = overTls(server.port, { ca: authority.cert });
  expect((await monitor.status()).gateway).toBe("main");
  await expect(overTls(server.port, { ca: stranger.cert }).status()).rejects.toMatchObject({
    code: "control-unreachable",
  });

  server.renewCertificate(stranger);
  await expect(monitor.status()).rejects.toMatchObject({ code: "control-unreachable" });
  monitor.trust({ ca: stranger.cert });
  expect((await monitor.status()).gateway).toBe("main");
});

test("a certificate for another name is not the gateway's", async () => {
  const issued = makeCertificate("localhost");
  const { port } = await start({ kind: "tcp", host: "127.0.0.1", port: 0, token, tls: issued });
  const at = (host: string) =>
    createControlClient(
      { kind: "tcp", url: `https://${host}:${port}`, token, tls: { ca: issued.cert } },
      systemClock,
    ).status();
  expect((await at("127.0.0.1")).gateway).toBe("main");
  await expect(at("127.0.0.2")).rejects.toMatchObject({ code: "control-unreachable" });
});

test("where clients need a certificate, the token alone opens nothing", async () => {
  const authority = makeCertificate("authority");
  const issued = makeCertificate("localhost", authority);
  const own = makeCertificate("monitor", authority);
  const tls = { cert: issued.cert, key: issued.key, clientCa: authority.cert };
  const { port } = await start({ kind: "tcp", host: "localhost", port: 0, token, tls });
  await expect(overTls(port, { ca: authority.cert }).status()).rejects.toMatchObject({ code: "control-unreachable" });
  const known = overTls(port, { ca: authority.cert, cert: own.cert, key: own.key });
  expect((await known.status()).gateway).toBe("main");
});

test("a gateway of an older version says that it must be upgraded, not that a route is missing", async () => {
  const old = '{"error":{"code":"method-not-allowed","message":"this route takes GET only"}}';
  const server = createServer((_request, response) => response.writeHead(405).end(old));
  await new Promise<void>((resolve) => server.listen(socketPath(), resolve));
  await expect(client().hold("default", "why", "alice")).rejects.toThrow(/older version.*Upgrade the gateway first/);
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ["HTML", "<html>", "control-garbage"],
  ["another shape", '{"controlVersion":1}', "control-garbage"],
  ["a version too far", '{"controlVersion":9}', "control-version"],
])("the client refuses %s from what is no gateway", async (_name, body, code) => {
  const server = createServer((_request, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(socketPath(), resolve));
  await expect(client().status()).rejects.toMatchObject({ code });
  await new Promise((resolve) => server.close(resolve));
});

test("nobody listening is unreachable, and may be tried again", async () => {
  await expect(client().status()).rejects.toMatchObject({ code: "control-unreachable", retryable: true });
});
