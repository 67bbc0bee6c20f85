import { gunzipSync } from "node:zlib";
import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

async function start(...nodes: FakeNode["answer"][]): Promise<TestGateway> {
  under = await startTestGateway({ nodes });
  return under;
}

const big = { data: "x".repeat(5_000) };
/** A signing input whose answers are never kept. */
const attestation = "/eth/v1/validator/payload_attestation_data?slot=1";

function bytes(
  url: string,
  headers: Record<string, string>,
): Promise<{ headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) }));
    })
      .on("error", reject)
      .end();
  });
}

test("hot path: HEAD is served from the GET entry: same headers, no body, no second call", async () => {
  const gateway = await start((_q, response) => sendJson(response, big));
  for (const path of ["/eth/v1/config/spec", "/eth/v2/beacon/blocks/head"]) {
    const text = await gateway.raw(`HEAD ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(text).toContain("content-type: application/json");
    expect(text.endsWith("\r\n\r\n")).toBe(true);
  }
  const whole = await gateway.raw("HEAD /eth/v1/config/spec HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  expect(whole).toContain(`content-length: ${JSON.stringify(big).length}`);
  expect(gateway.nodes[0]?.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
});

test("a large JSON answer is compressed for a client that accepts gzip, and only for it", async () => {
  const gateway = await start((_q, response) => sendJson(response, big));
  const packed = await bytes(`${gateway.url}/eth/v1/config/spec`, { "accept-encoding": "br, gzip;q=0.5" });
  expect(packed.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(packed.body).toString()).toBe(JSON.stringify(big));
  const refused = await bytes(`${gateway.url}/eth/v1/config/spec`, { "accept-encoding": "gzip;q=0" });
  expect(refused.headers["content-encoding"]).toBeUndefined();
  const passed = await bytes(`${gateway.url}/eth/v2/beacon/blocks/head`, { "accept-encoding": "gzip" });
  expect(passed.headers["content-encoding"]).toBeUndefined();
});

test("trap 16: the node's headers that clients need come through, hop-by-hop ones do not", async () => {
  const headers = {
    "Eth-Consensus-Version": "deneb",
    "Eth-Execution-Payload-Blinded": "false",
    "Keep-Alive": "timeout=3",
  };
  const gateway = await start((_q, response) => sendJson(response, { data: { slot: "7" } }, 200, headers));
  const answer = await fetch(`${gateway.url}/eth/v3/validator/blocks/7?randao_reveal=0x`, {
    headers: { "x-request-id": "mine-1" },
  });
  expect(answer.headers.get("eth-consensus-version")).toBe("deneb");
  expect(answer.headers.get("keep-alive")).not.toBe("timeout=3");
  expect(answer.headers.get("x-request-id")).toBe("mine-1");
});

test("requests on one connection are answered in order and the connection stays", async () => {
  const gateway = await start((q, response) => sendJson(response, { url: q.url }));
  const one = (number: number) => `GET /eth/v1/beacon/blocks/${number}/root HTTP/1.1\r\nHost: x\r\n\r\n`;
  const text = await gateway.raw(one(1) + one(2) + one(3), (so) => so.includes("/3/root"));
  expect([...text.matchAll(/blocks\/(\d)\/root/g)].map(([, number]) => number)).toEqual(["1", "2", "3"]);
});

test("trap 2: health, syncing and version are the group's own", async () => {
  const gateway = await start((_q, response) => sendJson(response, {}, 500));
  const health = async (query = "") => (await fetch(`${gateway.url}/eth/v1/node/health${query}`)).status;
  expect(await health()).toBe(200);
  expect(await (await fetch(`${gateway.url}/eth/v1/node/version`)).json()).toEqual({
    data: { version: "Slotkeeper/0.1.0" },
  });
  expect(await (await fetch(`${gateway.url}/eth/v1/node/syncing`)).json()).toEqual({
    data: { head_slot: "32000", sync_distance: "0", is_syncing: false, is_optimistic: false, el_offline: false },
  });
  gateway.upstream.setView({ kind: "degraded", ready: [], fallback: ["a"] });
  expect(await health()).toBe(206);
  expect(await health("?syncing_status=299")).toBe(299);
  expect(await health("?syncing_status=9")).toBe(400);
  gateway.upstream.setView({ kind: "none", ready: [], fallback: [] });
  expect(await health()).toBe(503);
  expect(gateway.nodes[0]?.requests).toHaveLength(0);
});

test("trap 18: with nobody ready reads come marked from the least bad node, signing inputs only from a node fit for it", async () => {
  const gateway = await start(
    (_q, response) => sendJson(response, { data: { from: "a" } }),
    (_q, response) => sendJson(response, { data: { from: "b" } }),
  );
  gateway.upstream.setView({
    kind: "degraded",
    ready: [],
    fallback: ["a", "b"],
    signingInputs: ["b"],
    reason: "not-probed-yet",
  });
  const read = await fetch(`${gateway.url}/eth/v1/config/spec`);
  expect([read.headers.get("x-slotkeeper-degraded"), read.headers.get("x-slotkeeper-node")]).toEqual([
    "not-probed-yet",
    "a",
  ]);
  const input = await fetch(gateway.url + attestation);
  expect([input.status, input.headers.get("x-slotkeeper-node")]).toEqual([200, "b"]);
  gateway.upstream.setView({ signingInputs: [] });
  const refused = await fetch(gateway.url + attestation);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 503, reason: "no-signing-node" });
});

test("trap 18: in a split nothing is served to sign over, while publishing stays open", async () => {
  const gateway = await start((_q, response) => sendJson(response, {}));
  gateway.upstream.setView({ kind: "split", ready: [], fallback: ["a"], signingInputs: ["a"] });
  for (const path of [
    attestation,
    "/eth/v1/beacon/blocks/head/root",
    "/eth/v3/validator/blocks/7",
    "/eth/v2/validator/aggregate_attestation",
  ]) {
    const answer = await fetch(gateway.url + path);
    expect([path, answer.status]).toEqual([path, 503]);
    expect(await answer.json()).toMatchObject({ reason: "split" });
  }
  const published = await fetch(`${gateway.url}/eth/v2/beacon/pool/attestations`, { method: "POST", body: "[]" });
  expect(published.status).toBe(200);
});

test("trap 14: after the view has moved to a head, signing inputs come from a node that holds it", async () => {
  const gateway = await start(
    (_q, response) => sendJson(response, { data: { from: "a" } }),
    (_q, response) => sendJson(response, { data: { from: "b" } }),
  );
  const head = { slot: 32_001, root: `0x${"dd".repeat(32)}` };
  gateway.upstream.patchStatus("b", { head });
  gateway.upstream.setView({ head });
  expect((await fetch(gateway.url + attestation)).headers.get("x-slotkeeper-node")).toBe("b");
  expect((await fetch(`${gateway.url}/eth/v1/config/spec`)).headers.get("x-slotkeeper-node")).toBe("a");
});

test("trap 10: the fullest aggregate wins, and 404 of one node does not hide it", async () => {
  const withBits =
    (bits: string): FakeNode["answer"] =>
    (_q, response) =>
      sendJson(response, { data: { aggregation_bits: bits } });
  const gateway = await start(
    (_q, response) => sendJson(response, { code: 404 }, 404),
    withBits("0x0301"),
    withBits("0xff01"),
  );
  const answer = await fetch(`${gateway.url}/eth/v1/validator/aggregate_attestation?slot=1&attestation_data_root=0x`);
  expect(answer.headers.get("x-slotkeeper-node")).toBe("c");
});

test("a duty request leaves evidence of who was asked and what came of it; a read that is passed on does not", async () => {
  const gateway = await start(
    (_q, r) => sendJson(r, {}, 500),
    (_q, r) => sendJson(r, { data: {} }),
  );
  await fetch(gateway.url + attestation);
  await fetch(`${gateway.url}/eth/v2/beacon/blocks/head`);
  const { items } = gateway.evidence.readAfter(0);
  expect(items).toHaveLength(1);
  expect(items[0]?.item).toMatchObject({
    group: "test",
    route: "/eth/v1/validator/payload_attestation_data",
    policy: "coalesce",
    shared: "led",
    status: 200,
    node: "b",
    answers: [
      { node: "a", outcome: "status-5xx", status: 500 },
      { node: "b", outcome: "answered", status: 200 },
    ],
  });
});

test("metrics count by route template and node, never by path", async () => {
  const gateway = await start((_q, response) => sendJson(response, {}));
  await fetch(`${gateway.url}/eth/v1/beacon/blocks/123/root`);
  const text = await gateway.metrics.metrics();
  expect(text).toContain('slotkeeper_gateway_route_requests_total{group="test",route="getBlockRoot",outcome="ok"} 1');
  expect(text).toContain('slotkeeper_gateway_request_duration_seconds_count{group="test",route="getBlockRoot"} 1');
  expect(text).toContain('slotkeeper_gateway_node_calls_total{group="test",node="a"} 1');
  expect(text).not.toContain("123/");
});

test("a node whose name cannot stand in a header is served without the header", async () => {
  under = await startTestGateway({ nodes: [(_q, response) => sendJson(response, { ok: 1 })], names: ["\u{1f95a}"] });
  const answer = await fetch(`${under.url}/eth/v1/config/spec`);
  expect(await answer.json()).toEqual({ ok: 1 });
  expect(answer.headers.get("x-slotkeeper-node")).toBeNull();
});

test("the version routes name the gateway, in both forms, without asking a node", async () => {
  const gateway = await start((_q, response) => sendJson(response, big));
  const read = async (path: string): Promise<unknown> =>
    ((await (await fetch(gateway.url + path)).json()) as { data: unknown }).data;
  expect(await read("/eth/v1/node/version")).toEqual({ version: expect.stringMatching(/^Slotkeeper\//) as string });
  const { beacon_node } = (await read("/eth/v2/node/version")) as { beacon_node: Record<string, string> };
  expect(Object.keys(beacon_node)).toEqual(["code", "name", "version", "commit"]);
  expect(beacon_node["code"]).toMatch(/^[A-Z]{2}$/);
  expect(beacon_node["commit"]).toMatch(/^0x[0-9a-f]{8}$/);
  expect(gateway.nodes[0]?.requests).toEqual([]);
});
