import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { routesV1 } from "./routes/routes-v1.ts";
import { attestationJson, attestationSsz } from "./testing/attestation-answers.ts";
import { sendJson } from "./testing/fake-node.ts";
import { readReplies } from "./testing/read-replies.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

/** Whatever a client sends, the gateway answers with sense and lives on. */

let under: TestGateway;
beforeAll(async () => {
  const answer: Parameters<typeof startTestGateway>[0]["nodes"][number] = (request, response) => {
    const accept = request.headers.accept ?? "";
    if (request.method === "POST" || !/octet-stream(?!;\s*q=0(?:\.0*)?(?:,|$))/.test(accept))
      return sendJson(response, attestationJson());
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(attestationSsz());
  };
  under = await startTestGateway({ nodes: [answer, answer], settings: { allowDebugRoutes: true } });
});
afterAll(() => under.stop());

const jsonBytes = JSON.stringify(attestationJson());
const sszBytes = attestationSsz().toString("latin1");
const routes = routesV1.filter(({ policy }) => policy !== "events");
const pathOf = (path: string) => path.replace(/\{[^}]*\}/g, "1000");

const weight = fc.constantFrom("", ";q=1", ";q=0.9", "; Q=0.5", ";q=0.001", ";q=0", ";charset=utf-8;q=0.7", ";q=x");
const range = fc.constantFrom(
  "application/json",
  "application/octet-stream",
  "Application/*",
  "*/*",
  "text/html",
  "",
  "a",
);
const accept = fc.option(
  fc.array(fc.tuple(range, weight), { maxLength: 4 }).map((parts) => parts.map((part) => part.join("")).join(", ")),
);
const encoding = fc.option(fc.constantFrom("gzip", "*", "br", "gzip;q=0", "identity;q=0", "gzip;q=0.5,*;q=0", ","));
const query = fc.constantFrom(
  "",
  "?",
  "?slot=32000",
  "?slot=32000&committee_index=7",
  "?slot=x&&=&id=%2C",
  "?id=0xab,1&id=2",
);

test("any mix of Accept, encoding, route and query: never a fault of ours, and the bytes are those of the type that is named", async () => {
  const request = fc.record({ route: fc.constantFrom(...routes), accept, encoding, query, isHead: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(request, async ({ route, accept, encoding, query, isHead }) => {
      const isGet = route.method === "GET";
      const lines = [
        `${isGet && isHead ? "HEAD" : route.method} ${pathOf(route.path)}${query} HTTP/1.1`,
        "Host: x",
        "Connection: close",
        ...(accept === null ? [] : [`Accept: ${accept}`]),
        ...(encoding === null ? [] : [`Accept-Encoding: ${encoding}`]),
        ...(isGet ? [] : ["Content-Length: 2"]),
      ];
      const bytes = await under.raw(`${lines.join("\r\n")}\r\n\r\n${isGet ? "" : "[]"}`);
      const [reply] = readReplies(bytes, isGet && isHead ? [0] : []);
      expect(reply?.status).not.toBe(500);
      expect(reply?.headers["x-slotkeeper-reason"]).not.toBe("internal");
      if (reply?.status !== 200 || reply.body === "" || route.policy === "own" || !isGet) return;
      const isSsz = reply.headers["content-type"] === "application/octet-stream";
      expect(reply.body).toBe(isSsz ? sszBytes : jsonBytes);
      // Who names one type alone never gets the other.
      if (accept === "application/json") expect(isSsz).toBe(false);
      if (accept === "application/octet-stream") expect(isSsz).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("any body on any publishing route, with any type and packing: answered, and nothing breaks", async () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .array(fc.record({ message: fc.anything(), data: fc.anything(), validator_index: fc.anything() }))
      .map((list) =>
        Buffer.from(
          JSON.stringify(list, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
        ),
      ),
  );
  const type = fc.constantFrom("application/json", "application/octet-stream", "APPLICATION/JSON;x", "", "nonsense");
  const version = fc.constantFrom("phase0", "electra", "FULU", "gloas", "tomorrow", "");
  const packing = fc.constantFrom("", "gzip", "deflate", "br", "identity", "x");
  const posts = routes.filter(({ method }) => method === "POST");
  const request = fc.record({ route: fc.constantFrom(...posts), body, type, version, packing });
  await fc.assert(
    fc.asyncProperty(request, async ({ route, body, type, version, packing }) => {
      const head = [
        `POST ${pathOf(route.path)} HTTP/1.1`,
        "Host: x",
        "Connection: close",
        `Content-Type: ${type}`,
        `Eth-Consensus-Version: ${version}`,
        ...(packing === "" ? [] : [`Content-Encoding: ${packing}`]),
        `Content-Length: ${body.length}`,
      ];
      const bytes = await under.raw(`${head.join("\r\n")}\r\n\r\n${body.toString("latin1")}`);
      const [reply] = readReplies(bytes);
      expect([200, 400, 415, 503]).toContain(reply?.status);
      expect(reply?.headers["x-slotkeeper-reason"]).not.toBe("internal");
    }),
    { numRuns: 300 },
  );
  expect((await fetch(`${under.url}/eth/v1/config/spec`)).status).toBe(200);
  await expect.poll(() => under.gateway.stats().inFlight).toBe(0);
});

test("any bytes instead of a request: the connection ends with an answer or without one, and nothing breaks", async () => {
  const garbage = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    fc.string({ minLength: 1, maxLength: 60 }).map((text) => `GET ${text} HTTP/1.1\r\nHost: x\r\nConnection: close`),
    fc.string({ minLength: 1, maxLength: 60 }).map((text) => `GET /eth/v1/config/spec HTTP/1.1\r\nHost: x\r\n${text}`),
  );
  await fc.assert(
    fc.asyncProperty(garbage, async (bytes) => {
      const text = await under.raw(`${bytes}\r\n\r\nGET / HTTP/9.9\r\n\r\n`);
      expect(text === "" || text.startsWith("HTTP/1.1 ")).toBe(true);
      expect(text).not.toContain('"reason":"internal"');
    }),
    { numRuns: 200 },
  );
  expect((await fetch(`${under.url}/eth/v1/config/spec`)).status).toBe(200);
});
