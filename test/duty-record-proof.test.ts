import { afterEach, expect, test } from "vitest";
import type { ValidatorRow } from "../src/api/contract-duties.ts";
import { createExplainer } from "../src/app/duties/explain-duty.ts";
import { readNetwork } from "../src/app/duties/read-network.ts";
import { auditEpoch } from "../src/duties/read/audit-epoch.ts";
import { createHttpDutySource } from "../src/duties/source/create-http-duty-source.ts";
import type { EpochResult } from "../src/duties/types.ts";
import { systemClock } from "../src/lib/clock.ts";
import { createFakeClock } from "../src/lib/fake-clock.ts";
import { silentLogger } from "../src/lib/log.ts";
import type { SimChain } from "../src/sim/chain/types.ts";
import { createSimChain } from "../src/sim/create-sim-chain.ts";
import type { SimNodeQuirks } from "../src/sim/node/types.ts";
import { startSimBeaconNode } from "../src/sim/start-sim-beacon-node.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const genesisTimeMs = 1_700_000_000_000;
const slotDurationMs = 12_000;
const { signal } = new AbortController();
const epoch = 4;

/** By the last digit of its index. */
const wrongdoing = (index: number) =>
  ({ 0: { attests: false }, 3: { lateSlots: 2 }, 6: { wrongHead: true }, 9: { wrongTarget: true } })[index % 10];

/** Committees of different sizes: 203 validators do not fill 32 equal ones. */
const chain = createSimChain({
  ...{ seed: "record", preset: "minimal", slotDurationMs, genesisTimeMs, validators: 203, forks: { electra: 0 } },
  duties: { attestation: wrongdoing },
  participation: 0.9,
  missedSlots: (slot) => slot % 5 === 3,
});

/** The node is in epoch 9; without a quirk it holds every state. */
async function readerOf(of: SimChain, quirks: Partial<SimNodeQuirks> = {}) {
  const clock = createFakeClock(genesisTimeMs + 9.5 * of.slotsPerEpoch * slotDurationMs);
  const node = await startSimBeaconNode({ chain: of, clock, name: "bn1", quirks });
  ends.push(() => node.stop());
  const network = await readNetwork({ name: "bn1", url: node.url }, systemClock, signal);
  if ("problem" in network) throw new Error(network.problem);
  const source = createHttpDutySource({
    ...{ nodes: [{ name: "bn1", url: node.url }], clock: systemClock, spec: network.chain, log: silentLogger },
  });
  ends.push(() => source.close());
  return { source, spec: network.spec, now: clock.now };
}

const rowOf = (index: number) => ({ index }) as ValidatorRow;

async function judged() {
  const reader = await readerOf(chain);
  const audit = await auditEpoch(reader, epoch, "everybody", signal);
  if (!audit.ok) throw new Error(audit.failure.message);
  return audit.value;
}

function explainerOf(reader: Awaited<ReturnType<typeof readerOf>>, result: EpochResult | undefined) {
  return createExplainer({ store: { result: () => Promise.resolve(result) }, chain: () => reader, now: reader.now });
}

test("once no node holds the state, every lost attestation is proved from its recorded seat, as the state proved it", async () => {
  const { result, prove } = await judged();
  const lost = result.exceptions.filter(({ kind }) => kind === "attestation");
  expect(lost.length).toBeGreaterThan(20);
  expect(new Set(lost.map(({ outcome }) => outcome)).size).toBe(4);
  const forgetful = await readerOf(chain, { keptStateEpochs: 2 });
  const { explain } = explainerOf(forgetful, result);
  for (const { validatorIndex } of lost) {
    const { proof } = await explain(rowOf(validatorIndex), epoch, signal);
    expect(proof).toEqual({ ...prove(validatorIndex), seatFrom: "record" });
  }
});

test("what was perfect, and what an earlier version stored, has no recorded seat: it says so", async () => {
  const { result } = await judged();
  const forgetful = await readerOf(chain, { keptStateEpochs: 2 });
  const lost = new Set(result.exceptions.map(({ validatorIndex }) => validatorIndex));
  const perfect = Array.from({ length: 203 }, (_, index) => index).find((index) => !lost.has(index)) ?? -1;
  const { noProof, proof } = await explainerOf(forgetful, result).explain(rowOf(perfect), epoch, signal);
  expect(proof).toBeUndefined();
  expect(noProof).toMatchObject({ code: "state-pruned" });
  const { committeesPerSlot: _, ...old } = result;
  const again = await explainerOf(forgetful, old).explain(rowOf([...lost][0] ?? -1), epoch, signal);
  expect(again.noProof).toMatchObject({ code: "state-pruned" });
});
