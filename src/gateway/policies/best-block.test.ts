import { expect, test } from "vitest";
import { decideBestBlock, type BestBlockState, type BlockCandidate } from "./best-block.ts";
import type { ProducedBlock } from "./produced-block.ts";

const own = `0x${"11".repeat(20)}`;
const foreign = `0x${"22".repeat(20)}`;

function candidate(node: string, change: Partial<ProducedBlock> = {}): BlockCandidate {
  return {
    answer: { node, isReady: true, status: 200, headers: {}, body: Buffer.alloc(0), failure: undefined },
    block: {
      parentRoot: "head",
      stateRoot: "s",
      proposerIndex: "4",
      feeRecipient: own,
      isBlinded: false,
      isPayloadIncluded: undefined,
      payloadValue: 10n,
      consensusValue: 5n,
      ...change,
    },
  };
}

function decide(candidates: readonly BlockCandidate[], change: Partial<BestBlockState> = {}) {
  return decideBestBlock({
    candidates,
    isAnybodyPending: false,
    isLate: false,
    isExpired: false,
    viewHeadRoot: "head",
    allowedRecipients: [],
    preparedRecipient: () => undefined,
    blindedBoostPercent: 100,
    isValueComparable: true,
    ...change,
  });
}

const served = (...args: Parameters<typeof decide>) => {
  const decision = decide(...args);
  return decision.kind === "serve" ? decision.candidate.answer.node : decision.kind;
};

test("the most valuable block is served: payload and consensus value together", () => {
  expect(served([candidate("a"), candidate("b", { payloadValue: 9n, consensusValue: 7n })])).toBe("b");
});

test("of equal ones the first in the order of the view is served", () => {
  expect(served([candidate("a"), candidate("b")])).toBe("a");
});

test("the boost weighs a blinded block's payload against a full one's", () => {
  const blocks = [candidate("full"), candidate("blinded", { isBlinded: true, payloadValue: 11n })];
  expect(served(blocks)).toBe("blinded");
  expect(served(blocks, { blindedBoostPercent: 90 })).toBe("full");
});

test("a block on another parent is served only if no other is there, however valuable", () => {
  const rich = candidate("b", { parentRoot: "other", payloadValue: 10n ** 20n });
  expect(served([candidate("a"), rich])).toBe("a");
  expect(served([rich])).toBe("b");
});

test("a fee recipient off the list is never served; of a builder's header it cannot be told", () => {
  const allowedRecipients = [own];
  const stray = candidate("a", { feeRecipient: foreign, payloadValue: 99n });
  expect(served([stray, candidate("b")], { allowedRecipients })).toBe("b");
  expect(served([stray, candidate("b", { isBlinded: true, feeRecipient: undefined })], { allowedRecipients })).toBe(
    "b",
  );
  expect(decide([stray], { allowedRecipients })).toEqual({ kind: "not-allowed", recipients: [foreign] });
  expect(decide([stray], { allowedRecipients, isAnybodyPending: true, isLate: true })).toEqual({ kind: "wait" });
});

test("a recipient that could not be read is allowed, and comes last", () => {
  const unreadable = candidate("a", { feeRecipient: undefined, payloadValue: 99n });
  expect(served([unreadable, candidate("b")], { allowedRecipients: [own] })).toBe("b");
  expect(served([unreadable], { allowedRecipients: [own] })).toBe("a");
});

test("a node that has forgotten whom the proposer wants paid comes after one that knows", () => {
  const forgetful = candidate("a", { feeRecipient: `0x${"00".repeat(20)}`, payloadValue: 99n });
  const preparedRecipient = (index: string) => (index === "4" ? own : undefined);
  expect(served([forgetful, candidate("b")], { preparedRecipient })).toBe("b");
  expect(served([forgetful], { preparedRecipient })).toBe("a");
});

test("a known value is preferred to an unknown one, and without comparable values the view's order decides", () => {
  const unknown = candidate("a", { payloadValue: undefined });
  expect(served([unknown, candidate("b", { payloadValue: 0n, consensusValue: 0n })])).toBe("b");
  expect(served([candidate("a"), candidate("b", { payloadValue: 99n })], { isValueComparable: false })).toBe("a");
});

test("gloas has no payload values: the block's own value counts", () => {
  const gloas = (node: string, consensusValue: bigint) =>
    candidate(node, { payloadValue: undefined, isPayloadIncluded: false, consensusValue });
  expect(served([gloas("a", 1n), gloas("b", 2n)])).toBe("b");
});

test("all are waited for until the soft deadline, then one block is enough", () => {
  const waiting = { isAnybodyPending: true };
  expect(served([candidate("a")], waiting)).toBe("wait");
  expect(served([candidate("a")], { ...waiting, isLate: true })).toBe("a");
  expect(served([], { ...waiting, isLate: true })).toBe("wait");
  expect(served([], { ...waiting, isExpired: true })).toBe("none");
});
