import fc from "fast-check";
import { expect, test } from "vitest";
import { findCause } from "./find-cause.ts";
import { causeReasons } from "./reasons.ts";
import { epoch, facts, slot, startAt } from "./testing/story.ts";
import { causeStories } from "./testing/stories.ts";
import type { CauseRecord, GatewaySlot, Message } from "./types.ts";

const gap = { fromAt: startAt, toAt: startAt + 1, isRestart: false };

/** Evidence of gateways that is lost: each field says whether its part is gone. What is lost leaves a gap, as the rings do. */
interface Loss {
  asked: boolean;
  messages: boolean;
  clients: boolean;
  arrivals: boolean;
  slots: boolean;
  samples: boolean;
  nodes: boolean;
  holds: boolean;
  coverage: boolean;
  facts: boolean;
}

const losses: fc.Arbitrary<Loss> = fc.record({
  asked: fc.boolean(),
  messages: fc.boolean(),
  clients: fc.boolean(),
  arrivals: fc.boolean(),
  slots: fc.boolean(),
  samples: fc.boolean(),
  nodes: fc.boolean(),
  holds: fc.boolean(),
  coverage: fc.boolean(),
  facts: fc.boolean(),
});

function without(record: CauseRecord, loss: Loss): CauseRecord {
  const thin = (sight: GatewaySlot): GatewaySlot => ({
    asked: loss.asked ? [] : sight.asked,
    blocks: loss.asked ? [] : sight.blocks,
    messages: loss.messages ? new Map<number, readonly Message[]>() : sight.messages,
    arrivals: loss.arrivals ? sight.arrivals.slice(1) : sight.arrivals,
    clients: loss.clients ? new Set() : sight.clients,
  });
  const kept = [...record.gateways].filter(([at]) => !loss.slots || at === slot);
  return {
    ...record,
    validators: loss.facts ? new Map([[7, facts({ homes: [] })]]) : record.validators,
    gateways: new Map(kept.map(([at, sight]) => [at, thin(sight)])),
    nodes: loss.nodes
      ? new Map()
      : new Map([...record.nodes].map(([key, samples]) => [key, loss.samples ? samples.slice(0, -1) : samples])),
    holds: loss.holds ? [] : record.holds,
    coverage: loss.coverage ? [] : record.coverage.map((each) => ({ ...each, gaps: [...each.gaps, gap] })),
  };
}

test("whatever evidence is lost: no rule throws, and no certain cause is another than with all of it", () => {
  fc.assert(
    fc.property(fc.constantFrom(...causeStories), losses, ({ lost, record, code }, loss) => {
      const finding = findCause(lost, without(record, loss));
      expect(Object.keys(causeReasons)).toContain(finding.code);
      if (finding.confidence === "certain") expect(finding.code).toBe(code);
    }),
    { numRuns: 3_000 },
  );
});

test("a cause that a gateway's evidence made certain is not certain while that has a gap", () => {
  const ofChain = [
    "slashed",
    "network-wide",
    "validator-inactive",
    "next-slot-empty",
    "wrong-fee-recipient",
    "wrong-relay",
    "underpaid",
  ];
  for (const { lost, record, code, confidence } of causeStories) {
    if (confidence !== "certain" || ofChain.includes(code)) continue;
    for (const coverage of [[], record.coverage.map((each) => ({ ...each, gaps: [gap] }))])
      expect(`${code} ${findCause(lost, { ...record, coverage }).confidence}`).not.toBe(`${code} certain`);
  }
});

test("a record of nothing at all", () => {
  for (const { lost, record } of causeStories) {
    const { network, chain } = record;
    const bare: CauseRecord = {
      ...{ network, chain: { ...chain, orphans: [] }, validators: new Map(), gateways: new Map() },
      ...{ nodes: new Map(), holds: [], coverage: [] },
    };
    expect(() => findCause({ ...lost, epoch }, bare)).not.toThrow();
  }
});
