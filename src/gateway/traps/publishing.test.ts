import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { sendJson, type FakeNode } from "../testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

/** Traps 4 to 8, what `proposal.test.ts` and `publish.test.ts` do not show yet. */

const running: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.stop();
});

async function start(...nodes: FakeNode["answer"][]): Promise<TestGateway> {
  const gateway = await startTestGateway({ nodes });
  running.push(gateway);
  return gateway;
}

const slot = "32001";
const blinded = "/eth/v2/beacon/blinded_blocks";
const full = "/eth/v2/beacon/blocks";
const envelopes = "/eth/v1/beacon/execution_payload_envelopes";
const votes = "/eth/v2/beacon/pool/attestations";
const takes =
  (status: number, message = ""): FakeNode["answer"] =>
  (_request, response) =>
    sendJson(response, { code: status, message }, status);

function post(gateway: TestGateway, path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(gateway.url + path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", "eth-consensus-version": "fulu", ...headers },
  });
}

const signed = { message: { slot, proposer_index: "4", body: {} }, signature: "0x" };
const posts = (gateway: TestGateway) => gateway.nodes.map(({ requests }) => requests.length);

test("trap 4: a blinded block whose maker is unknown (it came by another gateway) goes to one node after the other", async () => {
  const gateway = await start(takes(500, "unknown payload header"), takes(200), takes(200));
  expect((await post(gateway, blinded, signed)).status).toBe(200);
  expect(posts(gateway)).toEqual([1, 1, 0]);
});

test("trap 4: a full block whose maker is unknown goes to all at once", async () => {
  const gateway = await start(() => undefined, takes(200), takes(500));
  expect((await post(gateway, full, signed)).status).toBe(200);
  expect(posts(gateway)).toEqual([1, 1, 1]);
});

test("trap 5: a stateful envelope whose maker is unknown is tried at each node, since the others answer 400", async () => {
  const gateway = await start(takes(400, "no such payload"), takes(400, "no such payload"), takes(200));
  const stateful = { "eth-blob-data-included": "false" };
  expect((await post(gateway, envelopes, signed, stateful)).status).toBe(200);
  expect(posts(gateway)).toEqual([1, 1, 1]);
});

test("trap 6: a block is published once any node took it, whatever came before: a duplicate's 500, or a 400", async () => {
  for (const [first, second] of [
    [500, 200],
    [400, 202],
    [400, 200],
  ] as const) {
    const gateway = await start(takes(first, "block is already known"), takes(second));
    expect((await post(gateway, full, signed)).status).toBe(second);
  }
});

test("trap 6: where every node only says that it knows the message already, it is published", async () => {
  const known = takes(500, "BLOCK_ERROR_ALREADY_KNOWN");
  const gateway = await start(known, known);
  expect((await post(gateway, full, signed)).status).toBe(200);
});

test("trap 7: 400 with items is no verdict on the node: it stays in use and is told of the next message", async () => {
  const refuses: FakeNode["answer"] = (_request, response) =>
    sendJson(response, { code: 400, message: "some failed", failures: [{ index: 1, message: "bad" }] }, 400);
  const gateway = await start(refuses, refuses);
  for (const time of [1, 2]) {
    const answer = await post(gateway, votes, [{}, {}]);
    expect([answer.status, await answer.json()]).toMatchObject([400, { failures: [{ index: 1 }] }]);
    expect(posts(gateway)).toEqual([time, time]);
  }
  expect(gateway.upstream.suspected).toEqual([]);
  expect(gateway.upstream.observations.filter(({ outcome }) => outcome !== "answered")).toEqual([]);
});

test("trap 8: publishes that lost the race run on, when the client has its answer and when it is gone", async () => {
  const held: (() => void)[] = [];
  const ended: boolean[] = [];
  const slow: FakeNode["answer"] = (_request, response) => {
    response.once("close", () => ended.push(response.writableFinished));
    held.push(() => sendJson(response, {}));
  };
  const gateway = await start(takes(200), slow);
  expect((await post(gateway, votes, [{}])).status).toBe(200);
  await expect.poll(() => held.length).toBe(1);

  (gateway.nodes[0] as FakeNode).answer = () => undefined;
  const socket = connect(gateway.gateway.address.port, "127.0.0.1");
  socket.write(`POST ${votes} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[]`);
  await expect.poll(() => held.length).toBe(2);
  socket.destroy();
  await expect.poll(() => gateway.gateway.stats().inFlight).toBe(0);
  for (const release of held) release();
  await expect.poll(() => ended).toEqual([true, true]);
});
