import { expect, test } from "vitest";
import type { DutiesNow, DutyExplanation, FleetPage, ValidatorRow } from "../../api/contract-duties.ts";
import { noDuties } from "../../api/testing/no-duties.ts";
import { heatCells } from "../../duties/heat-cells.ts";
import { dutyBits, type DutyException } from "../../duties/types.ts";
import { percent, shareOf } from "./amounts.ts";
import { cohortsText } from "./cohorts-text.ts";
import { dutiesText, epochText } from "./duties-text.ts";
import { missProof, root, totalsOf } from "./fixtures.ts";
import { fleetExitStatus, fleetText } from "./fleet-text.ts";
import { nextText } from "./next-text.ts";
import { recentStrip } from "./recent-strip.ts";
import { validatorsText } from "./validators-text.ts";
import { whyExitStatus, whyText } from "./why-text.ts";

const key = `0x${"ab".repeat(48)}`;
const row: ValidatorRow = {
  ...{ index: 5, pubkey: key, labels: { customer: "acme" }, status: "active_ongoing" },
  ...{ effectiveBalance: 32e9, balance: 32_004_718_231, recent: [heatCells.perfect, heatCells.missed] },
};
const lost: DutyException = {
  ...{ epoch: 8, slot: 65, validatorIndex: 5, kind: "attestation", outcome: "missed", detail: 0, lost: 2043 },
  cause: {
    ...{ code: "client-silent", confidence: "likely" },
    evidence: [{ origin: "gateway:main", at: 1_700_000_000_000, text: "no request since 12:00" }],
  },
};
const state = { ...{ headRoot: root("a"), fork: "fulu" as const, rewards: "none" as const, caveats: [], judgedAt: 1 } };
const following: DutiesNow = {
  ...noDuties().now(),
  ...{ state: "following", sentence: "Every duty is judged as the chain goes on.", watched: 16, network: 64 },
  ...{ currentEpoch: 12, provisionalEpoch: 10, finalEpoch: 8, finalizedEpoch: 10 },
  cost: { requests: 41, bytesReceived: 261_500, bytesSent: 10, epoch: 11 },
};
const fleet: FleetPage = { ...noDuties().fleet(), validators: 3, statuses: { active_ongoing: 2, unknown: 1 } };

test("shares are never rounded up to a hundred, nor an unknown one to 0", () => {
  expect([percent(0.99999), percent(1), percent(0), percent(0.00001), percent(shareOf(0, 0))]).toEqual([
    ...["99.99 %", "100.00 %", "0.00 %", "<0.01 %", "unknown"],
  ]);
});

test("duties: state, epochs, gaps, causes with what they have in common, what comes next", () => {
  const text = dutiesText({
    now: following,
    epochs: [{ ...state, epoch: 10, state: "provisional", network: totalsOf(64, 1), watched: totalsOf(16, 1) }],
    gaps: [{ fromEpoch: 3, toEpoch: 5, reason: "state-pruned", detail: "no node holds it", recordedAt: 1 }],
    causes: {
      ...{ lost: 4, unknownShare: 0.25 },
      causes: [{ code: "client-silent", lost: 3, validators: 2, lostGwei: 99 }],
      blastRadius: [{ labels: { host: "h1" }, lost: 3, assigned: 4, share: 0.75, explains: 0.75, lift: 12 }],
    },
    next: { knownToEpoch: 13, duties: [] },
  });
  expect(text).toContain("epoch 12 runs, judged up to 10 (provisional) and 8 (final), finalized 10");
  expect(text).toMatch(/\n10 +provisional +16 +1 +93\.75 % +98\.44 %/);
  expect(text).toContain("GAP: epochs 3 to 5 were not judged: no node holds it");
  expect(text).toMatch(/4 losses .*25\.00 % of them with an unknown cause/);
  expect(text).toMatch(/validator client silent +client-silent +3 +2 +99/);
  expect(text).toContain(
    "host=h1: 3 of its 4 duties (75.00 %), 75.00 % of all losses, 12.0 times everybody else's share",
  );
});

test("duties that are off say so, and nothing that is not known", () => {
  const nothing = { lost: 0, unknownShare: 0, causes: [], blastRadius: [] };
  const report = { now: noDuties().now(), epochs: [], gaps: [], causes: nothing, next: noDuties().next() };
  expect(dutiesText(report)).toBe("No validator is configured.\n");
});

test("one epoch: losses with their causes, and the command that explains one", () => {
  const detail = { ...state, epoch: 8, state: "final" as const, network: totalsOf(64, 1), watched: totalsOf(16, 1) };
  const epoch = { ...detail, slots: [], cohorts: [], proposals: [], sync: [], slashings: [] };
  const text = epochText({ epoch, lost: [lost], hasMore: true });
  expect(text).toMatch(/^Epoch 8: 1 or more of our duties was lost/);
  expect(text).toMatch(/5 +65 +- +- +attestation +missed +- +2043 +validator client silent \(likely\)/);
  expect(text).toContain("slotkeeper validators why ID --epoch 8");
});

