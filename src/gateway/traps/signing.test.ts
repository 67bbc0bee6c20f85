import { afterEach, expect, test } from "vitest";
import { attestationJson, attestationPath } from "../testing/attestation-answers.ts";
import { sendJson, type FakeNode } from "../testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

/** Traps 9, 10 and 15: what validators sign over, and the view it belongs to. */

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

async function start(...nodes: FakeNode["answer"][]): Promise<TestGateway> {
  under = await startTestGateway({ nodes });
  return under;
}

const root = (byte: string) => `0x${byte.repeat(32)}`;
const asked = (gateway: TestGateway) => gateway.nodes.map(({ requests }) => requests.length);

/** Attestation data on the head that the node has. */
const votesFor =
  (head: () => string): FakeNode["answer"] =>
  (_request, response) =>
    sendJson(response, attestationJson({ head: head() }));

test("trap 9: 503 of a node whose head is optimistic, and an answer marked so, send the question to the next node", async () => {
  const optimistic: FakeNode["answer"] = (_request, response) =>
    sendJson(response, { code: 503, message: "head is optimistic" }, 503);
  const marked: FakeNode["answer"] = (_request, response) =>
    sendJson(response, { ...attestationJson(), execution_optimistic: true });
  const gateway = await start(
    optimistic,
    marked,
    votesFor(() => "aa"),
  );
  const answer = await fetch(gateway.url + attestationPath);
  expect([answer.status, answer.headers.get("x-slotkeeper-node")]).toEqual([200, "c"]);
});

test("trap 9: the answer of the old head ends with it, and the next is asked of a node that holds the new one", async () => {
  let headOfB = "aa";
  const gateway = await start(
    votesFor(() => "aa"),
    votesFor(() => headOfB),
  );
  const vote = async () => {
    const answer = await fetch(gateway.url + attestationPath);
    return ((await answer.json()) as { data: { beacon_block_root: string } }).data.beacon_block_root;
  };
  expect([await vote(), await vote()]).toEqual([root("aa"), root("aa")]);
  expect(asked(gateway)).toEqual([1, 0]);
  headOfB = "d1";
  const head = { slot: 32_001, root: root("d1") };
  gateway.upstream.patchStatus("b", { head });
  gateway.upstream.setView({ head });
  expect([await vote(), await vote()]).toEqual([root("d1"), root("d1")]);
  expect(asked(gateway)).toEqual([1, 1]);
});

test("trap 10: 404 says that there is no aggregate at this node: it is told only when no node has one", async () => {
  const none: FakeNode["answer"] = (_request, response) => sendJson(response, { code: 404, message: "none" }, 404);
  const broken: FakeNode["answer"] = (_request, response) => sendJson(response, { code: 500 }, 500);
  const held: (() => void)[] = [];
  const late: FakeNode["answer"] = (_request, response) =>
    void held.push(() => sendJson(response, { data: { aggregation_bits: "0x03" } }));
  const gateway = await start(none, none, late);
  const path = `${gateway.url}/eth/v2/validator/aggregate_attestation?slot=32000`;
  const answer = fetch(path);
  await expect.poll(() => held.length).toBe(1);
  for (const release of held) release();
  expect((await answer).headers.get("x-slotkeeper-node")).toBe("c");
  (gateway.nodes[2] as FakeNode).answer = broken;
  expect((await fetch(path)).status).toBe(404);
  expect(asked(gateway)).toEqual([2, 2, 2]);
});

const dependent =
  (byte: string): FakeNode["answer"] =>
  (_request, response) =>
    sendJson(response, { dependent_root: root(byte), execution_optimistic: false, data: [] });

async function roots(gateway: TestGateway, count: number): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let poll = 0; poll < count; poll++) {
    const answer = await fetch(`${gateway.url}/eth/v1/validator/duties/attester/1001`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // Other validators each time: nothing comes from memory.
      body: JSON.stringify([String(poll), String(gateway.upstream.view().generation)]),
    });
    seen.add(((await answer.json()) as { dependent_root: string }).dependent_root);
  }
  return seen;
}

test("trap 15: duties come from the branch of the view alone, so that the dependent root never flips between polls", async () => {
  const gateway = await start(dependent("e1"), dependent("e2"), dependent("e1"));
  gateway.upstream.setView({ ready: ["a", "c"], signingInputs: ["a", "c"] });
  expect(await roots(gateway, 5)).toEqual(new Set([root("e1")]));
  // The one that served dies: the node of the other branch does not step in, the other one of this branch does.
  (gateway.nodes[0] as FakeNode).answer = (_request, response) => void response.socket?.destroy();
  expect(await roots(gateway, 5)).toEqual(new Set([root("e1")]));
  // With both gone a failure is told: clients ask again, while another branch's duties would be acted upon.
  const nodeC = gateway.nodes[2] as FakeNode;
  nodeC.answer = (gateway.nodes[0] as FakeNode).answer;
  const path = `${gateway.url}/eth/v1/validator/duties/attester/1001`;
  expect((await fetch(path, { method: "POST", body: '["99"]' })).status).toBe(502);
  expect(asked(gateway)[1]).toBe(0);
  // The view switches: from then on all of them are the other branch's.
  gateway.upstream.setView({ ready: ["b"], signingInputs: ["b"], head: { slot: 32_001, root: root("d2") } });
  expect(await roots(gateway, 5)).toEqual(new Set([root("e2")]));
});
