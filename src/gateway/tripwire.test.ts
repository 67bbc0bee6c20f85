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
const root = (byte: string) => `0x${byte.repeat(32)}`;
const pool = "/eth/v2/beacon/pool/attestations";

const vote = (attester: number, head = "aa") => ({
  committee_index: "0",
  attester_index: String(attester),
  data: {
    slot: "32000",
    index: "0",
    beacon_block_root: root(head),
    source: { epoch: "999", root: root("bb") },
    target: { epoch: "1000", root: root("dd") },
  },
  signature: `0x${"00".repeat(96)}`,
});

async function publish(gateway: TestGateway, path: string, body: unknown) {
  const headers = { "content-type": "application/json", "eth-consensus-version": "electra" };
  const answer = await fetch(gateway.url + path, { method: "POST", body: JSON.stringify(body), headers });
  const text = await answer.text();
  return { status: answer.status, body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown> };
}

const bodies = (gateway: TestGateway) => gateway.nodes[0]?.requests.map(({ body }) => JSON.parse(body) as unknown);

test("tripwire: the slashable vote is kept back by name, the others are published", async () => {
  const gateway = await start(ok);
  expect((await publish(gateway, pool, [vote(1), vote(2)])).status).toBe(200);
  const answer = await publish(gateway, pool, [vote(3, "01"), vote(1, "01"), vote(2)]);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: 400, failures: [{ index: 1 }] });
  expect(JSON.stringify(answer.body)).toContain("double-vote");
  expect(bodies(gateway)).toEqual([
    [vote(1), vote(2)],
    [vote(3, "01"), vote(2)],
  ]);
  expect(gateway.gateway.safety.status().tripwire).toMatchObject({
    refused: 1,
    last: { kind: "double-vote", validatorIndex: 1, slot: 32_000, client: "127.0.0.1" },
  });
  expect(await gateway.metrics.metrics()).toContain('slotkeeper_gateway_tripwire_refused_total{group="test"} 1');
});

test("tripwire: with nothing left to publish no node is asked", async () => {
  const gateway = await start(ok);
  await publish(gateway, pool, [vote(1)]);
  expect((await publish(gateway, pool, [vote(1, "01")])).status).toBe(400);
  expect(gateway.nodes[0]?.requests).toHaveLength(1);
});

test("tripwire: what the nodes refuse of the rest is named by the client's own count", async () => {
  const gateway = await start((request, response) =>
    (JSON.parse(request.body) as unknown[]).length === 1
      ? response.writeHead(200).end()
      : sendJson(response, { code: 400, message: "", failures: [{ index: 1, message: "bad" }] }, 400),
  );
  await publish(gateway, pool, [vote(1)]);
  const answer = await publish(gateway, pool, [vote(2), vote(1, "01"), vote(3)]);
  expect(answer.body["failures"]).toMatchObject([{ index: 1 }, { index: 2, message: "bad" }]);
});

test("tripwire: the same vote from two clients passes, and so does what cannot be read", async () => {
  const gateway = await start(ok);
  for (const body of [[vote(1)], [vote(1)], [{ a: 1 }], [{ a: 2 }], { not: "a list" }])
    expect((await publish(gateway, pool, body)).status).toBe(200);
  expect(gateway.nodes[0]?.requests).toHaveLength(5);
});

const block = (change: Record<string, unknown> = {}) => ({
  message: { slot: "32000", proposer_index: "4", parent_root: root("aa"), state_root: root("01"), body: {}, ...change },
  signature: `0x${"11".repeat(96)}`,
});

test("tripwire: a second block for one slot is refused, the same one passes, blinded or full", async () => {
  const gateway = await start(ok);
  expect((await publish(gateway, "/eth/v2/beacon/blocks", block())).status).toBe(200);
  expect(
    (await publish(gateway, "/eth/v2/beacon/blinded_blocks", block({ body: { execution_payload_header: {} } }))).status,
  ).toBe(200);
  const refused = await publish(gateway, "/eth/v2/beacon/blocks", { signed_block: block({ parent_root: root("02") }) });
  expect(refused).toMatchObject({ status: 400, body: { reason: "double-proposal" } });
  expect(gateway.nodes[0]?.requests).toHaveLength(2);
});
