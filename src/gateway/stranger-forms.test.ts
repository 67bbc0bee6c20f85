import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { sendJson, type FakeNode, type SeenRequest } from "./testing/fake-node.ts";
import { readReplies } from "./testing/read-replies.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { attestationJson, attestationPath, attestationSsz } from "./testing/attestation-answers.ts";

/** A client that nobody here has ever run: JSON or SSZ, packed or plain, and the headers that give an answer its meaning. */

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

async function start(...nodes: FakeNode["answer"][]): Promise<TestGateway> {
  under = await startTestGateway({ nodes });
  return under;
}

const semantic = {
  "Eth-Consensus-Version": "fulu",
  "Eth-Execution-Payload-Blinded": "false",
  "Eth-Execution-Payload-Value": "123",
  "Eth-Consensus-Block-Value": "456",
  "Eth-Execution-Payload-Included": "true",
  "Eth-Blob-Data-Included": "true",
  "Eth-Consensus-Dependent-Root": `0x${"cd".repeat(32)}`,
};

/** SSZ to whom prefers it, as nodes do: by the weights. */
function prefersSsz({ headers }: SeenRequest): boolean {
  const weight = (type: string) => {
    const range = (headers.accept ?? "*/*").split(",").find((part) => part.trim().startsWith(type));
    return range === undefined ? 0 : Number(/;\s*q=([0-9.]+)/.exec(range)?.[1] ?? 1);
  };
  return weight("application/octet-stream") > weight("application/json");
}

const bilingual: FakeNode["answer"] = (request, response) => {
  if (!prefersSsz(request)) return sendJson(response, attestationJson(), 200, semantic);
  response.writeHead(200, { "content-type": "application/octet-stream", ...semantic }).end(attestationSsz());
};

async function ask(gateway: TestGateway, path: string, ...headers: string[]) {
  const text = await gateway.raw(
    [`GET ${path} HTTP/1.1`, "Host: x", "Connection: close", ...headers, "", ""].join("\r\n"),
  );
  const [reply] = readReplies(text);
  if (!reply) throw new Error("no answer");
  return reply;
}

const ssz = "Accept: application/octet-stream;q=1,application/json;q=0.9";
/** One of each way an answer comes about: shared and kept, shared for the moment, chosen among all, passed through. */
const paths = [
  attestationPath,
  "/eth/v1/validator/payload_attestation_data?slot=32000",
  "/eth/v1/validator/execution_payload_bids/32000/1",
  "/eth/v1/beacon/blocks/head/root",
  "/eth/v2/beacon/blocks/head",
];

