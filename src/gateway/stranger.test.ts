import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { readReplies } from "./testing/read-replies.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

/** A client that nobody here has ever run: odd but legal HTTP/1.1 on the way in. */

let under: TestGateway;
let node: FakeNode;
beforeEach(async () => {
  under = await startTestGateway({
    nodes: [(request, response) => sendJson(response, { data: { method: request.method, url: request.url } })],
  });
  node = under.nodes[0] as FakeNode;
});
afterEach(() => under.stop());

const block = "/eth/v2/beacon/blocks/head";
const genesis = "/eth/v1/beacon/genesis";
const votes = "/eth/v2/beacon/pool/attestations";
const lines = (...text: string[]) => `${text.join("\r\n")}\r\n\r\n`;
const get = (path: string, ...headers: string[]) => lines(`GET ${path} HTTP/1.1`, "Host: x", ...headers);
const last = (path: string, ...headers: string[]) => get(path, "Connection: close", ...headers);
const one = async (bytes: string | readonly string[]) => readReplies(await under.raw(bytes))[0];

describe("versions and connections", () => {
  test("HTTP/1.0 that wants to keep its connection keeps it", async () => {
    const text = await under.raw(
      lines(`GET ${genesis} HTTP/1.0`, "Connection: keep-alive") + lines(`GET ${genesis} HTTP/1.0`),
    );
    const replies = readReplies(text);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(replies.map(({ headers }) => headers["connection"])).toEqual(["keep-alive", "close"]);
  });

  test("HTTP/1.0 gets a streamed answer without chunks, ended by the close", async () => {
    const body = JSON.stringify({ data: "x".repeat(100_000) });
    node.answer = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(body.slice(0, 70_000));
      response.end(body.slice(70_000));
    };
    const reply = await one(lines(`GET ${block} HTTP/1.0`));
    expect(reply?.headers["transfer-encoding"]).toBeUndefined();
    expect(reply?.body).toBe(body);
  });

  test("eight requests of all kinds in one packet are answered in their order", async () => {
    const post = (path: string) => lines(`POST ${path} HTTP/1.1`, "Host: x", "Content-Length: 2") + "[]";
    const requests = [
      get(block),
      post(votes),
      get(genesis),
      lines(`HEAD ${block} HTTP/1.1`, "Host: x"),
      get("/eth/v1/node/version"),
      post("/eth/v1/validator/duties/attester/1000"),
      get(genesis),
      last("/eth/v2/beacon/blocks/8"),
    ];
    const replies = readReplies(await under.raw(requests.join("")), [3]);
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const urls = replies.map(({ body }) => /"url":"([^"]+)"/.exec(body)?.[1]);
    const duties = "/eth/v1/validator/duties/attester/1000";
    expect(urls).toEqual([block, votes, genesis, undefined, undefined, duties, genesis, "/eth/v2/beacon/blocks/8"]);
  });

  test("Connection: close is kept, in any case and among other words", async () => {
    for (const value of ["close", "Close", "foo, CLOSE"])
      expect((await one(get(genesis, `CONNECTION: ${value}`)))?.headers["connection"]).toBe("close");
  });

  test("empty lines before a request are skipped (RFC 9112, 2.2)", async () => {
    expect((await one(`\r\n\r\n${last(genesis)}`))?.status).toBe(200);
  });
});

describe("request targets", () => {
  test("the absolute form is taken, where it names the host that it was sent to (RFC 9112, 3.2.2)", async () => {
    for (const target of [`http://x${genesis}`, `HTTP://X${block}?a=1`])
      expect((await one(last(target)))?.status).toBe(200);
    expect(node.requests.map(({ url }) => url)).toEqual([genesis, `${block}?a=1`]);
  });

  test("the absolute form hides nothing from the rules", async () => {
    expect((await one(last("http://x/lighthouse/health")))?.status).toBe(403);
    expect((await one(last("http://x")))?.status).toBe(403);
    expect((await one(last("http://x/eth/v1/../v2")))?.status).toBe(400);
    expect(node.requests).toEqual([]);
  });

  test("OPTIONS is answered with what there is", async () => {
    for (const target of [genesis, "*"]) {
      const reply = await one(lines(`OPTIONS ${target} HTTP/1.1`, "Host: x", "Connection: close"));
      expect([reply?.status, reply?.headers["allow"]]).toEqual([405, "GET, HEAD, POST"]);
    }
  });

  test.each(["/eth/v1/validator/attestation_data/?slot=1", "/ETH/v1/Validator/attestation_data?slot=1"])(
    "%s means what it means without the slash and in small letters: a hold holds it too",
    async (path) => {
      under.gateway.safety.hold("drill", "test");
      const reply = await one(last(path));
      expect([reply?.status, reply?.headers["x-slotkeeper-reason"]]).toEqual([503, "held"]);
      expect(node.requests).toEqual([]);
    },
  );

  test.each([
    ["unknown parameters", "?future=1&x&=&y=%20"],
    ["repeated ids", "?id=1&id=2&id=0xab"],
    ["a comma list", `?id=1,2,0x${"ab".repeat(48)}&status=active,pending`],
    ["escapes", "?id=1%2C2&status=active%5Fongoing"],
    ["a fragment that should not be here", "?id=1#part"],
    ["question marks", "?id=1?2"],
  ])("%s in a query reach the node as they are, shared or passed through", async (_what, query) => {
    for (const path of ["/eth/v1/beacon/states/head/validators", block]) {
      expect((await one(last(path + query)))?.status).toBe(200);
      expect(node.requests.at(-1)?.url).toBe(path + query);
    }
  });

  test.each(["\t", "\f", "\x7f", "\xe9"])(
    "a query with %j, which no node can be sent, is the client's fault and no node's",
    async (odd) => {
      for (const path of [block, genesis, "/eth/v1/validator/attestation_data"]) {
        expect((await one(last(`${path}?a=${odd}`)))?.status).toBe(400);
      }
      expect(under.upstream.observations).toEqual([]);
    },
  );
});

