import { afterEach, expect, test } from "vitest";
import { startScripted, type Script } from "./source-fixture.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function start(...args: Parameters<typeof startScripted>) {
  const started = await startScripted(...args);
  ends.push(started.end);
  return started;
}

const { signal } = new AbortController();
const never = "18446744073709551615";
const pubkey = (index: number) => `0x${index.toString(16).padStart(96, "0")}`;

function record(index: number, status = "active_ongoing") {
  return {
    index: String(index),
    balance: String(32_000_000_000 + index),
    status,
    validator: {
      pubkey: pubkey(index).toUpperCase().replace("0X", "0x"),
      withdrawal_credentials: `0x02${"00".repeat(11)}${"AB".repeat(20)}`,
      effective_balance: "32000000000",
      slashed: status === "active_slashed",
      activation_eligibility_epoch: "1",
      activation_epoch: status === "pending_queued" ? never : "3",
      exit_epoch: status === "active_exiting" ? "9" : never,
      withdrawable_epoch: never,
    },
  };
}

const path = "/eth/v1/beacon/states/40/validators";
const listOf = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

test("a record is read with its words, its epochs and its credentials' kind", async () => {
  const { source, nodes } = await start([
    () => ({
      body: {
        finalized: true,
        data: [record(7, "active_exiting"), record(8, "pending_queued"), record(9, "some_new_one")],
      },
    }),
  ]);
  const result = await source.validators("40", ["7", pubkey(8), "9"], {}, signal);
  expect(result).toMatchObject({ ok: true, finalized: true });
  expect(result.ok && result.value).toEqual([
    {
      index: 7,
      pubkey: pubkey(7),
      status: "active_exiting",
      balance: 32_000_000_007,
      effectiveBalance: 32_000_000_000,
      slashed: false,
      activationEpoch: 3,
      exitEpoch: 9,
      credentialType: 2,
    },
    expect.objectContaining({ index: 8, activationEpoch: undefined, exitEpoch: undefined }),
    expect.objectContaining({ index: 9, status: "some_new_one" }),
  ]);
  expect(nodes[0]).toMatchObject({ asked: [`POST ${path}`], bodies: [{ ids: ["7", pubkey(8), "9"] }] });
});

test("who is left out by status is asked to be, and is left out of the answer of a node that knows no such filter", async () => {
  const { source, nodes } = await start([
    () => ({ body: { data: [record(1), record(2, "active_slashed"), record(3)] } }),
  ]);
  const result = await source.validators("40", ["1", "2", "3"], { withoutStatus: "active_ongoing" }, signal);
  expect(result).toMatchObject({ ok: true, value: [{ index: 2, slashed: true }] });
  const { statuses } = nodes[0]?.bodies[0] as { statuses: string[] };
  expect(statuses).toHaveLength(8);
  expect(statuses).not.toContain("active_ongoing");
});

test("strangers and doubles in an answer are left out", async () => {
  const { source } = await start([() => ({ body: { data: [record(1), record(2), record(1)] } })]);
  expect(await source.validators("40", ["1"], {}, signal)).toMatchObject({ ok: true, value: [{ index: 1 }] });
});

/** As Lodestar 1.5.1: no POST, and repeated ids only. */
const old: Script = ({ method, query }) =>
  method === "POST" ? { status: 404 } : { body: { data: query.getAll("id").map((id) => record(Number(id))) } };

test("a node without the POST is asked by URLs below 8 kB, and from then on only so", async () => {
  const { source, nodes } = await start([old]);
  const ids = listOf(2000).map(String);
  const first = await source.validators("40", ids, { withoutStatus: "active_exiting" }, signal);
  expect(first.ok && first.value.map(({ index }) => index)).toEqual(listOf(2000));
  const asked = nodes[0]?.asked ?? [];
  expect(asked[0]).toBe(`POST ${path}`);
  expect(asked.length).toBeGreaterThan(2);
  for (const one of asked) expect(one.length).toBeLessThan(8000);
  expect(asked[1]).toMatch(/\?id=0&id=1&.*&status=pending_initialized&status=/);

  const before = asked.length;
  await source.validators("40", ["5"], {}, signal);
  expect(asked.slice(before)).toEqual([`GET ${path}?id=5`]);
});

test("so many ids that everybody is cheaper ask for everybody", async () => {
  const { source, nodes } = await start([
    ({ method }) => (method === "POST" ? { status: 405 } : { body: { data: [record(1), record(99_999_999)] } }),
  ]);
  const ids = listOf(60_000, 1).map(String);
  expect(await source.validators("40", ids, {}, signal)).toMatchObject({ ok: true, value: [{ index: 1 }] });
  expect(nodes[0]?.asked).toEqual([`POST ${path}`, `GET ${path}`]);
});

