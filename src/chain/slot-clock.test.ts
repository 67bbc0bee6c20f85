import fc from "fast-check";
import { expect, test } from "vitest";
import { parseChainSpec } from "./chain-spec.ts";
import { deadline } from "./deadline.ts";
import { forkAt, isGloas } from "./fork-at.ts";
import { epochAt, epochAtSlot, slotAt, slotStartAt, startSlotOfEpoch } from "./slot-clock.ts";

const chain = { spec: { slotDurationMs: 12_000, slotsPerEpoch: 32 }, genesis: { genesisTimeMs: 1_606_824_023_000 } };
const genesis = chain.genesis.genesisTimeMs;

test("a slot lasts from its start to just before the next", () => {
  expect(slotAt(chain, genesis)).toBe(0);
  expect(slotAt(chain, genesis + 11_999)).toBe(0);
  expect(slotAt(chain, genesis + 12_000)).toBe(1);
});

test("before genesis slots are negative, and an instant still comes after the start of its slot", () => {
  expect(slotAt(chain, genesis - 1)).toBe(-1);
  expect(slotAt(chain, genesis - 12_001)).toBe(-2);
  expect(genesis - 1 - slotStartAt(chain, slotAt(chain, genesis - 1))).toBe(11_999);
  expect(epochAt(chain, genesis - 1)).toBe(-1);
});

test("any instant lies in its slot, and any slot in its epoch", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (offset) => {
      const now = genesis + offset;
      const slot = slotAt(chain, now);
      expect(slotStartAt(chain, slot)).toBeLessThanOrEqual(now);
      expect(slotStartAt(chain, slot + 1)).toBeGreaterThan(now);
      const start = startSlotOfEpoch(chain.spec, epochAtSlot(chain.spec, slot));
      expect(slot - start).toBeGreaterThanOrEqual(0);
      expect(slot - start).toBeLessThan(32);
    }),
  );
});

test("the fork and its deadlines follow the epoch", () => {
  const parsed = parseChainSpec({
    SECONDS_PER_SLOT: "12",
    SLOTS_PER_EPOCH: "32",
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "256",
    GENESIS_FORK_VERSION: "0x00000000",
    FULU_FORK_VERSION: "0x06000000",
    FULU_FORK_EPOCH: "10",
    GLOAS_FORK_VERSION: "0x07000000",
    GLOAS_FORK_EPOCH: "20",
  });
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { spec } = parsed;
  expect([-1, 0, 9, 10, 19, 20].map((epoch) => forkAt(spec, epoch)?.name)).toEqual([
    "phase0",
    "phase0",
    "phase0",
    "fulu",
    "fulu",
    "gloas",
  ]);
  expect(isGloas(spec, 19)).toBe(false);
  // Rounded down to a millisecond, as consensus-specs get_slot_component_duration_ms does.
  expect(deadline(spec, 20 * 32 - 1, "attestation")).toBe(3999);
  expect(deadline(spec, 20 * 32 - 1, "aggregate")).toBe(8000);
  expect(deadline(spec, 20 * 32, "attestation")).toBe(3000);
  expect(deadline(spec, 20 * 32, "contribution")).toBe(6000);
});

test("a node that names no fork has none", () => {
  expect(forkAt({ forks: [] }, 3)).toBeUndefined();
});
