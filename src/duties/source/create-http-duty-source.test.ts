import { afterEach, describe, expect, test } from "vitest";
import { createBlockTypes } from "../../beacon/ssz/block-types.ts";
import { readBlockSizes } from "../../beacon/ssz/block-sizes.ts";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { startScripted, type Script, type ScriptedAnswer } from "./source-fixture.ts";

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
const root = `0x${"ab".repeat(32)}`;
const gone: ScriptedAnswer = { status: 404 };
const always =
  (answer: ScriptedAnswer): Script =>
  () =>
    answer;

const header = (slot: number, canonical: boolean, of = root) => ({
  root: of,
  canonical,
  header: { message: { slot: String(slot), proposer_index: "1", parent_root: root } },
});

describe("several nodes", () => {
  test("a call goes to the first ready node, and on to the next where that one fails", async () => {
    const ready = new Set(["bn2", "bn3"]);
    const { source, nodes } = await start(
      [always({ body: {} }), always({ status: 503 }), always({ body: { data: header(9, true) } })],
      { isReady: (name) => ready.has(name) },
    );
    expect(await source.head(signal)).toMatchObject({ ok: true, value: { slot: 9, root } });
    expect(nodes.map(({ asked }) => asked.length)).toEqual([0, 1, 1]);
    expect(source.cost).toMatchObject({ requests: 2 });
    expect(source.cost.bytesReceived).toBeGreaterThan(100);

    ready.clear();
    expect(await source.head(signal)).toMatchObject({
      ok: false,
      failure: { kind: "unreachable", message: "getBlockHeader: host unreachable, no beacon node is ready" },
    });
    expect(await source.rootsAt(3, signal)).toMatchObject({ ok: false, failure: { kind: "unreachable" } });
  });

  test("a node that lost a state is asked last for a while; with all of them saying so the failure is 404", async () => {
    const clock = createFakeClock();
    const answers: ScriptedAnswer[] = [gone, gone];
    const { source, nodes } = await start([() => answers[0]!, () => answers[1]!], { clock });
    expect(await source.committees(5, "40", signal)).toMatchObject({ ok: false, failure: { status: 404 } });

    answers[1] = { body: { data: committees(5) } };
    await clock.advance(11 * 60_000);
    expect(await source.committees(5, "40", signal)).toMatchObject({ ok: true, value: { committeesPerSlot: 1 } });
    expect(await source.committees(5, "40", signal)).toMatchObject({ ok: true });
    expect(nodes.map(({ asked }) => asked.length)).toEqual([2, 3]);
  });

  test("with one node that cannot be asked, 404 of the other does not mean that nobody has it", async () => {
    const { source } = await start([always(gone), always({ status: 500 })]);
    expect(await source.committees(5, "40", signal)).toMatchObject({ ok: false, failure: { status: 500 } });
    expect(await source.block(root, signal)).toMatchObject({ ok: false, failure: { status: 500 } });
  });

  test("a route that a node does not have is not asked again in a while", async () => {
    const clock = createFakeClock();
    const { source, nodes } = await start([always({ status: 501 })], { clock });
    for (let i = 0; i < 3; i++)
      expect(await source.attestationRewards(4, Uint32Array.of(1), signal)).toMatchObject({
        ok: false,
        failure: { status: 501 },
      });
    expect(nodes[0]?.asked).toHaveLength(1);
    await clock.advance(11 * 60_000);
    await source.attestationRewards(4, Uint32Array.of(1), signal);
    expect(nodes[0]?.asked).toHaveLength(2);
  });

  test("an aborted call ends and does not go on to the next node", async () => {
    const abort = new AbortController();
    const { source, nodes } = await start([
      () => {
        abort.abort();
        return { status: 500 };
      },
      always({ status: 500 }),
    ]);
    expect(await source.head(abort.signal)).toMatchObject({ ok: false });
    expect(nodes[1]?.asked).toHaveLength(0);
  });
});

