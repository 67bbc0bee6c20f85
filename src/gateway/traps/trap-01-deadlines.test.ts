import { afterEach, expect, test } from "vitest";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

let under: TestGateway | undefined;
afterEach(() => under?.stop());

const thirdOfSlotMs = 4_000;
const duties = [
  ["GET", "/eth/v1/validator/attestation_data?slot=32000&committee_index=0"],
  ["GET", "/eth/v3/validator/blocks/32000?randao_reveal=0x00"],
  ["GET", "/eth/v2/validator/aggregate_attestation?slot=32000"],
  ["GET", "/eth/v1/validator/sync_committee_contribution?slot=32000"],
  ["GET", "/eth/v1/beacon/blocks/head/root"],
  ["POST", "/eth/v1/validator/duties/attester/1000"],
  ["GET", "/eth/v1/validator/duties/proposer/1000"],
  ["POST", "/eth/v1/validator/liveness/999"],
  ["POST", "/eth/v2/beacon/pool/attestations"],
  ["POST", "/eth/v2/validator/aggregate_and_proofs"],
  ["POST", "/eth/v1/beacon/pool/sync_committees"],
] as const;

test("trap 1: a client with one URL has no deadlines left, so with every node hung it hears from the gateway in time", async () => {
  const clock = createFakeClock();
  const gateway = (under = await startTestGateway({ nodes: [() => undefined, () => undefined], clock }));
  const asked = duties.map(async ([method, path]) => {
    const answer = await fetch(gateway.url + path, method === "POST" ? { method, body: "[]" } : { method });
    return [path, answer.status, clock.monotonic() < thirdOfSlotMs] as const;
  });
  await expect.poll(() => gateway.gateway.stats().inFlight).toBe(duties.length);
  await clock.advance(thirdOfSlotMs - 1);
  const answers = await Promise.all(asked);
  // Liveness has its own word for it: fewer than two nodes spoke.
  expect(answers).toEqual(duties.map(([, path]) => [path, path.includes("liveness") ? 503 : 504, true]));
});
