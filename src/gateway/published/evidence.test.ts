import { afterEach, expect, test } from "vitest";
import type { EvidenceRecord } from "../../control/types.ts";
import { attestationJson, attestationPath } from "../testing/attestation-answers.ts";
import { sendJson, type FakeNode } from "../testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

let gateway: TestGateway;
afterEach(() => gateway.stop());

const slot = 32_000;
const root = (byte: string) => `0x${byte.repeat(32)}`;
const vote = (attester: number, head = "aa") => ({
  committee_index: "0",
  attester_index: String(attester),
  data: {
    ...{ slot: String(slot), index: "0", beacon_block_root: root(head) },
    source: { epoch: "999", root: root("bb") },
    target: { epoch: "1000", root: root("cc") },
  },
  signature: `0x${"11".repeat(96)}`,
});

const takes: FakeNode["answer"] = (_request, response) => response.writeHead(200).end();
async function start(...nodes: FakeNode["answer"][]): Promise<void> {
  gateway = await startTestGateway({ nodes });
}
function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(gateway.url + path, {
    method: "POST",
    body: body instanceof Uint8Array ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", "eth-consensus-version": "electra", ...headers },
  });
}
const last = (): EvidenceRecord | undefined => gateway.evidence.readAfter(0).items.at(-1)?.item;
const pool = "/eth/v2/beacon/pool/attestations";

test("published attestations: who voted for what, one entry for all who say the same", async () => {
  await start(takes);
  await post(pool, [vote(7), vote(8), vote(9, "dd")]);
  const target = { epoch: 1000, root: root("cc") };
  expect(last()?.published).toEqual({
    kind: "attestation",
    unlisted: 0,
    votes: [
      { slot, headRoot: root("aa"), target, signers: [7, 8] },
      { slot, headRoot: root("dd"), target, signers: [9] },
    ],
  });
});

test("before Electra a vote is known by slot, committee and position; what cannot be read is counted", async () => {
  await start(takes);
  const { data, signature } = vote(0);
  const old = { aggregation_bits: "0x24", data: { ...data, index: "3" }, signature };
  await post(pool, [old, { odd: true }], { "eth-consensus-version": "deneb" });
  expect(last()?.published).toMatchObject({ unlisted: 1, votes: [{ slot, signers: [`${slot}/3/2`] }] });
});

test("what the tripwire keeps back and what every node refuses is told with its signer and the words", async () => {
  await start((_request, response) =>
    sendJson(response, { code: 400, message: "some failed", failures: [{ index: 0, message: "unknown head" }] }, 400),
  );
  await post(pool, [vote(7), vote(8)]);
  expect(last()).toMatchObject({ status: 400, published: { refused: [{ signer: 7, words: "unknown head" }] } });
  expect(last()?.answers).toMatchObject([{ node: "a", status: 400, words: "unknown head" }]);
  await post(pool, [vote(8, "dd")]);
  expect(last()?.published?.refused?.[0]).toMatchObject({
    signer: 8,
    words: expect.stringMatching(/^double-vote/) as string,
  });
});

test("sync messages, JSON and SSZ", async () => {
  await start(takes);
  const message = { slot: String(slot), beacon_block_root: root("AA"), validator_index: "5", signature: "0x" };
  const path = "/eth/v1/beacon/pool/sync_committees";
  await post(path, [message, { ...message, validator_index: "6" }]);
  const votes = [{ slot, headRoot: root("aa"), signers: [5, 6] }];
  expect(last()?.published).toEqual({ kind: "sync-message", unlisted: 0, votes });
  const ssz = Buffer.alloc(288);
  for (const [place, index] of [5, 6].entries()) {
    ssz.writeBigUInt64LE(BigInt(slot), place * 144);
    ssz.fill(0xaa, place * 144 + 8, place * 144 + 40);
    ssz.writeBigUInt64LE(BigInt(index), place * 144 + 40);
  }
  await post(path, new Uint8Array(ssz), { "content-type": "application/octet-stream" });
  expect(last()?.published).toEqual({ kind: "sync-message", unlisted: 0, votes });
});

test("a block, and one that is refused as a second for its slot", async () => {
  await start(takes);
  const message = {
    slot: String(slot),
    proposer_index: "4",
    parent_root: root("aa"),
    state_root: root("bb"),
    body: {},
  };
  await post("/eth/v2/beacon/blocks", { message, signature: "0x11" });
  const votes = [{ slot, headRoot: root("aa"), signers: [4] }];
  expect(last()?.published).toEqual({ kind: "block", unlisted: 0, votes });
  await post("/eth/v2/beacon/blocks", { message: { ...message, state_root: root("cc") }, signature: "0x22" });
  expect(last()).toMatchObject({ status: 400, refusal: { reason: "double-proposal" }, published: { votes } });
});

test("committee subscriptions name whose keys a client holds", async () => {
  await start(takes);
  const item = { committee_index: "1", committees_at_slot: "2", slot: String(slot), is_aggregator: false };
  const items = ["3", "4"].map((index) => ({ validator_index: index, ...item }));
  await post("/eth/v1/validator/beacon_committee_subscriptions", items);
  expect(last()?.published).toEqual({ kind: "subscription", unlisted: 0, votes: [{ slot, signers: [3, 4] }] });
});

test("attestation data: for which slot, and the head that its signers vote for, from the node and from memory", async () => {
  await start((_request, response) => sendJson(response, attestationJson()));
  for (let time = 0; time < 3; time++) await (await fetch(gateway.url + attestationPath)).text();
  const records = gateway.evidence.readAfter(0).items.map(({ item }) => item);
  expect(records).toHaveLength(3);
  for (const record of records) expect(record).toMatchObject({ forSlot: slot, servedHeadRoot: root("aa") });
});

test("what the gateway itself refuses is told with its reason", async () => {
  await start(takes);
  gateway.gateway.safety.hold("split", "alice");
  await (await fetch(`${gateway.url}/eth/v3/validator/blocks/${slot}?randao_reveal=0x`)).text();
  expect(last()).toMatchObject({ status: 503, forSlot: slot, refusal: { reason: "held", detail: "by alice: split" } });
});