describe("blocks", () => {
  const sizes = readBlockSizes({});
  const type = createBlockTypes(sizes)("capella").signedBlock;
  const value = type.defaultValue() as { message: { slot: number } };
  value.message.slot = 77;
  const bytes = Buffer.from(type.serialize(value));
  const json = { version: "capella", execution_optimistic: true, finalized: false, data: type.toJson(value) };

  test("as SSZ and as JSON the same block has the same facts; the fork is the header's, the body's or the schedule's", async () => {
    const answers: ScriptedAnswer[] = [
      { body: bytes, headers: { "eth-consensus-version": "Capella" } },
      { body: bytes },
      { body: json },
      { body: { data: json.data } },
    ];
    const { source, nodes } = await start([() => answers.shift() ?? gone]);
    const first = await source.block(root, signal);
    expect(first).toMatchObject({ ok: true, value: { root, slot: 77, fork: "capella" } });
    for (let i = 0; i < 3; i++)
      expect((await source.block(root, signal)) as object).toMatchObject({ value: first.ok && first.value });
    expect(nodes[0]?.asked[0]).toBe(`GET /eth/v2/beacon/blocks/${root}`);
    expect(await source.block(root, signal)).toMatchObject({ ok: true, value: undefined });
  });

  test("the flags of a JSON answer are kept", async () => {
    const { source } = await start([always({ body: json })]);
    expect(await source.block(root, signal)).toMatchObject({ executionOptimistic: true, finalized: false });
  });

  const hostile: [string, ScriptedAnswer, RegExp][] = [
    ["cut short", { body: bytes.subarray(0, 300) }, /SSZ/],
    ["empty", { body: Buffer.alloc(0) }, /SSZ/],
    ["of another fork than the header says", { body: bytes, headers: { "eth-consensus-version": "deneb" } }, /SSZ/],
    ["of a fork nobody knows", { body: bytes, headers: { "eth-consensus-version": "heze" } }, /upgrade Slotkeeper/],
    ["SSZ that calls itself JSON", { body: bytes, headers: { "content-type": "application/json" } }, /not JSON/],
    ["JSON that calls itself SSZ", { body: json, headers: { "content-type": "application/octet-stream" } }, /SSZ/],
    ["JSON without a block", { body: { version: "capella" } }, /data: expected an object/],
    ["JSON of another fork", { body: { ...json, version: "gloas" } }, /signed_execution_payload_bid: expected/],
    ["too large", { body: Buffer.alloc(33 * 1024 * 1024) }, /too large/],
  ];
  test.each(hostile)("a block that is %s is a failure with its reason", async (_, answer, message) => {
    const { source } = await start([always(answer)]);
    const result = await source.block(root, signal);
    expect(result).toMatchObject({ ok: false });
    expect(!result.ok && result.failure.message).toMatch(message);
    expect(!result.ok && result.failure.message).toContain("getBlockV2 of bn1");
  });

  test("sizes come from the node's own spec where nobody gave them", async () => {
    const minimal = readBlockSizes({ SYNC_COMMITTEE_SIZE: 32, MAX_COMMITTEES_PER_SLOT: 4 });
    const small = createBlockTypes(minimal)("capella").signedBlock;
    const body = Buffer.from(small.serialize(small.defaultValue()));
    const { source, nodes } = await start(
      [
        ({ path }) =>
          path.endsWith("/spec")
            ? { body: { data: { SYNC_COMMITTEE_SIZE: "32", MAX_COMMITTEES_PER_SLOT: "4", PRESET_BASE: "minimal" } } }
            : { body },
      ],
      { sizes: undefined } as object,
    );
    expect(await source.block(root, signal)).toMatchObject({ ok: true, value: { syncBits: new Uint8Array(4) } });
    await source.block(root, signal);
    expect(nodes[0]?.asked.filter((one) => one.endsWith("/spec"))).toHaveLength(1);
  });
});

