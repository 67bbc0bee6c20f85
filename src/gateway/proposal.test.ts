import { afterEach, expect, test } from "vitest";
import type { GatewaySettings } from "./settings.ts";
import { sendJson, type FakeNode, type SeenRequest } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

async function start(nodes: FakeNode["answer"][], settings: Partial<GatewaySettings> = {}): Promise<TestGateway> {
  under = await startTestGateway({ nodes, settings });
  return under;
}

const root = (byte: string) => `0x${byte.repeat(32)}`;
const own = `0x${"11".repeat(20)}`;
const produce = "/eth/v3/validator/blocks/32001?randao_reveal=0x00";
const slot = "32001";

interface Built {
  value?: string;
  parent?: string;
  state?: string;
  recipient?: string;
}

/** Builds that block, and takes whatever is published. */
const builds =
  ({ value = "1", parent = "aa", state = "01", recipient = own }: Built = {}): FakeNode["answer"] =>
  (request, response) => {
    if (request.method === "POST") return void response.writeHead(200).end();
    const body = { execution_payload: { fee_recipient: recipient } };
    const data = { slot, proposer_index: "4", parent_root: root(parent), state_root: root(state), body };
    sendJson(response, { version: "electra", data }, 200, {
      "eth-execution-payload-value": value,
      "eth-consensus-block-value": "0",
      "eth-execution-payload-blinded": "false",
    });
  };

const node = async (gateway: TestGateway) => (await fetch(gateway.url + produce)).headers.get("x-slotkeeper-node");
const posts = (gateway: TestGateway) =>
  gateway.nodes.map(({ requests }) => requests.filter(({ method }) => method === "POST").length);

async function publish(gateway: TestGateway, path: string, state = "01", headers: Record<string, string> = {}) {
  const message = { slot, proposer_index: "4", parent_root: root("aa"), state_root: root(state), body: {} };
  return fetch(gateway.url + path, {
    method: "POST",
    body: JSON.stringify({ message, signature: "0x22" }),
    headers: { "content-type": "application/json", ...headers },
  });
}

test("the most valuable block on the group's head is served", async () => {
  const gateway = await start([builds({ value: "5" }), builds({ value: "7" }), builds({ value: "99", parent: "02" })]);
  expect(await node(gateway)).toBe("b");
});

test("a node that is suspected meanwhile is not waited for", async () => {
  const gateway = await start([builds(), () => undefined]);
  const answer = node(gateway);
  await expect.poll(() => gateway.upstream.suspected).toContain("b");
  gateway.upstream.setView({ ready: ["a"], signingInputs: ["a"] });
  expect(await answer).toBe("a");
});

test("no block is served that pays somebody off the allow-list", async () => {
  const gateway = await start([builds({ recipient: `0x${"22".repeat(20)}` })], { feeRecipientAllowList: [own] });
  const answer = await fetch(gateway.url + produce);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ reason: "no-allowed-block" });
});

test("trap 11: a node that forgot the proposer's fee recipient is passed over", async () => {
  const gateway = await start([builds({ value: "99", recipient: `0x${"00".repeat(20)}` }), builds()]);
  const prepared = [{ validator_index: "4", fee_recipient: own }];
  await fetch(`${gateway.url}/eth/v1/validator/prepare_beacon_proposer`, {
    method: "POST",
    body: JSON.stringify(prepared),
    headers: { "content-type": "application/json" },
  });
  expect(await node(gateway)).toBe("b");
});

test("trap 4: of two blocks built for one slot each goes to the node that built it", async () => {
  const gateway = await start([builds({ value: "9", state: "01" }), builds({ value: "5", state: "02" })]);
  expect(await node(gateway)).toBe("a");
  gateway.upstream.setView({ ready: ["b"], signingInputs: ["b"] });
  expect(await node(gateway)).toBe("b");
  gateway.upstream.setView({ ready: ["a", "b"], signingInputs: ["a", "b"] });
  expect((await publish(gateway, "/eth/v2/beacon/blinded_blocks", "01")).status).toBe(200);
  expect(posts(gateway)).toEqual([1, 0]);
});

