import { expect, test } from "vitest";
import { startSimChain } from "../bench/lib/start-sim-chain.ts";

test("a simulated chain in a process of its own begins at a high epoch, goes on when told to, and ends", async () => {
  const chain = await startSimChain({ preset: "gnosis", validators: 200, firstEpoch: 1_000_000, clock: "manual" });
  try {
    const headSlot = async () => {
      const answer = await fetch(`${chain.urls[0]}/eth/v1/node/syncing`);
      return ((await answer.json()) as { data: { head_slot: string } }).data.head_slot;
    };
    expect([chain.slot, await headSlot()]).toEqual([16_000_048, "16000048"]);
    expect(await chain.advance(16)).toMatchObject({ slot: 16_000_064 });
    expect(await headSlot()).toBe("16000064");
    expect(() => process.kill(chain.pid, 0)).not.toThrow();
  } finally {
    await chain.stop();
  }
  expect(() => process.kill(chain.pid, 0)).toThrow("ESRCH");
});