describe("what a slot, an epoch and a committee hold", () => {
  test("roots of a slot are those of all nodes; an empty list and 404 are both none", async () => {
    const other = `0x${"cd".repeat(32)}`;
    const { source } = await start([
      ({ query }) => (query.get("slot") === "7" ? { body: { data: [header(7, true)] } } : { body: { data: [] } }),
      ({ query }) =>
        query.get("slot") === "7" ? { body: { data: [header(7, false, other), header(7, true)] } } : gone,
    ]);
    expect(await source.rootsAt(7, signal)).toMatchObject({
      ok: true,
      value: [
        { root, isCanonical: true },
        { root: other, isCanonical: false },
      ],
    });
    expect(await source.rootsAt(8, signal)).toMatchObject({ ok: true, value: [] });
  });

  test("a node that answers with the header of another slot is not believed", async () => {
    const { source } = await start([always({ body: { data: [header(6, true)] } })]);
    expect(await source.rootsAt(7, signal)).toMatchObject({ ok: false, failure: { kind: "wrong-shape" } });
  });

  test("proposers come from the new route, else from the old one, which is then asked first", async () => {
    const data = Array.from({ length: 8 }, (_, i) => ({ slot: String(16 + ((i + 3) % 8)), validator_index: i }));
    const { source, nodes } = await start([
      ({ path }) => (path.includes("/v2/") ? gone : { body: { dependent_root: root, data } }),
    ]);
    const expected = { dependentRoot: root, indices: [5, 6, 7, 0, 1, 2, 3, 4] };
    expect(await source.proposers(2, signal)).toMatchObject({ ok: true, value: expected });
    expect(await source.proposers(2, signal)).toMatchObject({ ok: true, value: expected });
    expect(nodes[0]?.asked.map((one) => one.split("/")[2])).toEqual(["v2", "v1", "v1"]);
  });

  test("proposers that leave a slot out, or name one twice, are refused", async () => {
    const duty = (slot: number) => ({ slot: String(slot), validator_index: "1" });
    const slots = [16, 17, 18, 19, 20, 21, 22];
    const answers = [slots, [...slots, 22], [...slots, 24]];
    const { source } = await start([() => ({ body: { data: answers.shift()?.map(duty) } })]);
    for (const message of [/nobody for slot 23/, /slot 22 is not due once/, /slot 24 is not due once/]) {
      const result = await source.proposers(2, signal);
      expect(!result.ok && result.failure.message).toMatch(message);
    }
  });

  test("a sync committee has the network's number of seats", async () => {
    const seats = Array.from({ length: 512 }, (_, i) => String(i % 9));
    const answers = [seats, seats.slice(1)];
    const { source } = await start([
      () => ({ body: { data: { validators: answers.shift(), validator_aggregates: [] } } }),
    ]);
    expect(await source.syncCommittee(3, "head", signal)).toMatchObject({
      ok: true,
      value: Uint32Array.from(seats, Number),
    });
    expect(await source.syncCommittee(3, "head", signal)).toMatchObject({
      ok: false,
      failure: { kind: "wrong-shape" },
    });
  });

  test("where both ways round fit, the committees of one slot tell how the node names them", async () => {
    const all = Array.from({ length: 64 }, (_, i) => ({ index: i % 8, slot: i >> 3, validators: [i] }));
    for (const isSwapped of [false, true]) {
      const turn = (one: (typeof all)[number]) => (isSwapped ? { ...one, index: one.slot, slot: one.index } : one);
      const { source, nodes } = await start([
        ({ query }) => {
          const slot = query.get("slot");
          return { body: { data: all.filter((one) => slot === null || one.slot === Number(slot)).map(turn) } };
        },
      ]);
      const result = await source.committees(0, "0", signal);
      expect(result).toMatchObject({
        ok: true,
        value: { members: Uint32Array.from(all, (one) => one.validators[0]!) },
      });
      expect(nodes[0]?.asked[1]).toBe("GET /eth/v1/beacon/states/0/committees?epoch=0&slot=1");
    }
    const { source } = await start([always({ body: { data: all } })]);
    const result = await source.committees(0, "0", signal);
    expect(!result.ok && result.failure.message).toContain(
      "slots and committee indices of epoch 0 cannot be told apart",
    );
  });
});

function committees(epoch: number) {
  return Array.from({ length: 8 }, (_, i) => ({ index: "0", slot: String(epoch * 8 + i), validators: [String(i)] }));
}
