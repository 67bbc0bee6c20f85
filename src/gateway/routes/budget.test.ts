import { expect, it } from "vitest";
import { parseChainSpec } from "../../chain/chain-spec.ts";
import { budgetMs, type BudgetNetwork } from "./budget.ts";
import { budgets } from "./rows.ts";
import { routesV1 } from "./routes-v1.ts";

function network(values: Record<string, string>): NonNullable<BudgetNetwork> {
  const base = { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32", EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "256" };
  const result = parseChainSpec({ ...base, ...values });
  if (!result.ok) throw new Error(result.error.message);
  return { spec: result.spec, genesis: { genesisTimeMs: 1_000_000 } };
}

const at = (ms: number): { now: () => number } => ({ now: () => ms });
const gloasAtEpoch2 = { GLOAS_FORK_VERSION: "0x07000000", GLOAS_FORK_EPOCH: "2" };
const forkAt = 1_000_000 + 2 * 32 * 12_000;

it("divides the slot as the specification does before Gloas, and otherwise from its first slot on", () => {
  const chain = network(gloasAtEpoch2);
  const before = at(forkAt - 1);
  const after = at(forkAt);
  const whole = (due: "block" | "attestation" | "syncMessage" | "aggregate" | "contribution") =>
    ({ due, partBps: 10_000 }) as const;
  expect(budgetMs(whole("block"), chain, before)).toBeCloseTo(3_999.6);
  expect(budgetMs(whole("block"), chain, after)).toBe(3_000);
  expect(budgetMs(whole("attestation"), chain, before)).toBeCloseTo(4_000.8);
  expect(budgetMs(whole("attestation"), chain, after)).toBe(3_000);
  expect(budgetMs(whole("syncMessage"), chain, after)).toBe(3_000);
  expect(budgetMs(whole("aggregate"), chain, before)).toBeCloseTo(3_999.6);
  expect(budgetMs(whole("aggregate"), chain, after)).toBe(6_000);
  expect(budgetMs(whole("contribution"), chain, after)).toBe(6_000);
});

it("takes the deadlines that the node's spec names, not its own", () => {
  const chain = network({ ATTESTATION_DUE_BPS: "2000", AGGREGATE_DUE_BPS: "7000" });
  expect(budgetMs({ due: "attestation", partBps: 5_000 }, chain, at(1_000_000))).toBe(3_000);
});

it("gives votes on the payload a part of the time between their due time and the end of the slot", () => {
  const { payloadAttestation } = budgets;
  expect(budgetMs(payloadAttestation, network(gloasAtEpoch2), at(forkAt))).toBe(2_100);
  expect(budgetMs(payloadAttestation, undefined, at(0))).toBe(2_100);
  const late = network({ ...gloasAtEpoch2, PAYLOAD_ATTESTATION_DUE_BPS: "8500" });
  expect(budgetMs(payloadAttestation, late, at(forkAt))).toBe(1_260);
});

it("keeps to mainnet's slot while the network is not known", () => {
  expect(budgetMs({ bps: 5_000 }, undefined, at(0))).toBe(6_000);
  expect(budgetMs({ due: "block", partBps: 10_000 }, undefined, at(0))).toBeCloseTo(3_999.6);
});

it("gives a node at least a second on networks with short slots, and with deadlines in an impossible order", () => {
  const chain = network({ SECONDS_PER_SLOT: "2" });
  for (const route of routesV1) expect(budgetMs(route.deadline, chain, at(1_000_000)), route.id).toBeGreaterThan(999);
  const odd = network({ ATTESTATION_DUE_BPS: "9000", AGGREGATE_DUE_BPS: "1000" });
  expect(budgetMs(budgets.attestation, odd, at(1_000_000))).toBe(1_000);
});

// A client that gives up on its own turns to its next node, or loses the duty: the gateway must be first.
it("trap 1: ends every duty before a third of the slot, blocks before half of it, and everything before the slot", () => {
  for (const chain of [network({}), network({ GLOAS_FORK_VERSION: "0x07000000", GLOAS_FORK_EPOCH: "0" })]) {
    for (const route of routesV1) {
      const ms = budgetMs(route.deadline, chain, at(1_000_000));
      const isWholeSlot = route.id === "registerValidator" || !route.isDuty;
      const most = route.policy === "creator" ? 6_000 : isWholeSlot ? 12_000 : 4_000;
      expect(ms, route.id).toBeLessThan(most);
    }
  }
});

it("ends what is attested in time for the strictest client, which waits a quarter of the slot", () => {
  for (const chain of [network({}), network({ GLOAS_FORK_VERSION: "0x07000000", GLOAS_FORK_EPOCH: "0" })])
    for (const id of [
      "produceAttestationData",
      "getBlockRootHead",
      "getAggregatedAttestationV2",
      "submitPoolAttestationsV2",
    ])
      expect(
        budgetMs(routesV1.find((route) => route.id === id)?.deadline ?? { ms: Infinity }, chain, at(1_000_000)),
      ).toBeLessThan(3_000);
});
