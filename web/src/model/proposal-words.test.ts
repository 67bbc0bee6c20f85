import { expect, it } from "vitest";
import type { GroupStatus } from "../../../src/control/types.ts";
import { comingProposals, nextProposalWords } from "./proposal-words.ts";

const network = { genesisTimeMs: 0, slotDurationMs: 12_000, slotsPerEpoch: 32 };
const groupWith = (slots: readonly number[]) =>
  ({ network, proposals: slots.map((slot) => ({ slot, validatorIndex: 1 })) }) as unknown as GroupStatus;

it("shows the next proposals in order, the one of the present slot included, past ones not", () => {
  const coming = comingProposals(groupWith([14, 9, 10, 11]), 10 * 12_000 + 3_000);
  expect(coming.map(({ slot }) => slot)).toEqual([10, 11, 14]);
});

it("says when the next one is", () => {
  expect(nextProposalWords(groupWith([14]), 10 * 12_000)).toBe("the proposal of slot 14 (in 48 s)");
  expect(nextProposalWords(groupWith([10]), 10 * 12_000 + 1)).toBe("the proposal of slot 10 (now)");
});

it("says nothing where none is known", () => {
  expect(nextProposalWords({} as GroupStatus, 0)).toBeUndefined();
});

it("shows a proposal without its time while the network is not known", () => {
  const group = { ...groupWith([10]), network: undefined };
  expect(nextProposalWords(group, 0)).toBe("the proposal of slot 10 (at an unknown time)");
});