test("trap 17: when publishing fails everywhere nothing is built anew, and the same block may be sent again", async () => {
  let isBroken = true;
  const flaky: FakeNode["answer"] = (request, response) =>
    request.method === "POST" && isBroken ? sendJson(response, {}, 500) : builds()(request, response);
  const gateway = await start([flaky, flaky]);
  await node(gateway);
  const built = gateway.nodes.map(({ requests }) => requests.length);
  expect((await publish(gateway, "/eth/v2/beacon/blocks")).status).toBe(500);
  expect(gateway.nodes.map(({ requests }) => requests.filter(({ method }) => method === "GET").length)).toEqual(built);
  isBroken = false;
  expect((await publish(gateway, "/eth/v2/beacon/blocks")).status).toBe(200);
});

test("trap 6: 202 wins and is not spread further; a 400 is not mixed with what other nodes say", async () => {
  const takes =
    (status: number): FakeNode["answer"] =>
    (request, response) =>
      request.method === "POST"
        ? sendJson(response, { code: status }, status)
        : builds({ value: "9" })(request, response);
  const gateway = await start([takes(202), takes(200)]);
  gateway.upstream.setView({ ready: ["a"], signingInputs: ["a"] });
  await node(gateway);
  gateway.upstream.setView({ ready: ["a", "b"], signingInputs: ["a", "b"] });
  const startedAt = performance.now();
  expect((await publish(gateway, "/eth/v2/beacon/blocks")).status).toBe(202);
  await expect.poll(() => performance.now() - startedAt, { timeout: 2_000 }).toBeGreaterThan(400);
  expect(posts(gateway)).toEqual([1, 0]);
  await under?.stop();

  const refusing = await start([takes(400), takes(500)]);
  expect((await publish(refusing, "/eth/v2/beacon/blocks")).status).toBe(400);
});

test("the validation that the client asks for is passed on", async () => {
  const gateway = await start([builds()]);
  const path = "/eth/v2/beacon/blocks?broadcast_validation=consensus_and_equivocation";
  await publish(gateway, path);
  expect(gateway.nodes[0]?.requests.at(-1)?.url).toBe(path);
});

test("trap 5: a stateful envelope goes to its creator alone, one with its blobs to everybody", async () => {
  const path = "/eth/v1/beacon/execution_payload_envelopes";
  const gateway = await start([builds({ value: "9" }), builds()]);
  await node(gateway);
  const envelope = (included: string) =>
    fetch(gateway.url + path, {
      method: "POST",
      body: JSON.stringify({ message: { slot }, signature: "0x" }),
      headers: { "content-type": "application/json", "eth-blob-data-included": included },
    });
  expect((await envelope("false")).status).toBe(200);
  expect(posts(gateway)).toEqual([1, 0]);
  expect((await envelope("true")).status).toBe(200);
  await expect.poll(() => posts(gateway)).toEqual([2, 1]);
});

test("trap 5: include_payload is never flipped, and the envelope is fetched where the block was built", async () => {
  const envelope: FakeNode["answer"] = (request, response) =>
    request.url.includes("envelopes") ? sendJson(response, { data: {} }) : builds({ value: "9" })(request, response);
  const gateway = await start([builds(), envelope]);
  const target = "/eth/v4/validator/blocks/32001?randao_reveal=0x00&include_payload=false";
  expect((await fetch(gateway.url + target)).headers.get("x-slotkeeper-node")).toBe("b");
  const urls = (seen: readonly SeenRequest[] | undefined) => seen?.map(({ url }) => url);
  expect(urls(gateway.nodes[0]?.requests)).toEqual([target]);
  const fetched = await fetch(`${gateway.url}/eth/v1/validator/execution_payload_envelopes/${slot}/${root("01")}`);
  expect(fetched.headers.get("x-slotkeeper-node")).toBe("b");
  expect(gateway.nodes[0]?.requests).toHaveLength(1);
});
