import { afterEach, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

const path = "/eth/v2/validator/aggregate_and_proofs";
type HeadersOf = (index: number) => Record<string, string>;
interface Sent {
  status: number;
  text: string;
}

/** A gateway whose turn of the event loop lasts until the test ends it, so that it is known what comes together. */
async function start(...nodes: FakeNode["answer"][]) {
  const waiting: (() => void)[] = [];
  const clock = { ...systemClock, soon: (run: () => void) => void waiting.push(run) };
  const gateway = (under = await startTestGateway({ nodes, clock }));
  return {
    gateway,
    /** Sends bodies, each from a client of its own; all of them have arrived before the first goes out. */
    async together(bodies: readonly string[], headersOf: HeadersOf = () => ({})): Promise<Sent[]> {
      const arrived = () => gateway.gateway.stats().inFlight + gateway.gateway.stats().total;
      const calls = bodies.map(async (body, index) => {
        const answer = await fetch(gateway.url + path, {
          method: "POST",
          body,
          headers: { "content-type": "application/json", "eth-consensus-version": "electra", ...headersOf(index) },
        });
        return { status: answer.status, text: await answer.text() };
      });
      await expect.poll(arrived).toBe(bodies.length);
      for (const run of waiting.splice(0)) run();
      return Promise.all(calls);
    },
  };
}

const ok: FakeNode["answer"] = (_q, response) => response.writeHead(200).end();
/** Refuses the items that say so, by place, as the Beacon API has it. */
const strict: FakeNode["answer"] = ({ body }, response) => {
  const items = JSON.parse(body) as { bad?: true }[];
  const failures = items.flatMap((item, index) => (item.bad ? [{ index, message: "bad" }] : []));
  if (failures.length === 0) response.writeHead(200).end();
  else sendJson(response, { code: 400, message: "some failed", failures }, 400);
};
/** Says only that something was wrong, as some nodes do. */
const vague: FakeNode["answer"] = ({ body }, response) => {
  if (body.includes("bad")) sendJson(response, { code: 500, message: "publishing failed" }, 500);
  else response.writeHead(200).end();
};
const bodiesAt = (gateway: TestGateway, node: number) => gateway.nodes[node]?.requests.map(({ body }) => body).sort();

test("what many clients publish in the same moment goes to each node in one call, item by item", async () => {
  const { gateway, together } = await start(ok, ok);
  const answers = await together(['[{"a":1}]', '[{"a":2},{"a":3}]', '[{"a":4}]']);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  await expect.poll(() => gateway.nodes.map(({ requests }) => requests.length)).toEqual([1, 1]);
  const merged = JSON.parse(gateway.nodes[0]?.requests[0]?.body ?? "") as { a: number }[];
  expect(merged.map(({ a }) => a).sort()).toEqual([1, 2, 3, 4]);
  expect(gateway.nodes[0]?.requests[0]?.headers["eth-consensus-version"]).toBe("electra");
  const { items } = gateway.evidence.readAfter(0);
  expect(items.map(({ item }) => item.answers.map(({ node }) => node).includes(item.node ?? ""))).toEqual([
    true,
    true,
    true,
  ]);
  expect(new Set(items.map(({ item }) => item.requestId)).size).toBe(3);
  expect(await gateway.metrics.metrics()).toContain('merged_publishes_total{group="test"} 3');
});

test("a refused item goes back to its client by its own place, and nobody else hears of it", async () => {
  const { together } = await start(strict);
  const answers = await together(['[{"a":1}]', '[{"a":2},{"bad":true}]', '[{"a":4}]']);
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 200]);
  expect(JSON.parse(answers[1]?.text ?? "")).toMatchObject({ failures: [{ index: 1, message: "bad" }] });
});

test("an item that one node took is published, whatever another said of it", async () => {
  const { together } = await start(strict, ok);
  const answers = await together(['[{"a":1}]', '[{"bad":true}]']);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test("where a node does not say whose item was wrong, each client is served by a call of its own", async () => {
  const { gateway, together } = await start(vague);
  const answers = await together(['[{"a":1}]', '[{"bad":true}]', '[{"a":4}]']);
  expect(answers.map(({ status }) => status)).toEqual([200, 500, 200]);
  expect(gateway.nodes[0]?.requests).toHaveLength(4);
  expect(bodiesAt(gateway, 0)?.slice(0, 3)).toEqual(expect.arrayContaining(['[{"a":1}]']) as unknown);
});

test("what is no list of items goes alone, and costs nobody else anything", async () => {
  const { gateway, together } = await start(vague);
  const odd = ['[{"bad":1}', '[{"x":"]', '["}]', "[]", '{"a":1}', "[{}],[{}]", "[1] "];
  const answers = await together([...odd, '[{"a":1}]', '[{"a":2}]']);
  expect(answers.slice(-2).map(({ status }) => status)).toEqual([200, 200]);
  const seen = gateway.nodes[0]?.requests.map(({ body }) => body) ?? [];
  expect(seen).toHaveLength(odd.length + 1);
  for (const body of odd) expect(seen).toContain(body);
});

test("other forks and other forms are not merged with each other", async () => {
  const { gateway, together } = await start(ok);
  const kinds = [{}, { "eth-consensus-version": "fulu" }, { "content-type": "application/octet-stream" }];
  await together(
    Array.from({ length: 6 }, (_, index) => `[{"a":${index}}]`),
    (index) => kinds[index % 3] ?? {},
  );
  // Two pairs in one call each, and what is no JSON, each alone.
  expect(bodiesAt(gateway, 0)).toHaveLength(4);
});

test("a batch is bounded in members and bytes", async () => {
  const { gateway, together } = await start(ok);
  const many = Array.from({ length: 130 }, (_, index) => `[{"a":${index}}]`);
  const answers = await together(many);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const sizes = gateway.nodes[0]?.requests.map(({ body }) => (JSON.parse(body) as unknown[]).length);
  expect(sizes?.sort((a, b) => a - b)).toEqual([2, 64, 64]);
});

test("a node that is vague is not asked again where another one has taken everything", async () => {
  const slow: FakeNode["answer"] = (_q, response) => void setTimeout(() => response.writeHead(200).end(), 100);
  const known: FakeNode["answer"] = (_q, response) =>
    sendJson(response, { code: 500, message: "SYNC_COMMITTEE_ERROR_AGGREGATOR_ALREADY_KNOWN" }, 500);
  const { gateway, together } = await start(known, slow);
  const answers = await together(['[{"a":1}]', '[{"a":2}]']);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(gateway.nodes.map(({ requests }) => requests.length)).toEqual([1, 1]);
});

test("a vague node and one that refuses by item: each client hears what both say of its own items", async () => {
  const { gateway, together } = await start(vague, strict);
  const answers = await together(['[{"a":1}]', '[{"bad":true},{"a":2}]', '[{"a":3}]']);
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 200]);
  expect(JSON.parse(answers[1]?.text ?? "")).toMatchObject({ failures: [{ index: 0 }] });
  expect(gateway.nodes.map(({ requests }) => requests.length)).toEqual([2, 1]);
});
