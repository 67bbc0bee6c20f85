import { X509Certificate } from "node:crypto";
import { connect as dial } from "node:net";
import { request } from "node:https";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { makeCertificate } from "../lib/make-certificate.ts";
import { sendJson } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

const server = makeCertificate("localhost");
const authority = makeCertificate("Test Authority");

let under: TestGateway | undefined;
let sockets: TLSSocket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await under?.stop();
  under = undefined;
});

type Options = Partial<Parameters<typeof startTestGateway>[0]>;

async function start(options: Options = {}): Promise<TestGateway> {
  under = await startTestGateway({
    nodes: [(_request, response) => sendJson(response, { data: [] })],
    tls: { cert: server.cert, key: server.key },
    ...options,
  });
  return under;
}

/** Resolves when the handshake is over; rejects when either side refuses it. */
function open(gateway: TestGateway, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const { port } = gateway.gateway.address;
    const socket = connect({ port, host: "127.0.0.1", ca: server.cert, ...options });
    sockets.push(socket);
    socket.once("error", reject);
    // A server that refuses a client certificate says so only after a TLS 1.3 client believes the handshake done.
    socket.once("session", () => resolve(socket));
  });
}

async function ask(socket: TLSSocket, path: string): Promise<number> {
  const answer = new Promise<string>((resolve) => socket.once("data", (chunk: Buffer) => resolve(chunk.toString())));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return Number((await answer).slice(9, 12));
}

function call(gateway: TestGateway, path: string, tls: ConnectionOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const req = request(gateway.url + path, { ca: server.cert, agent: false, ...tls }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    req.on("error", reject);
    req.end();
  });
}

const block = "/eth/v1/beacon/pool/voluntary_exits";

test("a group with a certificate serves over TLS, and with no version below 1.2", async () => {
  const gateway = await start();
  expect(await call(gateway, block, {})).toBe(200);
  const old: ConnectionOptions = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
  await expect(open(gateway, old)).rejects.toThrow(/protocol version/);
});

test("a new certificate is taken over while open connections go on", async () => {
  const gateway = await start();
  const before = await open(gateway);
  expect(await ask(before, block)).toBe(200);
  const next = makeCertificate("localhost");
  gateway.gateway.reload({ clients: [], requireKnownClients: false, routeRules: [] }, next);
  expect(await ask(before, block)).toBe(200);
  const ends = /tls_certificate_not_after_seconds\{group="test"\} (\d+)/.exec(await gateway.metrics.metrics())?.[1];
  expect(Math.abs(Number(ends) - Date.parse(new X509Certificate(next.cert).validTo) / 1_000)).toBeLessThan(1);
  const after = await open(gateway, { ca: next.cert });
  expect(after.getPeerCertificate().raw).not.toEqual(before.getPeerCertificate().raw);
  await expect(open(gateway, { ca: server.cert })).rejects.toThrow(/self-signed|verify/);
});

test("a certificate that cannot be used changes nothing", async () => {
  const gateway = await start();
  const rules = { clients: [], requireKnownClients: false, routeRules: [] };
  expect(() => gateway.gateway.reload(rules, { cert: server.cert, key: "no key" })).toThrow();
  expect(await call(gateway, block, {})).toBe(200);
});

test("with a client authority, a client without a certificate of it is refused", async () => {
  const gateway = await start({ tls: { cert: server.cert, key: server.key, clientCa: authority.cert } });
  const stranger = makeCertificate("stranger");
  await expect(call(gateway, block, {})).rejects.toThrow();
  await expect(call(gateway, block, { cert: stranger.cert, key: stranger.key })).rejects.toThrow();
  expect(gateway.nodes[0]?.requests).toHaveLength(0);
});

test("the common name of a verified certificate is the client's identity", async () => {
  const client = makeCertificate("vc-1.example.org", authority);
  const gateway = await start({
    tls: { cert: server.cert, key: server.key, clientCa: authority.cert },
    settings: {
      clients: [{ name: "team-a", certificateName: "vc-1.example.org", addresses: [] }],
      requireKnownClients: true,
    },
  });
  const path = "/eth/v1/validator/duties/proposer/1000";
  expect(await call(gateway, path, { cert: client.cert, key: client.key })).toBe(200);
  expect(gateway.evidence.readAfter(0, 10).items[0]?.item.client).toBe("team-a");
  const other = makeCertificate("vc-2.example.org", authority);
  expect(await call(gateway, path, { cert: other.cert, key: other.key })).toBe(403);
});

test("an event stream over TLS hears of the head", async () => {
  const gateway = await start();
  const socket = await open(gateway);
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.write("GET /eth/v1/events?topics=head HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await expect.poll(() => text).toContain("retry:");
  const root = `0x${"d1".repeat(32)}`;
  gateway.upstream.emit({ node: "a", topic: "head", data: JSON.stringify({ slot: "1", block: root }), receivedAt: 0 });
  gateway.upstream.setView({ head: { slot: 32_001, root } });
  await expect.poll(() => text).toContain(root);
});

test("stopping ends connections whose handshake never came", async () => {
  const gateway = await start();
  const { port } = gateway.gateway.address;
  const socket = dial(port, "127.0.0.1");
  const isClosed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("connect", resolve));
  // The server has taken the connection once it answers another one that came later.
  await call(gateway, block, {});
  await gateway.gateway.stop();
  await isClosed;
});
