import { createFakeClock } from "../../src/lib/fake-clock.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import { presets } from "../../src/sim/preset.ts";
import type { SimChildMessage, SimChildOptions, SimChildStart } from "./start-sim-chain.ts";

/**
 * One simulated chain and its beacon nodes in a process of their own: `sim-chain-child.ts OPTIONS_JSON`. Prints where it listens
 * as one line of JSON, and ends with the process that started it, or with SIGTERM.
 */
const options = JSON.parse(process.argv[2] ?? "{}") as SimChildOptions;
const preset = options.preset ?? "mainnet";
const slotDurationMs = options.slotDurationMs ?? 12_000;
const slotsPerEpoch = presets[preset].slotsPerEpoch;
const firstSlot = (options.firstEpoch ?? 0) * slotsPerEpoch;
const startSlot = firstSlot + (options.epochsOld ?? 3) * slotsPerEpoch;
const isManual = options.clock === "manual";
const realGenesisMs = Math.floor((Date.now() - startSlot * slotDurationMs) / 1000) * 1000;
const genesisTimeMs = isManual ? 1_600_000_000_000 : realGenesisMs;
const manual = createFakeClock(genesisTimeMs + (startSlot + 0.5) * slotDurationMs);
const clock = isManual ? manual : systemClock;
const { missShare = 0, lateShare = 0, wrongHeadShare = 0 } = options;

/** A number from 0 up to 1 out of validator and slot. */
function roll(index: number, slot: number): number {
  let mixed = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(slot + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

const hasLosses = missShare + lateShare + wrongHeadShare > 0;
const chain = createSimChain({
  seed: "child",
  preset,
  slotDurationMs,
  genesisTimeMs,
  firstSlot,
  validators: options.validators ?? 64,
  forks: { [options.fork ?? "fulu"]: 0 },
  payloadBytes: options.payloadBytes ?? 0,
  packing: { aggregates: options.aggregates ?? 1, repeats: options.repeats ?? 0 },
  missedSlots: options.missedSlots ?? 0,
  ...(hasLosses
    ? {
        duties: {
          attestation(index: number, slot: number) {
            const at = roll(index, slot);
            if (at < missShare) return { attests: false };
            if (at < missShare + lateShare) return { lateSlots: 1 };
            return at < missShare + lateShare + wrongHeadShare ? { wrongHead: true } : undefined;
          },
        },
      }
    : {}),
});
const count = options.nodes ?? 1;
const nodes = await Promise.all(
  Array.from({ length: count }, (_, at) =>
    startSimBeaconNode({
      ...{ chain, clock, name: `bn${at + 1}`, rememberedRequests: options.rememberedRequests ?? 0 },
      quirks: options.quirks ?? {},
    }),
  ),
);
const start: SimChildStart = {
  urls: nodes.map(({ url }) => url),
  genesisTimeMs,
  slotDurationMs,
  slotsPerEpoch,
  firstSlot,
  slot: chain.slotAt(clock.now()),
};
console.log(JSON.stringify(start));

process.on("message", (message: SimChildMessage) => {
  void (async () => {
    if (message.kind === "advance" && isManual) await manual.advance(message.slots * slotDurationMs);
    const { rss } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const slot = chain.slotAt(clock.now());
    process.send?.({ slot, nowMs: clock.now(), rssBytes: rss, cpuMs: Math.round((user + system) / 1000) });
  })();
});
process.on("disconnect", () => process.exit());
process.on("SIGTERM", () => process.exit());
