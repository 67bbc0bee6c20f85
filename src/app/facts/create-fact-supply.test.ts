import { expect, test } from "vitest";
import { defaultRules } from "../../alerts/default-rules.ts";
import { factCatalogue, factNamed } from "../../alerts/fact-catalogue.ts";
import { evaluateRules } from "../../alerts/state/evaluate-rules.ts";
import { emptyTotals } from "../../duties/totals.ts";
import type { CohortTotals, EpochResult } from "../../duties/types.ts";
import { createSuppliedMonitor } from "./testing/supplied-monitor.ts";
import { epochMs, epochOf, epochStartAt, type Vote } from "./testing/made-up-epoch.ts";
import { valueOf } from "./testing/read-facts.ts";

const all = { scope: "all", by: "count" };
const down = (): Vote => "missed";
/** When the watch over duties looks: shortly before the slot ends. */
const judgedAt = (epoch: number) => epochStartAt(epoch + 2) + 10_200;

async function supplied(nowEpoch: number, stored: readonly EpochResult[] = [], past: readonly CohortTotals[] = []) {
  const monitor = createSuppliedMonitor(epochStartAt(nowEpoch) + 10_200, stored, past);
  monitor.supply.facts(monitor.clock.now());
  await monitor.clock.advance(0);
  return monitor;
}

test("every fact of the catalogue is supplied, or says what it needs; each has a name and labels of the catalogue", async () => {
  const early = epochOf(394, createSuppliedMonitor(0, []).fleet);
  const monitor = await supplied(410, [early], early.cohorts);
  const { fleet } = monitor;
  for (let epoch = 395; epoch <= 408; epoch += 1) {
    const sync = [{ validatorIndex: 0, seats: 1, duties: 32, hits: 32, earned: 0, ideal: 0 }];
    monitor.store(epochOf(epoch, fleet, undefined, { sync }));
  }
  monitor.store(
    epochOf(408, fleet, undefined, { network: { ...emptyTotals(), assigned: 10, timelyTarget: 9, included: 9 } }),
  );
  await monitor.clock.advance(epochMs);
  monitor.hearRequests();
  const facts = monitor.supply.facts(monitor.clock.now());
  const found = new Set(facts.map(({ name }) => name));
  const without = factCatalogue.filter(({ name }) => !found.has(name)).map(({ name, needs }) => ({ name, needs }));
  expect(without.filter(({ needs }) => needs === undefined)).toEqual([]);
  expect(without.map(({ name }) => name)).toEqual([
    ...[
      "client_versions_outdated",
      "security_release_pending",
      "checkpoint_disagreements",
      "exit_requests_oldest_hours",
    ],
    ...["unplanned_exits", "host_hardware_errors"],
  ]);
  for (const { name, labels } of facts)
    for (const label of Object.keys(labels)) expect(factNamed(name)?.labels, `${name} ${label}`).toContain(label);
  monitor.supply.stop();
});

test("two bad epochs page; the facts end with the next good ones", async () => {
  const monitor = await supplied(103);
  const { fleet, clock, supply } = monitor;
  const page = () => {
    const { states } = evaluateRules(defaultRules, { facts: supply.facts(clock.now()) }, [], clock.now());
    return states
      .filter(({ kind, severity }) => kind === "firing" && severity === "critical")
      .map(({ labels }) => labels["alertname"]);
  };
  for (const [epoch, votes] of [
    [99, undefined],
    [100, down],
    [101, down],
  ] as const)
    monitor.store(epochOf(epoch, fleet, votes));
  expect(page()).toContain("Underperforming");
  for (const epoch of [102, 103]) {
    await clock.advance(epochMs);
    monitor.hearRequests();
    monitor.store(epochOf(epoch, fleet));
  }
  expect(page()).toEqual([]);
});

test("epochs that are read back after a pause raise nothing: what they say is long over", async () => {
  const monitor = await supplied(200);
  const { fleet, clock, supply } = monitor;
  let told = 0;
  supply.onChange(() => (told += 1));
  for (let epoch = 100; epoch <= 190; epoch += 1) {
    monitor.store(epochOf(epoch, fleet, down));
    const facts = supply.facts(clock.now());
    expect(valueOf(facts, "underperforming_ratio", all)).toBeUndefined();
    expect(evaluateRules(defaultRules, { facts }, [], clock.now()).states).toEqual([]);
  }
  for (let epoch = 191; epoch <= 198; epoch += 1) monitor.store(epochOf(epoch, fleet));
  expect(valueOf(supply.facts(clock.now()), "underperforming_ratio", all)).toBe(0);
  expect(told).toBe(99);
});