test("everybody is everybody; nobody asks nothing", async () => {
  const { source, nodes } = await start([() => ({ body: { data: [record(1), record(2)] } })]);
  expect(await source.validators("head", undefined, {}, signal)).toMatchObject({
    ok: true,
    value: [{ index: 1 }, { index: 2 }],
  });
  expect(await source.validators("head", [], {}, signal)).toMatchObject({ ok: true, value: [] });
  expect(nodes[0]?.asked).toEqual(["GET /eth/v1/beacon/states/head/validators"]);
});

test("more than one body's ids are asked in turn, of one node", async () => {
  const { source, nodes } = await start([
    ({ body }) => ({
      body: {
        finalized: (body as { ids: string[] }).ids[0] === "0",
        data: [record(Number((body as { ids: string[] }).ids[0]))],
      },
    }),
  ]);
  const result = await source.validators("40", listOf(100_001).map(String), {}, signal);
  expect(result).toMatchObject({ ok: true, finalized: false, value: [{ index: 0 }, { index: 100_000 }] });
  expect(nodes[0]?.asked).toHaveLength(2);
});

test("a lost state is 404, whichever way it is asked for", async () => {
  const { source } = await start([() => ({ status: 404 })]);
  expect(await source.validators("40", ["1"], {}, signal)).toMatchObject({ ok: false, failure: { status: 404 } });
  expect(await source.balances("40", Uint32Array.of(1), signal)).toMatchObject({ ok: false, failure: { status: 404 } });
});

test.each([
  ["a negative balance", { ...record(1), balance: "-1" }, /unsigned integer/],
  ["a short key", { ...record(1), validator: { ...record(1).validator, pubkey: "0x12" } }, /48 bytes as hex/],
  ["no inner record", { ...record(1), validator: {} }, /whole validator/],
  ["a number beyond 2^53", { ...record(1), balance: "9007199254740993" }, /below 2\^53/],
  ["a word for a flag", { ...record(1), validator: { ...record(1).validator, slashed: "no" } }, /true or false/],
  ["a status with an escape too long", { ...record(1), status: "x".repeat(50) }, /at most 40/],
])("a record with %s is refused", async (_, bad, message) => {
  const { source } = await start([() => ({ body: { data: [bad] } })]);
  const result = await source.validators("40", ["1"], {}, signal);
  expect(!result.ok && result.failure.message).toMatch(message);
});

test("an answer far beyond what was asked for is refused by its size", async () => {
  const { source } = await start([() => ({ body: { data: listOf(1000).map((i) => record(i)) } })]);
  expect(await source.validators("40", ["1"], {}, signal)).toMatchObject({ ok: false, failure: { kind: "too-large" } });
});

test("balances come in the order of the indices, from JSON and from SSZ, NaN for strangers", async () => {
  const ssz = Buffer.alloc(48);
  [3, 300, 1, 100, 9, 900].forEach((value, i) => ssz.writeBigUInt64LE(BigInt(value), i * 8));
  const json = {
    data: [
      [3, 300],
      [1, 100],
      [9, 900],
    ].map(([index, balance]) => ({ index: String(index), balance: String(balance) })),
  };
  for (const body of [ssz, json]) {
    const { source, nodes } = await start([() => ({ body })]);
    const result = await source.balances("40", Uint32Array.of(1, 2, 3), signal);
    expect(result).toMatchObject({ ok: true, value: Float64Array.of(100, NaN, 300) });
    expect(nodes[0]).toMatchObject({
      asked: ["POST /eth/v1/beacon/states/40/validator_balances"],
      bodies: [["1", "2", "3"]],
    });
  }
  const { source } = await start([() => ({ body: ssz.subarray(0, 40) })]);
  expect(await source.balances("40", Uint32Array.of(1), signal)).toMatchObject({
    ok: false,
    failure: { kind: "wrong-shape" },
  });
});

test("balances of a node without the POST come by URL", async () => {
  const { source, nodes } = await start([
    ({ method, query }) =>
      method === "POST"
        ? { status: 404 }
        : { body: { data: query.getAll("id").map((index) => ({ index, balance: "5" })) } },
  ]);
  expect(await source.balances("40", Uint32Array.of(4, 2), signal)).toMatchObject({
    ok: true,
    value: Float64Array.of(5, 5),
  });
  expect(nodes[0]?.asked[1]).toBe("GET /eth/v1/beacon/states/40/validator_balances?id=4&id=2");
});