test("why: the outcome in words, cause, confidence, evidence, proof and how to check it", () => {
  const outcome = { ...{ epoch: 8, state: "final" as const, duty: dutyBits.assigned, delay: 0, emptySlots: 0 } };
  const explained: DutyExplanation = {
    ...{ validator: row, epoch: 8, proof: missProof, network: { assigned: 8, included: 7, timelyHead: 7 } },
    outcome: {
      ...{ ...outcome, earned: -5, ideal: 9, rewards: "node", balance: undefined, exceptions: [lost] },
      ...{ proposals: [], sync: undefined },
    },
  };
  const text = whyText(explained);
  expect(text).toMatch(/^validator 5 \(0xabab\w+\), epoch 8, final\ncustomer=acme\n/);
  expect(text).toContain("It earned -5 gwei of 9 possible.");
  expect(text).toContain("87.50 % were included");
  expect(text).toContain("cause: validator client silent (client-silent), likely");
  expect(text).toContain("gateway:main at 2023-11-14 22:13:20 UTC: no request since 12:00");
  expect(text).toContain('"$BEACON/eth/v1/beacon/states/65/committees?epoch=8&slot=65&index=1"');
  expect(whyExitStatus(explained)).toBe(0);
});

test("why of an epoch that nobody knows says so, and is no success", () => {
  const noProof = { code: "state-pruned", message: "No node holds the state of epoch 8 any more." };
  const explained = { validator: row, epoch: 8, outcome: undefined, proof: undefined, network: undefined, noProof };
  expect(whyText(explained)).toMatch(/not known: this epoch is not stored[\s\S]*no proof: No node holds the state/);
  expect(whyExitStatus(explained)).toBe(1);
});

test("a list of validators: short keys, coins, one sign per epoch", () => {
  const text = validatorsText({ total: 7, items: [row] });
  expect(text).toMatch(/\n5 +0xababab…abab +active_ongoing +32\.004718231 +\.M +customer=acme\n\n1 of 7; --limit/);
  expect(recentStrip([...Object.values(heatCells), 99])).toHaveLength(Object.keys(heatCells).length + 1);
});

test("cohorts beside the network; stake of everybody is unknown where it was not read", () => {
  const ours = { key: "customer", value: "acme", totals: totalsOf(8, 1), previous: totalsOf(8, 0) };
  const network = { ...totalsOf(64, 1), stake: 0, stakeAssigned: 0, stakeIncluded: 0 };
  const text = cohortsText({ fromEpoch: 1, toEpoch: 8, epochs: 8, network, cohorts: [ours, ours], cut: 3 }, 1);
  expect(text).toMatch(/everybody +64 +unknown +98\.44 % +- +unknown/);
  expect(text).toMatch(/customer=acme +8 +256 +87\.50 % +100\.00 % +87\.50 %/);
  expect(text).toContain("4 more cohorts are not shown");
});

test("the inventory: danger first; a place that could not be read is unknown, not empty", () => {
  const doubled = [{ pubkey: key, places: ["vc1", "vc2"] }];
  const bad: FleetPage = {
    ...fleet,
    sources: [
      { name: "a", kind: "csv", validators: 3, readAt: 1_700_000_000_000, skipped: ["line 4"] },
      {
        ...{ name: "b", kind: "text", validators: 0, readAt: undefined, skipped: [] },
        error: { code: "x", message: "no such file", at: 1 },
      },
    ],
    conflicts: [
      {
        validator: key,
        label: "customer",
        claims: [
          { source: "a", value: "x" },
          { source: "b", value: "y" },
        ],
      },
    ],
    findings: [{ reason: "empty-source", about: "b", validators: 0, detail: "" }],
    keys: [
      {
        ...{ place: "vc1", kind: "validator-client", checkedAt: 1, expected: 4, loaded: undefined },
        ...{ missing: [key], unexpected: [], doubled, counts: { missing: 9, unexpected: 0, doubled: 1 } },
      },
    ],
  };
  const text = fleetText(bad);
  expect(text).toMatch(
    /^DANGER: 1 key of vc1 is loaded elsewhere too\. Stop one of the clients now.*\n {2}0x(ab)+: vc1, vc2\nCONFLICT/,
  );
  expect(text).toContain("3 validators: 2 active_ongoing, 1 unknown");
  expect(text).toMatch(/b +text +0 +never +FAILS: no such file/);
  expect(text).toMatch(/vc1 +validator-client +4 +unknown +9 +0 +1/);
  expect(text).toContain("missing at vc1: 0xababab…abab and 8 more");
  expect([fleetExitStatus(bad), fleetExitStatus(fleet)]).toEqual([1, 0]);
});

test("what comes next, soonest first; nothing known is not nothing due", () => {
  const duty = { kind: "proposal" as const, validatorIndex: 5, untilSlot: 10, untilAt: 2, pubkey: undefined };
  const duties = [
    { ...duty, slot: 9, at: 1_700_000_012_000 },
    { ...duty, slot: 8, at: 1_700_000_000_000 },
  ];
  expect(nextText({ duties, knownToEpoch: 3 }, 1)).toMatch(
    /up to epoch 3\.\nwhen.*\n2023-11-14 22:13:20 UTC +proposal +5 +unknown +8\n… and 1 more/,
  );
  expect(nextText({ duties: [], knownToEpoch: undefined }, 1)).toMatch(/^Whose turn comes next is not known yet/);
});
