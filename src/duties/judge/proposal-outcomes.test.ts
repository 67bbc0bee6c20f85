import { expect, test } from "vitest";
import type { BlockFacts, TransferFacts } from "../types.ts";
import { testBlock, testCommittees, testInput, testSpec } from "./chain-fixture.ts";
import { judgeEpoch } from "./judge-epoch.ts";
import type { ProposalPolicy, RelayDelivery } from "./judge-input.ts";

const spec = testSpec(8, ["electra", 0]);
const committees = testCommittees(spec, 2, 1, 1);
const own = "0x00000000000000000000000000000000000000aa";
const builder = "0x00000000000000000000000000000000000000bb";

function faultOf(
  feeRecipient: string,
  policy: ProposalPolicy,
  delivery: RelayDelivery | undefined,
  lastTransfer?: TransferFacts,
) {
  const payload = {
    ...{ feeRecipient, blockHash: "0xhash", blockNumber: 1, gasUsed: 1, transactions: 1, extraData: "" },
    ...(lastTransfer && { lastTransfer }),
  };
  const blocks = [testBlock(16, { fork: "electra", payload })];
  const proposers = [16, 0, 0, 0, 0, 0, 0, 0];
  const input = testInput({ spec, committees, blocks }, [16], {
    proposers,
    policyOf: () => policy,
    relayOf: () => delivery,
  });
  const { exceptions, caveats } = judgeEpoch(input);
  return (
    exceptions.find(({ kind }) => kind === "proposal")?.outcome ??
    (caveats.includes("relay-unknown") ? "unknown" : "right")
  );
}

const listed = [own];

test.each<[string, string, ProposalPolicy, RelayDelivery | undefined, string]>([
  ["its customer's address", own, { feeRecipients: listed, relays: "any" }, undefined, "right"],
  ["another address, no relay could be asked", builder, { feeRecipients: listed, relays: "any" }, undefined, "unknown"],
  [
    "another address, relays are forbidden",
    builder,
    { feeRecipients: listed, relays: "forbidden" },
    undefined,
    "wrong-fee-recipient",
  ],
  [
    "another address, no relay delivered it",
    builder,
    { feeRecipients: listed, relays: "any" },
    {},
    "wrong-fee-recipient",
  ],
  [
    "a builder's, paid to the customer",
    builder,
    { feeRecipients: listed, relays: "any" },
    { relay: "r", proposerFeeRecipient: own },
    "right",
  ],
  [
    "a builder's, paid to a stranger",
    builder,
    { feeRecipients: listed, relays: "any" },
    { relay: "r", proposerFeeRecipient: builder },
    "wrong-fee-recipient",
  ],
  ["any address where none is listed", builder, { feeRecipients: [], relays: "any" }, {}, "right"],
  ["own, but a relay is required", own, { feeRecipients: listed, relays: "required" }, {}, "wrong-relay"],
  [
    "own, a relay is required, none could be asked",
    own,
    { feeRecipients: listed, relays: "required" },
    undefined,
    "right",
  ],
  ["a relay's, which is forbidden", builder, { feeRecipients: [], relays: "forbidden" }, { relay: "r" }, "wrong-relay"],
])("a block that pays %s", (_, feeRecipient, policy, delivery, outcome) => {
  expect(faultOf(feeRecipient, policy, delivery)).toBe(outcome);
});

const promised: RelayDelivery = { relay: "r", proposerFeeRecipient: own, valuePromised: 5 };

test.each<[string, string, TransferFacts | undefined, string]>([
  ["less than promised in its last transaction", builder, { to: own, value: 4 }, "underpaid"],
  ["as promised", builder, { to: own, value: 5 }, "right"],
  ["somebody else there, so that nobody knows", builder, { to: builder, value: 1 }, "right"],
  ["by tips, its own address being the fee recipient", own, { to: own, value: 1 }, "right"],
  ["in no plain payment", builder, undefined, "right"],
])("a builder that pays the proposer %s", (_, feeRecipient, lastTransfer, outcome) => {
  expect(faultOf(feeRecipient, { feeRecipients: [], relays: "any" }, promised, lastTransfer)).toBe(outcome);
});

test("Gloas: the next block tells whether the payload was there; the bid names the fee recipient", () => {
  const gloas = testSpec(8, ["gloas", 0]);
  const bid = (slot: number, parent: number): Pick<BlockFacts, "bid"> => ({
    bid: {
      blockHash: `h${slot}`,
      parentBlockHash: `h${parent}`,
      feeRecipient: slot === 18 ? builder : own,
      builderIndex: 1,
      value: 1,
    },
  });
  const blocks = [
    testBlock(16, { fork: "gloas", ...bid(16, 15) }),
    testBlock(17, { fork: "gloas", ...bid(17, 16) }),
    testBlock(18, { fork: "gloas", ...bid(18, 16) }),
    testBlock(19, { fork: "gloas", ...bid(19, 18) }),
  ];
  const policyOf = (): ProposalPolicy => ({ feeRecipients: listed, relays: "any" });
  const input = testInput({ spec: gloas, committees, blocks }, [16, 17, 18, 19], { policyOf });
  const { exceptions, proposals, network } = judgeEpoch(input);
  expect(proposals.map(({ outcome }) => outcome)).toEqual(["proposed", "empty-payload", "proposed", "proposed"]);
  expect(exceptions.filter(({ kind }) => kind === "proposal").map(({ slot, outcome }) => [slot, outcome])).toEqual([
    [17, "empty-payload"],
    [18, "wrong-fee-recipient"],
  ]);
  expect(network.proposed).toBe(3);
});