describe("JSON and SSZ", () => {
  test.each(paths)("%s: clients of each never get the other's bytes, however they alternate", async (path) => {
    const gateway = await start(bilingual);
    for (const accept of ["Accept: application/json", ssz, "Accept: */*", ssz, "X-None: 1", ssz]) {
      const reply = await ask(gateway, path, accept);
      const isSsz = accept === ssz;
      expect(reply.headers["content-type"]).toBe(isSsz ? "application/octet-stream" : "application/json");
      expect(reply.body).toBe(isSsz ? attestationSsz().toString("latin1") : JSON.stringify(attestationJson()));
    }
  });

  test("both at once, on one connection and on others, while the node takes its time", async () => {
    const held: (() => void)[] = [];
    const gateway = await start((request, response) => void held.push(() => bilingual(request, response)));
    const asked = [ssz, "Accept: application/json", ssz, "Accept: application/json"].map((accept) =>
      ask(gateway, attestationPath, accept),
    );
    await expect.poll(() => held.length).toBe(2);
    await expect.poll(() => gateway.gateway.stats().inFlight).toBe(4);
    for (const release of held) release();
    const types = (await Promise.all(asked)).map(({ headers }) => headers["content-type"]);
    expect(types).toEqual(Array(2).fill(["application/octet-stream", "application/json"]).flat());
  });

  test("a node without SSZ answers JSON, and both kinds of clients can read it", async () => {
    const gateway = await start((_request, response) => sendJson(response, attestationJson()));
    for (const accept of [ssz, "Accept: application/json"])
      expect((await ask(gateway, attestationPath, accept)).headers["content-type"]).toBe("application/json");
  });

  test("a capability is one node's: 406 and 415 go to another, and come as they are where nobody can", async () => {
    const cannot: FakeNode["answer"] = ({ method }, response) =>
      sendJson(response, { code: 0, message: "not here" }, method === "POST" ? 415 : 406);
    const gateway = await start(cannot, bilingual);
    for (const path of paths) expect((await ask(gateway, path, ssz)).headers["x-slotkeeper-node"]).toBe("b");
    const post = (on: TestGateway) =>
      fetch(`${on.url}/eth/v2/beacon/pool/attestations`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream", "eth-consensus-version": "electra" },
        body: Buffer.alloc(240),
      });
    expect((await post(gateway)).status).toBe(200);
    await gateway.stop();
    const nobody = await start(cannot, cannot);
    for (const path of paths) {
      const reply = await ask(nobody, path, ssz);
      expect([path, reply.status, reply.body]).toEqual([path, 406, '{"code":0,"message":"not here"}']);
    }
    expect((await post(nobody)).status).toBe(415);
  });

  test("liveness is asked for in JSON, whatever the client accepts", async () => {
    const gateway = await start(
      ...[1, 2].map((): FakeNode["answer"] => (request, response) => {
        if (prefersSsz(request)) response.writeHead(200, { "content-type": "application/octet-stream" }).end("??");
        else sendJson(response, { data: [{ index: "1", is_live: false }] });
      }),
    );
    const answer = await fetch(`${gateway.url}/eth/v1/validator/liveness/999`, {
      method: "POST",
      headers: { accept: "application/octet-stream;q=1,application/json;q=0.9", "content-type": "application/json" },
      body: '["1"]',
    });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  });
});

describe("headers that give an answer its meaning", () => {
  test.each(paths)("%s carries them, first and from memory", async (path) => {
    const gateway = await start(bilingual);
    for (let time = 0; time < 3; time++) {
      const { headers } = await ask(gateway, path, ssz);
      for (const [name, value] of Object.entries(semantic)) expect(headers[name.toLowerCase()]).toBe(value);
    }
  });

  test("blocks and aggregates that were chosen among several carry those of the chosen one", async () => {
    const worth =
      (value: string, bits: string): FakeNode["answer"] =>
      (request, response) =>
        request.url.includes("aggregate")
          ? sendJson(response, { data: { aggregation_bits: bits } }, 200, { "Eth-Consensus-Version": `v${value}` })
          : sendJson(response, { data: { slot: "32001" } }, 200, { ...semantic, "Eth-Execution-Payload-Value": value });
    const gateway = await start(worth("1", "0x01"), worth("9", "0xff01"));
    const block = await ask(gateway, "/eth/v3/validator/blocks/32001?randao_reveal=0x00");
    expect([block.headers["eth-execution-payload-value"], block.headers["eth-blob-data-included"]]).toEqual([
      "9",
      "true",
    ]);
    const aggregate = await ask(gateway, "/eth/v2/validator/aggregate_attestation?slot=1");
    expect(aggregate.headers["eth-consensus-version"]).toBe("v9");
  });

  test("a publish takes them to every node, in the case in which they came", async () => {
    const gateway = await start(
      (_request, response) => response.writeHead(202).end(),
      (_request, response) => response.writeHead(202).end(),
    );
    const headers = [
      "ETH-Consensus-Version: fulu",
      "eth-blob-data-included: true",
      "Content-Type: application/octet-stream",
    ];
    const text = await gateway.raw(
      [
        "POST /eth/v2/beacon/pool/attestations HTTP/1.1",
        "Host: x",
        ...headers,
        "Content-Length: 2",
        "Connection: close",
        "",
        "ab",
      ].join("\r\n"),
    );
    expect(readReplies(text)[0]?.status).toBe(202);
    await expect.poll(() => gateway.nodes.map(({ requests }) => requests.length)).toEqual([1, 1]);
    for (const { requests } of gateway.nodes)
      expect(requests[0]?.headers).toMatchObject({
        "eth-consensus-version": "fulu",
        "eth-blob-data-included": "true",
        "content-type": "application/octet-stream",
      });
  });

  test("what a node's load balancer says to the gateway goes to nobody else", async () => {
    const gateway = await start((_request, response) =>
      sendJson(response, { data: {} }, 200, {
        "set-cookie": "node=7",
        "x-request-id": "of-the-node",
        connection: "close",
      }),
    );
    for (const path of ["/eth/v1/config/spec", "/eth/v2/beacon/blocks/head"]) {
      const { headers } = await ask(gateway, path, "X-Request-Id: mine");
      expect([headers["set-cookie"], headers["x-request-id"]]).toEqual([undefined, "mine"]);
    }
  });
});

