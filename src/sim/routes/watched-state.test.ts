import { afterEach, expect, test } from "vitest";
import { createFakeClock } from "../../lib/fake-clock.ts";
import type { SimChainOptions } from "../chain/types.ts";
import { createSimChain } from "../create-sim-chain.ts";
import type { SimNodeQuirks } from "../node/types.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../start-sim-beacon-node.ts";
import { messyBalance, messyScript } from "../testing/messy-script.ts";

const genesisTimeMs = 1_700_000_000_000;
const open: SimBeaconNode[] = [];

afterEach(async () => void (await Promise.all(open.splice(0).map((node) => node.stop()))));

async function startAt(slot: number, options: Partial<SimChainOptions> = {}, quirks: Partial<SimNodeQuirks> = {}) {
  const clock = createFakeClock(genesisTimeMs + (slot + 0.5) * 12_000);
  const chain = createSimChain({ seed: "state", slotDurationMs: 12_000, genesisTimeMs, validators: 64, ...options });
  const node = await startSimBeaconNode({ chain, clock, name: "a", quirks });
  open.push(node);
  const ask = async (path: string, body?: unknown, accept = "application/json") => {
    const answer = await fetch(`${node.url}/eth${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { accept, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isJson = answer.headers.get("content-type") === "application/json";
    return {
      status: answer.status,
      bytes,
      json: isJson ? (JSON.parse(bytes.toString()) as { data: unknown }) : undefined,
    };
  };
  const data = async <T>(path: string, body?: unknown) => (await ask(path, body)).json?.data as T;
  return { clock, chain, node, ask, data };
}

type Balances = { index: string; balance: string }[];
type Rewards = {
  ideal_rewards: { effective_balance: string; head: string; target: string; source: string }[];
  total_rewards: { validator_index: string; head: string; target: string; source: string; inactivity: string }[];
};

test("attestation rewards are what balances move by when the next epoch ends, and ideal where nothing was missed", async () => {
  // The first slot of epoch 7 is empty: its state is the last block's with the epoch ended, and nothing else.
  const options = { missedSlots: (slot: number) => slot === 56, startBalance: messyBalance, duties: messyScript("r") };
  const { data } = await startAt(90, options);
  const before = await data<Balances>("/v1/beacon/states/55/validator_balances");
  const after = await data<Balances>("/v1/beacon/states/56/validator_balances");
  const { total_rewards: total, ideal_rewards: ideal } = await data<Rewards>("/v1/beacon/rewards/attestations/5", []);

  const moved = after.map(({ balance }, index) => Number(balance) - Number(before[index]?.balance));
  const sums = total.map((row) =>
    [row.head, row.target, row.source, row.inactivity].reduce((sum, one) => sum + Number(one), 0),
  );
  expect(sums).toEqual(moved);
  expect(ideal).toHaveLength(2048);
  const records = await data<{ validator: { effective_balance: string } }[]>("/v1/beacon/states/55/validators", {});
  const perfect = total.filter(({ head }) => Number(head) > 0);
  expect(perfect.length).toBeGreaterThan(10);
  for (const row of perfect) {
    const effective = records[Number(row.validator_index)]?.validator.effective_balance;
    const best = ideal.find(({ effective_balance }) => effective_balance === effective);
    expect([row.head, row.target, row.source]).toEqual([best?.head, best?.target, best?.source]);
  }
});

test("block and sync rewards are what balances move by in that block", async () => {
  const { chain, data } = await startAt(90, { duties: messyScript("b"), forks: { bellatrix: 0 } });
  const block = chain.headAt(60);
  const parent = chain.headAt(block.slot - 1);
  const read = (slot: number) => data<Balances>(`/v1/beacon/states/${slot}/validator_balances`);
  const [before, after] = [await read(parent.slot), await read(block.slot)];
  const sync = await data<{ validator_index: string; reward: string }[]>(
    `/v1/beacon/rewards/sync_committee/${block.root}`,
    [],
  );
  const own = await data<{ proposer_index: string; total: string }>(`/v1/beacon/rewards/blocks/${block.root}`);

  const earned = new Map(sync.map((row) => [Number(row.validator_index), Number(row.reward)]));
  const proposer = Number(own.proposer_index);
  earned.set(proposer, (earned.get(proposer) ?? 0) + Number(own.total));
  expect(chain.epochOf(parent.slot)).toBe(chain.epochOf(block.slot));
  expect(after.map(({ balance }, index) => Number(balance) - Number(before[index]?.balance))).toEqual(
    before.map((_, index) => earned.get(index) ?? 0),
  );
});

test("rewards of an epoch are 404 until the next one has ended", async () => {
  const { ask, clock } = await startAt(62);
  expect((await ask("/v1/beacon/rewards/attestations/6", ["1"])).status).toBe(404);
  await clock.advance(12_000);
  expect((await ask("/v1/beacon/rewards/attestations/6", ["1"])).status).toBe(200);
});

test("SSZ answers say what the JSON ones say", async () => {
  const { ask, data, chain } = await startAt(90, {
    startBalance: messyBalance,
    packing: { aggregates: 3, repeats: 2 },
  });
  const ssz = async (path: string, body?: unknown) => (await ask(path, body, "application/octet-stream")).bytes;
  const balances = await data<Balances>("/v1/beacon/states/head/validator_balances", ["5", "9"]);
  const bytes = await ssz("/v1/beacon/states/head/validator_balances", ["5", "9"]);
  expect([0, 16].map((at) => [bytes.readBigUInt64LE(at), bytes.readBigUInt64LE(at + 8)].map(String))).toEqual(
    balances.map(({ index, balance }) => [index, balance]),
  );
  const [identity] = await data<{ pubkey: string; activation_epoch: string }[]>(
    "/v1/beacon/states/head/validator_identities",
    ["7"],
  );
  const row = await ssz("/v1/beacon/states/head/validator_identities", ["7"]);
  expect([row.length, `0x${row.toString("hex", 8, 56)}`, String(row.readBigUInt64LE(56))]).toEqual([
    64,
    identity?.pubkey,
    identity?.activation_epoch,
  ]);
  const ahead = await data<string[]>("/v1/beacon/states/head/proposer_lookahead");
  const aheadBytes = await ssz("/v1/beacon/states/head/proposer_lookahead");
  expect(ahead.map((_, at) => String(aheadBytes.readBigUInt64LE(at * 8)))).toEqual(ahead);
  expect(ahead).toEqual(Array.from({ length: 16 }, (_, at) => String(chain.proposerAt(chain.headAt(90), 88 + at))));
  const { createBlockTypes } = await import("../../beacon/ssz/block-types.ts");
  const { presets } = await import("../preset.ts");
  const types = createBlockTypes(presets.minimal)("fulu");
  const block = await data<{ message: { body: { attestations: unknown } } }>("/v2/beacon/blocks/head");
  expect(types.signedBlock.toJson(types.signedBlock.deserialize(await ssz("/v2/beacon/blocks/head")))).toEqual(block);
  expect(await data("/v2/beacon/blocks/head/attestations")).toEqual(block.message.body.attestations);
});

test("a validator goes through its statuses as its life, its slashing and its balance say", async () => {
  const slashed = { slot: 42, offence: "proposer" as const };
  const { data } = await startAt(275 * 8, {
    seed: "life",
    validatorLife: (index) =>
      index === 1
        ? { activationEpoch: 10, exitEpoch: 16 }
        : { activationEpoch: 0, exitEpoch: Infinity, ...(index === 2 ? { slashed } : {}) },
  });
  const statuses = async (index: number, slots: number[]) => {
    const found: string[] = [];
    for (const slot of slots) {
      const [one] = await data<{ status: string }[]>(`/v1/beacon/states/${slot}/validators?id=${index}`);
      found.push(one?.status ?? "absent");
    }
    return found;
  };
  expect(await statuses(1, [8, 24, 79, 80, 96, 128, 271 * 8, 275 * 8])).toEqual([
    "pending_initialized",
    "pending_queued",
    "pending_queued",
    "active_ongoing",
    "active_exiting",
    "exited_unslashed",
    "exited_unslashed",
    "withdrawal_done",
  ]);
  expect(await statuses(2, [40, 50, 80])).toEqual(["active_ongoing", "active_slashed", "exited_slashed"]);
  const exited = await data<{ index: string }[]>("/v1/beacon/states/240/validators", { statuses: ["exited"] });
  expect(exited.map(({ index }) => index)).toEqual(["1", "2"]);
});

test("headers of a slot name the block that a reorg left behind, as not canonical", async () => {
  const { chain, clock, data } = await startAt(84);
  chain.addReorg({ slot: 87, depth: 2 });
  await clock.advance(5 * 12_000);
  const headers = await data<{ root: string; canonical: boolean }[]>("/v1/beacon/headers?slot=86");
  expect(headers).toMatchObject([{ root: chain.leftBehindAt(86)[0]?.root, canonical: false }]);
  expect(await data<unknown[]>("/v1/beacon/headers?slot=87")).toMatchObject([{ canonical: true }]);
  const children = await data<{ root: string }[]>(`/v1/beacon/headers?parent_root=${chain.headAt(84).root}`);
  expect(children.map(({ root }) => root)).toEqual([chain.leftBehindAt(85)[0]?.root, chain.headAt(87).root]);
});

test("a late block is the head only when it has come", async () => {
  const { clock, node } = await startAt(85, {
    duties: { proposal: (_index, slot) => (slot === 86 ? { lateMs: 9_000 } : undefined) },
  });
  await clock.advance(12_000);
  expect(node.sight().head.slot).toBe(85);
  await clock.advance(4_000);
  expect(node.sight().head.slot).toBe(86);
});

test("liveness knows who voted in this epoch and the one before, and no older one", async () => {
  const { data, ask } = await startAt(90, {
    duties: { attestation: (index) => (index === 4 ? { attests: false } : undefined) },
  });
  expect(await data("/v1/validator/liveness/10", ["4", "5"])).toEqual([
    { index: "4", is_live: false },
    { index: "5", is_live: true },
  ]);
  expect((await ask("/v1/validator/liveness/9", ["4"])).status).toBe(400);
});

test("quirks: a node may lack rewards, POST, SSZ and old states, and exchange fields", async () => {
  const { ask, data } = await startAt(
    90,
    {},
    {
      hasRewards: false,
      hasPostValidators: false,
      hasSsz: false,
      hasIdentities: false,
      swapsCommitteeFields: true,
      keptStateEpochs: 3,
    },
  );
  const statusOf = async (path: string, body?: unknown) => (await ask(path, body)).status;
  expect(await statusOf("/v1/beacon/rewards/attestations/5", ["1"])).toBe(404);
  expect(await statusOf("/v1/beacon/rewards/blocks/head")).toBe(404);
  expect(await statusOf("/v1/beacon/states/head/validators", {})).toBe(405);
  expect(await statusOf("/v1/beacon/states/head/validator_identities", [])).toBe(404);
  expect(await statusOf("/v1/beacon/states/head/validators?id=1")).toBe(200);
  expect((await ask("/v2/beacon/blocks/head", undefined, "application/octet-stream")).status).toBe(406);
  expect([
    await statusOf("/v1/beacon/states/63/committees"),
    await statusOf("/v1/beacon/states/64/committees"),
  ]).toEqual([404, 200]);
  const committees = await data<{ index: string; slot: string }[]>("/v1/beacon/states/88/committees");
  // Two committees a slot, slots counted within the epoch.
  expect(committees.slice(0, 3).map(({ index, slot }) => [index, slot])).toEqual([
    ["0", "0"],
    ["0", "1"],
    ["1", "0"],
  ]);
});

test("a hundred epochs of a small chain are read over HTTP well within the time of one test", async () => {
  const { ask, data } = await startAt(103 * 8);
  for (let epoch = 1; epoch <= 100; epoch++) {
    await data(`/v1/beacon/states/${epoch * 8}/committees?epoch=${epoch}`);
    for (let slot = epoch * 8; slot < epoch * 8 + 8; slot++) {
      const block = await ask(`/v2/beacon/blocks/${slot}`, undefined, "application/octet-stream");
      expect([block.status, block.bytes.length > 500]).toEqual([200, true]);
    }
    const { total_rewards: total } = await data<Rewards>(`/v1/beacon/rewards/attestations/${epoch}`, ["3", "4"]);
    expect(total).toHaveLength(2);
  }
});
