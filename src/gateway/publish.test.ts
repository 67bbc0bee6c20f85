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

const ok: FakeNode["answer"] = (_q, response) => response.writeHead(200).end();
const silent: FakeNode["answer"] = () => undefined;
const refuse =
  (...indices: number[]): FakeNode["answer"] =>
  (_q, response) =>
    sendJson(
      response,
      { code: 400, message: "some failed", failures: indices.map((index) => ({ index, message: "bad" })) },
      400,
    );

async function publish(
  gateway: TestGateway,
  path = "/eth/v2/beacon/pool/attestations",
  body: unknown = [{ a: 1 }, { a: 2 }, { a: 3 }],
) {
  const headers = { "content-type": "application/json", "eth-consensus-version": "electra" };
  const answer = await fetch(gateway.url + path, { method: "POST", body: JSON.stringify(body), headers });
  return { status: answer.status, text: await answer.text() };
}

const liveness = (epoch: number) => `/eth/v1/validator/liveness/${epoch}`;

test("a published message reaches every node, suspects included, and nobody waits for a hung one", async () => {
  const gateway = await start(silent, ok, ok);
  gateway.upstream.setView({ ready: ["a", "b"] });
  gateway.upstream.patchStatus("c", { health: "suspect" });
  expect((await publish(gateway)).status).toBe(200);
  await expect.poll(() => gateway.nodes.map(({ requests }) => requests.length)).toEqual([1, 1, 1]);
  expect(gateway.nodes[2]?.requests[0]?.headers["eth-consensus-version"]).toBe("electra");
});

test("a node that is down gets nothing, unless all are", async () => {
  const gateway = await start(ok, ok);
  gateway.upstream.setView({ ready: ["a"] });
  gateway.upstream.setHealth("b", "down");
  await publish(gateway);
  expect(gateway.nodes[1]?.requests).toHaveLength(0);
  gateway.upstream.setHealth("a", "down");
  gateway.upstream.setView({ kind: "none", ready: [] });
  expect((await publish(gateway)).status).toBe(200);
});

test("trap 7: an item is refused only if every node refused it", async () => {
  const gateway = await start(refuse(0, 2), refuse(1, 2));
  const answer = await publish(gateway);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text)).toMatchObject({ failures: [{ index: 2, message: "bad" }] });
});

test("trap 7: when each item was accepted by some node, the whole is a success", async () => {
  const gateway = await start(refuse(0), refuse(1));
  expect((await publish(gateway)).status).toBe(200);
});

test("with all nodes failing, publishing says so", async () => {
  const gateway = await start(
    (_q, r) => r.socket?.destroy(),
    (_q, r) => sendJson(r, { code: 503, message: "syncing" }, 503),
  );
  expect((await publish(gateway)).status).toBe(503);
});

test("a full block goes to its creator first and to the others too", async () => {
  const order: string[] = [];
  const node =
    (name: string): FakeNode["answer"] =>
    (request, response) => {
      if (request.method === "POST") order.push(name);
      sendJson(response, { data: { slot: "77" } });
    };
  const gateway = await start(
    (_q, r) => (_q.method === "GET" ? sendJson(r, {}, 500) : node("a")(_q, r)),
    node("b"),
    node("c"),
  );
  expect((await fetch(`${gateway.url}/eth/v3/validator/blocks/77`)).headers.get("x-slotkeeper-node")).toBe("b");
  expect((await publish(gateway, "/eth/v2/beacon/blocks", { message: { slot: "77" } })).status).toBe(200);
  await expect.poll(() => order.length).toBe(3);
  expect(order[0]).toBe("b");
});

test("trap 4: a blinded block goes to its creator, and to others only on its failure", async () => {
  const gateway = await start(
    ok,
    (q, r) => (q.method === "GET" ? sendJson(r, { data: { slot: "77" } }) : sendJson(r, {}, 500)),
    ok,
  );
  gateway.upstream.setView({ ready: ["b", "a", "c"] });
  await fetch(`${gateway.url}/eth/v3/validator/blocks/77`);
  expect((await publish(gateway, "/eth/v2/beacon/blinded_blocks", { message: { slot: "77" } })).status).toBe(200);
  expect(gateway.nodes.map(({ requests }) => requests.filter(({ method }) => method === "POST").length)).toEqual([
    1, 1, 0,
  ]);
});

test("liveness is what any of two nodes saw", async () => {
  const live =
    (...indices: string[]): FakeNode["answer"] =>
    (_q, response) =>
      sendJson(response, { data: ["1", "2", "3"].map((index) => ({ index, is_live: indices.includes(index) })) });
  const gateway = await start(live("1"), live("2"));
  const answer = await publish(gateway, liveness(999), ["1", "2", "3"]);
  expect(JSON.parse(answer.text)).toEqual({
    data: [
      { index: "1", is_live: true },
      { index: "2", is_live: true },
      { index: "3", is_live: false },
    ],
  });
});

test("liveness with fewer than two nodes ready for the whole epoch is 503", async () => {
  const gateway = await start(ok, ok);
  gateway.upstream.patchStatus("b", { sinceAt: Number.MAX_SAFE_INTEGER });
  const answer = await publish(gateway, liveness(999), ["1"]);
  expect(answer.status).toBe(503);
  expect(answer.text).toContain("too-few-for-liveness");
  expect(gateway.nodes[0]?.requests).toHaveLength(0);
});

test("liveness with one of two nodes failing is 503, not half the truth", async () => {
  const gateway = await start(
    (_q, r) => sendJson(r, { data: [{ index: "1", is_live: false }] }),
    (_q, r) => sendJson(r, {}, 500),
  );
  expect((await publish(gateway, liveness(999), ["1"])).status).toBe(503);
});

test("trap 6: nodes that have the message already, because the one that died had passed it on, count as success", async () => {
  const message = "Multiple errors on submitPoolAttestations\nPublishError.Duplicate\nPublishError.Duplicate";
  const knows: FakeNode["answer"] = (_q, response) => sendJson(response, { statusCode: 500, message }, 500);
  const gateway = await start((_q, response) => response.socket?.destroy(), knows);
  expect((await publish(gateway)).status).toBe(200);
  expect((await publish(gateway, "/eth/v2/beacon/blocks", { message: { slot: "1" } })).status).toBe(200);
});

test("one true error among duplicates is an error", async () => {
  const message =
    "Multiple errors on submitPoolAttestations\nPublishError.Duplicate\nATTESTATION_ERROR_BAD_TARGET_EPOCH";
  const gateway = await start((_q, response) => sendJson(response, { message }, 500));
  expect((await publish(gateway)).status).toBe(500);
});
