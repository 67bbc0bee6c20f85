import { expect, test } from "vitest";
import { parseChainSpec } from "./chain-spec.ts";

const essential = { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32", EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "256" };

function parse(values: Record<string, unknown>) {
  const result = parseChainSpec(values);
  if (!result.ok) throw new Error(result.error.message);
  return result.spec;
}

test("SLOT_DURATION_MS wins over SECONDS_PER_SLOT", () => {
  expect(parse({ ...essential, SLOT_DURATION_MS: "11500" }).slotDurationMs).toBe(11_500);
  expect(parse(essential).slotDurationMs).toBe(12_000);
});

test("numbers instead of decimal strings are read too", () => {
  expect(parse({ ...essential, SECONDS_PER_SLOT: 4, SLOTS_PER_EPOCH: 8 })).toMatchObject({
    slotDurationMs: 4000,
    slotsPerEpoch: 8,
  });
});

test("deadlines that a node does not name take the defaults of the fork", () => {
  const spec = parse(essential);
  expect(spec.deadlines).toEqual({ attestation: 3333, aggregate: 6667, syncMessage: 3333, contribution: 6667 });
  expect(spec.deadlinesGloas).toEqual({ attestation: 2500, aggregate: 5000, syncMessage: 2500, contribution: 5000 });
  expect(spec.payloadAttestationDueBps).toBe(7500);
});

test("deadlines come from the node's basis points, each fork's from its own key", () => {
  const spec = parse({
    ...essential,
    ATTESTATION_DUE_BPS: "3000",
    AGGREGATE_DUE_BPS_GLOAS: "4500",
    SYNC_MESSAGE_DUE_BPS: "99999",
    PAYLOAD_ATTESTATION_DUE_BPS: "8000",
  });
  expect(spec.payloadAttestationDueBps).toBe(8000);
  expect(spec.deadlines).toMatchObject({ attestation: 3000, syncMessage: 3333 });
  expect(spec.deadlinesGloas).toMatchObject({ attestation: 2500, aggregate: 4500 });
});

test("forks are those with an epoch that will come, in order, genesis first", () => {
  const spec = parse({
    ...essential,
    GENESIS_FORK_VERSION: "0x00000001",
    ALTAIR_FORK_VERSION: "0x01000001",
    ALTAIR_FORK_EPOCH: "0",
    DENEB_FORK_VERSION: "0x04000001",
    DENEB_FORK_EPOCH: "18446744073709551615",
    CAPELLA_FORK_VERSION: "0x0300000A",
    CAPELLA_FORK_EPOCH: "5",
    ELECTRA_FORK_VERSION: "nonsense",
    ELECTRA_FORK_EPOCH: "6",
  });
  expect(spec.forks).toEqual([
    { name: "phase0", version: "0x00000001", epoch: 0 },
    { name: "altair", version: "0x01000001", epoch: 0 },
    { name: "capella", version: "0x0300000a", epoch: 5 },
  ]);
});

test.each([
  ["no table at all", "<html>", "spec-not-an-object", "data"],
  ["a list", [], "spec-not-an-object", "data"],
  ["no slot length", { ...essential, SECONDS_PER_SLOT: undefined }, "spec-value-missing", "SLOT_DURATION_MS"],
  ["no epoch length", { ...essential, SLOTS_PER_EPOCH: "many" }, "spec-value-missing", "SLOTS_PER_EPOCH"],
  ["slots of no length", { ...essential, SECONDS_PER_SLOT: "0" }, "spec-value-invalid", "SLOT_DURATION_MS"],
  ["epochs of no slots", { ...essential, SLOTS_PER_EPOCH: 0 }, "spec-value-invalid", "SLOTS_PER_EPOCH"],
])("%s is a named error", (_, raw, code, key) => {
  expect(parseChainSpec(raw)).toMatchObject({ ok: false, error: { code, key } });
});