test("a node that takes indices for keys, and so finds no balance, is asked for everybody's", async () => {
  const { source, nodes } = await start([
    ({ method, query }) => {
      if (method === "POST") return { status: 404 };
      return { body: { data: query.has("id") ? [] : [2, 4, 6].map((index) => ({ index, balance: String(index) })) } };
    },
  ]);
  expect(await source.balances("40", Uint32Array.of(4, 2), signal)).toMatchObject({
    ok: true,
    value: Float64Array.of(4, 2),
  });
  expect(nodes[0]?.asked.slice(1)).toEqual([
    "GET /eth/v1/beacon/states/40/validator_balances?id=4&id=2",
    "GET /eth/v1/beacon/states/40/validator_balances",
  ]);
});

const parts = (head: number) => ({
  head: String(head),
  target: "20",
  source: "-30",
  inclusion_delay: "0",
  inactivity: "0",
});

test("rewards carry the ideal of the effective balance that the validator had", async () => {
  const { source, nodes } = await start([
    () => ({
      body: {
        finalized: false,
        data: {
          ideal_rewards: [
            { effective_balance: "32000000000", ...parts(10) },
            { effective_balance: "64000000000", ...parts(20) },
          ],
          total_rewards: [
            { validator_index: "9", ...parts(0) },
            { validator_index: "4", ...parts(20), inactivity: "-7" },
            { validator_index: "5", head: 1, target: 2, source: 3 },
            { validator_index: "4", ...parts(99) },
          ],
        },
      },
    }),
  ]);
  const balances = [32_000_000_000, 64_000_000_000, 31_000_000_000];
  const result = await source.attestationRewards(6, Uint32Array.of(4, 9, 5), signal, balances);
  expect(result).toMatchObject({ ok: true, finalized: false });
  expect(result.ok && result.value).toEqual([
    { index: 9, head: 0, target: 20, source: -30, inactivity: 0, ideal: { head: 20, target: 20, source: -30 } },
    { index: 4, head: 20, target: 20, source: -30, inactivity: -7, ideal: { head: 10, target: 20, source: -30 } },
    { index: 5, head: 1, target: 2, source: 3, inactivity: 0, ideal: undefined },
  ]);
  expect(nodes[0]).toMatchObject({ asked: ["POST /eth/v1/beacon/rewards/attestations/6"], bodies: [["4", "9", "5"]] });
  const without = await source.attestationRewards(6, Uint32Array.of(4), signal);
  expect(without).toMatchObject({ ok: true, value: [{ index: 4, ideal: undefined }] });
});

test("nobody's rewards ask nothing: an empty list would mean everybody", async () => {
  const { source, nodes } = await start([() => ({ status: 500 })]);
  expect(await source.attestationRewards(6, new Uint32Array(), signal)).toMatchObject({ ok: true, value: [] });
  expect(nodes[0]?.asked).toEqual([]);
});

test("rewards without a part are refused", async () => {
  const { source } = await start([
    () => ({
      body: { data: { ideal_rewards: [], total_rewards: [{ validator_index: "1", head: "1", target: "2" }] } },
    }),
  ]);
  expect(await source.attestationRewards(6, Uint32Array.of(1), signal)).toMatchObject({
    ok: false,
    failure: { kind: "wrong-shape" },
  });
});

test("sync rewards are summed by validator, penalties included; a block's reward is its total", async () => {
  const root = `0x${"ab".repeat(32)}`;
  const { source, nodes } = await start([
    ({ path: asked }) =>
      asked.includes("sync_committee")
        ? {
            body: {
              data: [
                { validator_index: "1", reward: "5" },
                { validator_index: "2", reward: "-5" },
                { validator_index: "1", reward: "5" },
              ],
            },
          }
        : { body: { data: { proposer_index: "1", total: "77", attestations: "70" } } },
  ]);
  expect(await source.syncRewards(root, signal)).toMatchObject({
    ok: true,
    value: new Map([
      [1, 10],
      [2, -5],
    ]),
  });
  expect(await source.blockReward(root, signal)).toMatchObject({ ok: true, value: 77 });
  expect(nodes[0]?.asked).toEqual([
    `POST /eth/v1/beacon/rewards/sync_committee/${root}`,
    `GET /eth/v1/beacon/rewards/blocks/${root}`,
  ]);
});
