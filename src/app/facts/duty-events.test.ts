import { expect, test } from "vitest";
import type { DutyException, ProposalOutcome, SyncOutcome } from "../../duties/types.ts";
import { emptyTotals } from "../../duties/totals.ts";
import { eventFacts, eventsOf, fleetOwners, noEvents, slashingFacts, syncFacts, withEvents } from "./duty-events.ts";
import { keepEpoch } from "./kept-epoch.ts";
import { noDuties, withEpoch } from "./recent-duties.ts";
import { epochOf, epochStartAt, fleetOf, timing } from "./testing/made-up-epoch.ts";
import { valueOf } from "./testing/read-facts.ts";

const fleet = fleetOf({ a: 2, b: 2 }, { group: "main", validatorClient: "vc1" });
const owners = fleetOwners(fleet);
const missed = (slot: number, validatorIndex: number): ProposalOutcome => ({
  ...{ slot, validatorIndex, outcome: "missed", root: undefined, feeRecipient: undefined, reward: undefined },
  lost: undefined,
});
const lost = (validatorIndex: number, outcome: DutyException["outcome"], code: string): DutyException => ({
  ...{ epoch: 100, slot: 3_200, validatorIndex, kind: "attestation", outcome, detail: 0, lost: undefined },
  cause: { code, confidence: "likely", evidence: [] },
});

test("a missed block counts once, with all labels of its validator, for an hour from its slot", () => {
  const events = withEvents(noEvents, 100, eventsOf({ proposals: [missed(3_200, 1)], exceptions: [] }), [], 235);
  const own = { customer: "a", group: "main", validatorClient: "vc1" };
  const at = (now: number) => eventFacts(events, owners, timing, 100, { now, hasRelays: false });
  const facts = at(epochStartAt(102));
  expect(valueOf(facts, "missed_proposals", own)).toBe(1);
  expect(facts.filter(({ name, value }) => name === "missed_proposals" && value > 0)).toHaveLength(1);
  expect(valueOf(facts, "missed_proposals", { ...own, customer: "b" })).toBe(0);
  expect(valueOf(at(epochStartAt(100) + 3_600_001), "missed_proposals", own)).toBe(0);
});

test("wrong fee recipients by customer for a day; relay breaches only where relays are known; unknown causes from ten on", () => {
  const exceptions = [lost(0, "wrong-fee-recipient", "x"), lost(2, "wrong-relay", "x")];
  const few = withEvents(noEvents, 100, eventsOf({ proposals: [], exceptions }), [], 235);
  const facts = eventFacts(few, owners, timing, 101, { now: epochStartAt(103), hasRelays: true });
  expect(valueOf(facts, "wrong_fee_recipient", { customer: "a" })).toBe(1);
  expect(valueOf(facts, "relay_policy_breaches", { customer: "b" })).toBe(1);
  expect(valueOf(facts, "unknown_cause_ratio")).toBe(0);
  const without = eventFacts(few, owners, timing, 101, { now: epochStartAt(103), hasRelays: false });
  expect(without.some(({ name }) => name === "relay_policy_breaches")).toBe(false);
  const later = eventFacts(few, owners, timing, 101, { now: epochStartAt(100) + 25 * 3_600_000, hasRelays: true });
  expect(valueOf(later, "wrong_fee_recipient", { customer: "a" })).toBe(0);
  const many = Array.from({ length: 10 }, (_, n) => lost(0, "missed", n < 4 ? "unknown" : "late-block"));
  const more = withEvents(few, 101, eventsOf({ proposals: [], exceptions: many }), [], 235);
  const told = eventFacts(more, owners, timing, 101, { now: epochStartAt(103), hasRelays: true });
  expect(valueOf(told, "unknown_cause_ratio")).toBeCloseTo(4 / 12);
});

test("a later judgement of an epoch replaces the earlier; a slashing stays until a person has closed it", () => {
  const slashing = { slot: 3_200, validatorIndex: 3, offence: "attester" } as const;
  const first = withEvents(noEvents, 100, eventsOf({ proposals: [missed(3_200, 1)], exceptions: [] }), [slashing], 5);
  const again = withEvents(first, 100, eventsOf({ proposals: [], exceptions: [] }), [], 5);
  const facts = eventFacts(again, owners, timing, 100, { now: epochStartAt(102), hasRelays: false });
  expect(facts.every(({ value }) => value === 0)).toBe(true);
  const far = withEvents(again, 900, eventsOf({ proposals: [], exceptions: [] }), [], 5);
  expect([...far.epochs.keys()]).toEqual([900]);
  const of = { customer: "b", group: "main" };
  expect(valueOf(slashingFacts(far, owners, new Set(), 1), "own_validators_slashed", of)).toBe(1);
  expect(valueOf(slashingFacts(far, owners, new Set([3]), 1), "own_validators_slashed", of)).toBe(0);
});

test("sync participation against the network's; without a seat nothing is below it", () => {
  const network = { ...emptyTotals(), syncDuties: 1_000, syncHits: 950 };
  const seat = (hits: number): SyncOutcome => ({
    ...{ validatorIndex: 0, seats: 1, duties: 32, hits, earned: 0, ideal: 0 },
  });
  const over = (hits: readonly number[]) =>
    hits.reduce(
      (recent, each, n) =>
        withEpoch(recent, keepEpoch(epochOf(100 + n, fleet, undefined, { network, sync: [seat(each)] })), 6),
      noDuties,
    );
  const facts = syncFacts(over([32, 0, 0]), owners, timing);
  const of = (customer: string) => ({ customer, group: "main" });
  expect(valueOf(facts, "sync_participation_ratio", of("a"))).toBeCloseTo(1 / 3);
  expect(valueOf(facts, "sync_participation_below_network", of("a"))).toBeCloseTo(0.95 - 1 / 3);
  expect(valueOf(facts, "sync_participation_ratio", of("b"))).toBeNaN();
  expect(valueOf(facts, "sync_participation_below_network", of("b"))).toBe(0);
  expect(syncFacts(over([32, 32]), owners, timing)).toEqual([]);
});
