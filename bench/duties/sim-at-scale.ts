import { createFakeClock } from "../../src/lib/fake-clock.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import { firstEpoch, genesisTimeMs, missShare, slotDurationMs, slotsPerEpoch } from "./scale.ts";

/**
 * One simulated beacon node of a big network in a process of its own: `sim-at-scale.ts VALIDATORS`. Its clock stands still;
 * a message with a slot moves it to that slot's end, makes what the node then shows, and is answered.
 */
const [validators = 1_000_000] = process.argv.slice(2).map(Number);
const clock = createFakeClock(genesisTimeMs + firstEpoch * slotsPerEpoch * slotDurationMs);
const chain = createSimChain({
  ...{ seed: "scale", preset: "mainnet", slotDurationMs, genesisTimeMs, validators },
  firstSlot: firstEpoch * slotsPerEpoch,
  packing: { aggregates: 4, repeats: 4 },
  // With them a block has the size of a mainnet one, about 135 kB.
  payloadBytes: 95_000,
  duties: {
    attestation: (index, slot) => (mix(index, slot) < missShare ? { attests: false } : undefined),
  },
});
const node = await startSimBeaconNode({ chain, clock, name: "bn1", rememberedRequests: 10 });

process.on("message", (slot: number) => {
  void clock.advance(genesisTimeMs + (slot + 0.9) * slotDurationMs - clock.now()).then(() => {
    chain.signedBlock(node.sight().head);
    process.send?.(slot);
  });
});
process.on("disconnect", () => process.exit());
process.send?.(node.url);

/** From 0 to 1, the same for the same validator and slot. */
function mix(index: number, slot: number): number {
  let mixed = Math.imul(index ^ Math.imul(slot, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