describe("bodies", () => {
  const body = '["1","2"]';
  const chunked = `4;name=value\r\n["1"\r\n5;"quoted"\r\n,"2"]\r\n`.replace(';"quoted"', ';q="a;b"');

  test("chunks with extensions and a trailer arrive as one plain body", async () => {
    const reply = await one(
      `${lines(`POST ${votes} HTTP/1.1`, "Host: x", "TRANSFER-ENCODING: Chunked", "Connection: close")}${chunked}0;end\r\nX-Sum: 1\r\n\r\n`,
    );
    expect(reply?.status).toBe(200);
    expect(node.requests[0]?.body).toBe(body);
    expect(node.requests[0]?.headers).toMatchObject({ "content-length": String(body.length) });
    expect(node.requests[0]?.headers["x-sum"]).toBeUndefined();
  });

  test("a body that comes byte by byte arrives whole", async () => {
    const head = lines(`POST ${votes} HTTP/1.1`, "Host: x", `Content-Length: ${body.length}`, "Connection: close");
    expect((await one([head, ...body]))?.status).toBe(200);
    expect(node.requests[0]?.body).toBe(body);
  });

  test.each(["Content-Length: 0", "Transfer-Encoding: chunked", "X-Nothing: 1"])(
    "POST without a body (%s) reaches the node without one",
    async (header) => {
      const end = header.startsWith("Transfer") ? "0\r\n\r\n" : "";
      for (const path of [votes, "/eth/v1/beacon/states/head/validators", "/eth/v1/beacon/a_fork_to_come"]) {
        const reply = await one(lines(`POST ${path} HTTP/1.1`, "Host: x", header, "Connection: close") + end);
        expect([path, reply?.status]).toEqual([path, 200]);
        expect([node.requests.at(-1)?.url, node.requests.at(-1)?.body]).toEqual([path, ""]);
      }
    },
  );

  test("GET with a body is answered, and what follows on its connection is read right", async () => {
    const text = await under.raw(`${get(block, "Content-Length: 5")}hello${last(genesis)}`);
    expect(readReplies(text).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("Expect: 100-continue is met in any case, also by an answer from memory, and kept from nodes", async () => {
    const text = await under.raw([
      lines(`POST ${votes} HTTP/1.1`, "Host: x", "EXPECT: 100-Continue", "Content-Length: 2", "Connection: close"),
      "[]",
    ]);
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/);
    await one(last(genesis));
    expect((await one(last(genesis, "Expect: 100-continue")))?.status).toBe(200);
    expect(node.requests.map(({ headers }) => headers.expect)).toEqual([undefined, undefined]);
  });

  test("a body that is refused unread gets no 100 Continue", async () => {
    const headers = ["Host: x", "Expect: 100-continue", "Content-Length: 999999999"];
    expect(await under.raw(lines(`POST ${votes} HTTP/1.1`, ...headers))).toMatch(/^HTTP\/1\.1 413 /);
  });

  test.each(["Application/Octet-Stream", "application/octet-stream; charset=binary"])(
    "media types are read in any case, with any parameters: %s",
    async (type) => {
      const registration = Buffer.alloc(180, 1).toString("latin1");
      const headers = [`Content-Type: ${type}`, "Content-Length: 180", "Connection: close"];
      const path = "/eth/v1/validator/register_validator";
      expect((await one(lines(`POST ${path} HTTP/1.1`, "Host: x", ...headers) + registration))?.status).toBe(200);
    },
  );
});
