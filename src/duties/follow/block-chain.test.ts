import { describe, expect, test } from "vitest";
import { createFakeChain } from "../testing/fake-chain.ts";
import { createBlockChain } from "./block-chain.ts";

const { signal } = new AbortController();

function following() {
  const fake = createFakeChain();
  const chain = createBlockChain((root, abort) => fake.source.block(root, abort));
  return { fake, chain };
}

describe("the chain walked by roots", () => {
  test("it is read back from the head to the slot that is needed, and then only what is new", async () => {
    const { fake, chain } = following();
    fake.grow(20, { empty: [7, 15] });
    expect(await chain.advance(fake.head, 6, signal)).toEqual({ ok: true, commonSlot: 5, isReorg: false });
    expect(chain.fromSlot).toBe(6);
    expect(chain.rootAt(7)).toBe(chain.rootAt(6));
    expect(chain.rootAt(5)).toBeUndefined();
    expect([chain.hasBlock(15), chain.hasBlock(16), chain.emptyBetween(14, 17)]).toEqual([false, true, 1]);
    const asked = fake.calls.length;
    fake.grow(22);
    expect(await chain.advance(fake.head, 6, signal)).toEqual({ ok: true, commonSlot: 20, isReorg: false });
    expect(fake.calls.length - asked).toBe(2);
  });

  test("a reorg is told by the last block that both branches have; what was left is an orphan", async () => {
    const { fake, chain } = following();
    fake.grow(10);
    await chain.advance(fake.head, 0, signal);
    const [left9, left10, at8] = [chain.rootAt(9), chain.rootAt(10), chain.rootAt(8)];
    fake.add(11, { parent: at8 ?? "", tag: "other" });
    expect(await chain.advance(fake.head, 0, signal)).toEqual({ ok: true, commonSlot: 8, isReorg: true });
    expect(chain.rootAt(10)).toBe(at8);
    expect([chain.orphanAt(9), chain.orphanAt(10), chain.orphanAt(11)]).toEqual([left9, left10, undefined]);
    fake.head = { slot: 10, root: left10 ?? "" };
    await chain.advance(fake.head, 0, signal);
    expect(chain.rootAt(9)).toBe(left9);
    expect(chain.orphanAt(9)).toBeUndefined();
    expect(chain.hasBlock(11)).toBe(false);
  });

  test("contents that were let go are read again; links below are gone, and can be reached again", async () => {
    const { fake, chain } = following();
    fake.grow(30);
    await chain.advance(fake.head, 1, signal);
    chain.forget(20, 10);
    expect(chain.fromSlot).toBe(10);
    const asked = fake.calls.length;
    const read = await chain.blocks(18, 22, signal);
    expect(read.ok && read.value.map(({ slot }) => slot)).toEqual([18, 19, 20, 21, 22]);
    expect(fake.calls.length - asked).toBe(2);
    expect(await chain.reach(4, signal)).toBeUndefined();
    expect(chain.fromSlot).toBe(4);
    expect(await chain.reach(0, signal)).toBeUndefined();
    expect(chain.rootAt(0)).toBe(fake.genesisRoot);
  });

  test("a node that keeps no block of genesis is no obstacle, one that lacks another block is", async () => {
    const { fake, chain } = following();
    fake.grow(5);
    const chainWithout = createBlockChain(async (root, abort) =>
      root === fake.genesisRoot
        ? { ok: true, value: undefined, status: 200, latencyMs: 0 }
        : fake.source.block(root, abort),
    );
    expect(await chainWithout.advance(fake.head, 0, signal)).toMatchObject({ ok: true });
    expect(chainWithout.rootAt(0)).toBe(fake.genesisRoot);
    fake.broken.set("block", { kind: "status", status: 404, message: "gone" });
    expect(await chain.advance(fake.head, 3, signal)).toMatchObject({ ok: false, failure: { status: 404 } });
    expect(chain.head).toBeUndefined();
  });

  test("a block that is not what was asked for is refused", async () => {
    const { fake } = following();
    fake.grow(5);
    const liar = createBlockChain(async (_root, abort) => fake.source.block(fake.head.root, abort));
    expect(await liar.advance(fake.head, 0, signal)).toMatchObject({ ok: false, failure: { kind: "wrong-shape" } });
  });
});
