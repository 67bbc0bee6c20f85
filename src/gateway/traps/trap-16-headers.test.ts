import { afterEach, expect, test } from "vitest";
import type { Network } from "../../upstream/types.ts";
import { sendJson, type FakeNode } from "../testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

/** What headers say of blocks; how they pass through is in `stranger-forms.test.ts`. */

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

const slot = "32001";
const produce = `/eth/v3/validator/blocks/${slot}?randao_reveal=0x00`;
const builds =
  (headers: Record<string, string>, extra: Record<string, unknown> = {}): FakeNode["answer"] =>
  (_request, response) =>
    sendJson(
      response,
      { version: "fulu", ...extra, data: { slot, proposer_index: "4", parent_root: `0x${"aa".repeat(32)}` } },
      200,
      { "eth-consensus-version": "fulu", "eth-execution-payload-blinded": "false", ...headers },
    );

const worth = (payload: string, consensus = "0") => ({
  "eth-execution-payload-value": payload,
  "eth-consensus-block-value": consensus,
});

async function chosen(...nodes: FakeNode["answer"][]): Promise<string | null> {
  under ??= await startTestGateway({ nodes });
  return (await fetch(under.url + produce)).headers.get("x-slotkeeper-node");
}

test("trap 16: values of wei do not fit a number: they are compared whole", async () => {
  expect(
    await chosen(builds(worth("90071992547409930000000000000001")), builds(worth("90071992547409930000000000000002"))),
  ).toBe("b");
});

test("trap 16: an empty value (Prysm) is unknown, not nothing: it never costs the block, nor wins against a known one", async () => {
  expect(await chosen(builds(worth("", "")), builds(worth("1")))).toBe("b");
  await under?.stop();
  under = undefined;
  expect(await chosen(builds(worth("", "")), builds({}))).toBe("a");
});

test("trap 16: on Gnosis the two values are in different tokens: the group's order decides", async () => {
  under = await startTestGateway({ nodes: [builds(worth("1")), builds(worth("9"))] });
  const network = under.upstream.network() as Network;
  expect(await chosen()).toBe("b");
  for (const spec of [{ presetBase: "gnosis" }, { configName: "chiado" }]) {
    under.upstream.setNetwork({ ...network, spec: { ...network.spec, ...spec } });
    expect(await chosen()).toBe("a");
  }
});

test("trap 16: what was sent is kept until a node has taken it: one that dies at it, one without the type, one that takes it", async () => {
  const dies: FakeNode["answer"] = (_request, response) => void response.socket?.destroy();
  const cannot: FakeNode["answer"] = (_request, response) => sendJson(response, { code: 415 }, 415);
  const gateway = (under = await startTestGateway({
    nodes: [dies, cannot, (_request, response) => sendJson(response, { data: [] })],
  }));
  const body = JSON.stringify(Array.from({ length: 5_000 }, (_, index) => String(index)));
  const answer = await fetch(`${gateway.url}/eth/v1/validator/duties/attester/1000`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect([answer.status, answer.headers.get("x-slotkeeper-node")]).toEqual([200, "c"]);
  expect(gateway.nodes.map(({ requests }) => requests.at(-1)?.body === body)).toEqual([true, true, true]);
});