test("a later judgement of an older epoch changes nothing about now", async () => {
  const monitor = await supplied(103);
  const { fleet, clock, supply } = monitor;
  for (const epoch of [98, 99, 100, 101]) monitor.store(epochOf(epoch, fleet));
  const before = valueOf(supply.facts(clock.now()), "missed_attestations_ratio");
  monitor.store(epochOf(98, fleet, down, { state: "final" }));
  expect(valueOf(supply.facts(clock.now()), "missed_attestations_ratio")).toBe(before);
});

test("a restart forgets nothing: recent epochs, missed blocks and slashings are read from the store", async () => {
  const fleet = createSuppliedMonitor(0, []).fleet;
  const proposal = { slot: 101 * 32, validatorIndex: 0, outcome: "missed" as const, root: undefined };
  const missing = { ...proposal, feeRecipient: undefined, reward: undefined, lost: undefined };
  const slashing = { slot: 5, validatorIndex: 1, offence: "attester" as const };
  const stored = [98, 99, 100, 101].map((epoch) =>
    epochOf(
      epoch,
      fleet,
      epoch >= 100 ? down : undefined,
      epoch === 101 ? { proposals: [missing], slashings: [slashing] } : {},
    ),
  );
  const monitor = await supplied(103, stored);
  const facts = monitor.supply.facts(monitor.clock.now());
  expect(valueOf(facts, "underperforming_ratio", all)).toBe(1);
  const subject = { customer: "a", group: "main", validatorClient: "vc1" };
  expect(valueOf(facts, "missed_proposals", subject)).toBe(1);
  const owner = { customer: "a", group: "main" };
  expect(valueOf(facts, "own_validators_slashed", owner)).toBe(1);
  monitor.closed.add(1);
  await monitor.clock.advance(10_000);
  expect(valueOf(monitor.supply.facts(monitor.clock.now()), "own_validators_slashed", owner)).toBe(0);
});

test("without validators there are no facts about duties", async () => {
  const monitor = await supplied(103);
  monitor.store(epochOf(101, monitor.fleet));
  monitor.isOn = false;
  const names = new Set(monitor.supply.facts(monitor.clock.now() + 10_000).map(({ name }) => name));
  expect(names).toContain("finality_lag_epochs");
  for (const name of ["underperforming_ratio", "missed_proposals", "own_validators_slashed", "duties_unjudged_epochs"])
    expect(names).not.toContain(name);
});

test("what the configuration no longer names is removed", async () => {
  const { supply, clock, config } = await supplied(103);
  expect(supply.removed(clock.now())).toEqual([]);
  supply.reconfigure({ ...config, nodes: [], hosts: [] });
  expect(supply.removed(clock.now())).toEqual([{ node: "bn1" }, { node: "bn2" }, { host: "h1" }]);
});

test("history: what would have been known at each judged epoch and minute, and what nobody keeps", async () => {
  const monitor = await supplied(103);
  const { fleet, supply } = monitor;
  for (let epoch = 90; epoch <= 101; epoch += 1)
    monitor.store(epochOf(epoch, fleet, epoch === 95 || epoch === 96 ? down : undefined));
  monitor.sample({ at: epochStartAt(99), readyNodes: 1 }, { at: epochStartAt(99) + 5_000, readyNodes: 0 });
  const { frames, factsWithout } = await supply.history(judgedAt(94), judgedAt(101));
  const bad = frames.filter(({ facts }) => (valueOf(facts, "underperforming_ratio", all) ?? 0) > 0.05);
  // The epochs 96 and 97 have two bad ones among their last three.
  expect(bad.map(({ at }) => at)).toEqual([epochStartAt(98), epochStartAt(99)]);
  const ready = frames.flatMap(({ facts }) => valueOf(facts, "upstream_ready_count", { group: "main" }) ?? []);
  expect(ready).toEqual([0]);
  expect(frames.map(({ at }) => at)).toEqual(frames.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(factsWithout).toContain("disk_days_to_full");
  expect(factsWithout).not.toContain("finality_lag_epochs");
});