describe("packed", () => {
  const large = { data: "x".repeat(3_000) };
  const shared = "/eth/v1/config/spec";
  const chosen = "/eth/v1/validator/execution_payload_bids/32000/1";

  test.each([
    ["gzip", true],
    ["GZip;q=0.1, identity;q=0.5", true],
    ["deflate, br;q=0.9, *;q=0.1", true],
    ["br, deflate, zstd", false],
    ["*;q=0, identity", false],
    ["gzip;q=0, *", false],
    ["identity;q=0", false],
    ["", false],
  ])("Accept-Encoding %j: packed is %s, kept or chosen, and the bytes are the same", async (accepted, isPacked) => {
    const gateway = await start((_request, response) => sendJson(response, large, 200, { vary: "Origin" }));
    for (const path of [shared, shared, chosen]) {
      const { headers, body } = await ask(gateway, path, `Accept-Encoding: ${accepted}`);
      expect(headers["content-encoding"]).toBe(isPacked ? "gzip" : undefined);
      const bytes = Buffer.from(body, "latin1");
      expect((isPacked ? gunzipSync(bytes) : bytes).toString()).toBe(JSON.stringify(large));
      if (isPacked || path === shared) expect(headers["vary"]).toMatch(/^Origin, .*Accept-Encoding$/);
    }
    expect(gateway.nodes[0]?.requests.map(({ headers }) => headers["accept-encoding"])).toEqual([
      "identity",
      "identity",
    ]);
  });

  test("SSZ is never packed, and says that it could have been JSON", async () => {
    const gateway = await start(bilingual);
    const { headers } = await ask(gateway, attestationPath, ssz, "Accept-Encoding: gzip");
    expect([headers["content-encoding"], headers["vary"]]).toEqual([undefined, "Accept, Accept-Encoding"]);
  });

  test("a packed question is the same question as a plain one: one call serves both", async () => {
    const gateway = await start((_request, response) => sendJson(response, { data: [] }));
    const body = JSON.stringify({ ids: ["1", "2"] });
    const post = (packed: boolean) =>
      fetch(`${gateway.url}/eth/v1/beacon/states/head/validators`, {
        method: "POST",
        headers: { "content-type": "application/json; charset=utf-8", ...(packed && { "content-encoding": "gzip" }) },
        body: packed ? gzipSync(body) : body,
      });
    expect([(await post(true)).status, (await post(false)).status, (await post(true)).status]).toEqual([200, 200, 200]);
    expect(gateway.nodes[0]?.requests.map((request) => request.body)).toEqual([body]);
    expect(gateway.nodes[0]?.requests[0]?.headers).toMatchObject({ "content-type": "application/json; charset=utf-8" });
  });
});
