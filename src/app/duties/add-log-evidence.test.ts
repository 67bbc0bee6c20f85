import { expect, test } from "vitest";
import type { CauseOf, LostContext, LostDuty } from "../../duties/judge/lost-duty.ts";
import { addLogEvidence } from "./add-log-evidence.ts";

const timing = { spec: { slotDurationMs: 12_000, slotsPerEpoch: 32 }, genesis: { genesisTimeMs: 0 } };
const lost = (validatorIndex: number, slot = 10) => ({ validatorIndex, slot }) as LostDuty;
const context = {} as LostContext;
const slowNode: CauseOf = () => ({
  ...{ code: "slow-node", confidence: "likely" },
  evidence: [{ origin: "node:bn1", at: 1, text: "late" }],
});

test("what the logs of the node and of the client said around the slot stands below the finding, which stays as it is", () => {
  const asked: unknown[] = [];
  const causeOf = addLogEvidence(
    slowNode,
    timing,
    (about, fromAt, toAt) => {
      asked.push([about, fromAt, toAt]);
      return [{ origin: `log:${about.node ?? about.validatorClient}`, at: fromAt, text: "line" }];
    },
    (index) => (index === 1 ? "vc1" : undefined),
  );
  const { code, confidence, evidence } = causeOf(lost(1), context);
  expect([code, confidence]).toEqual(["slow-node", "likely"]);
  expect(evidence.map(({ origin }) => origin)).toEqual(["node:bn1", "log:bn1", "log:vc1"]);
  expect(causeOf(lost(2), context).evidence.map(({ origin }) => origin)).toEqual(["node:bn1", "log:bn1"]);
  // The node's lines of slot 10 were looked up once.
  expect(asked).toEqual([
    [{ node: "bn1" }, 108_000, 144_000],
    [{ validatorClient: "vc1" }, 108_000, 144_000],
  ]);
});

test("without a line the finding is the same object", () => {
  const finding = slowNode(lost(1), context);
  const causeOf = addLogEvidence(
    () => finding,
    timing,
    () => [],
    () => "vc1",
  );
  expect(causeOf(lost(1), context)).toBe(finding);
});
