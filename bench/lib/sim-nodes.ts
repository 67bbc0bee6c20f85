import { systemClock } from "../../src/lib/clock.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";

/**
 * Simulated beacon nodes on one chain, in a process of their own. `sim-nodes.ts COUNT SLOT_MS`; prints their URLs as one line of
 * JSON, and ends with the process that started it.
 */
const [count = 3, slotDurationMs = 2_000] = process.argv.slice(2).map(Number);
const genesisTimeMs = Math.floor(Date.now() / 1000) * 1000 - 60 * slotDurationMs;
const chain = createSimChain({ seed: "bench", slotDurationMs, genesisTimeMs, validators: 64 });
const families = ["Lighthouse/v8.0.0", "Lodestar/v1.50.0", "Nimbus/v25.9.0", "teku/v25.10.0"];
const nodes = await Promise.all(
  Array.from({ length: count }, (_, index) =>
    startSimBeaconNode({
      ...{ chain, clock: systemClock, name: `bn${index + 1}`, rememberedRequests: 10 },
      version: `${families[index % families.length]}/sim`,
    }),
  ),
);
console.log(JSON.stringify({ urls: nodes.map(({ url }) => url), genesisTimeMs, slotDurationMs }));
process.on("disconnect", () => process.exit());
