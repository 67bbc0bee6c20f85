import fc from "fast-check";
import { expect, test } from "vitest";
import { carries } from "../../alerts/labels.ts";
import { assess } from "./assess.ts";
import { day, fleet, nothingKnown, now } from "./assessment-fixture.ts";
import type { AssessmentInput, Victim } from "./input.ts";

const label = (values: readonly string[]) => fc.constantFrom(...values);
const labels = fc.record(
  {
    validatorClient: label(["vc1", "vc2", "vc3"]),
    group: label(["a", "b"]),
    host: label(["h1", "h2", "h3", "h4"]),
    customer: label(["acme", "globex"]),
    region: label(["eu", "us"]),
  },
  { requiredKeys: ["group"] },
);
const groups = fc.array(fc.record({ labels, validators: fc.integer({ min: 1, max: 40 }) }), {
  minLength: 1,
  maxLength: 12,
});

/** A fleet of which those with some labels are hit, most of the time, and others now and then. */
const fleets = fc
  .record({
    groups,
    hit: labels,
    keys: fc.subarray(["validatorClient", "group", "host", "region"] as const, { minLength: 1 }),
  })
  .chain(({ groups: of, hit, keys }) =>
    fc
      .record({
        odds: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 480, maxLength: 480 }),
        noise: fc.constantFrom(0, 2, 10),
      })
      .map(({ odds, noise }) => {
        const wanted = Object.fromEntries(keys.flatMap((key) => (hit[key] === undefined ? [] : [[key, hit[key]]])));
        let at = 0;
        return fleet(of, (own) => (odds[at++ % odds.length] ?? 0) < (carries(own, wanted) ? 95 : noise));
      }),
  );

test("every label set that is named covers nine in ten of the victims, and its figures are those of the fleet", () => {
  let named = 0;
  fc.assert(
    fc.property(fleets, (of) => {
      const { cohorts } = assess(day(of), now);
      for (const { labels: set, coverage, density, victims, validators } of cohorts) {
        named++;
        const inside = of.victims.filter((victim) => carries(victim.labels, set)).length;
        const members = of.watched
          .filter((group) => carries(group.labels, set))
          .reduce((sum, group) => sum + group.validators, 0);
        const all = of.watched.reduce((sum, group) => sum + group.validators, 0);
        expect({ victims, validators }).toEqual({ victims: inside, validators: members });
        expect(inside).toBeGreaterThanOrEqual(0.9 * of.victims.length);
        expect(coverage).toBeCloseTo(inside / of.victims.length, 12);
        expect(density).toBeCloseTo(inside / members, 12);
        expect(members).toBeLessThan(all);
      }
    }),
    { numRuns: 300 },
  );
  expect(named).toBeGreaterThan(50);
});

test("the order of validators, and how labels are shared as objects, changes nothing", () => {
  fc.assert(
    fc.property(fleets, fc.infiniteStream(fc.nat()), (of, random) => {
      const keys = new Map(of.victims.map((victim) => [victim, random.next().value ?? 0]));
      const shuffled = of.victims
        .toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0))
        .map((victim): Victim => ({ ...victim, labels: Object.fromEntries(Object.entries(victim.labels).reverse()) }));
      const watched = of.watched.flatMap(({ labels: own, validators }) => [
        { labels: own, validators: validators - 1 },
        { labels: { ...own }, validators: 1 },
      ]);
      const other = assess(day({ watched: watched.reverse(), victims: shuffled }), now);
      const sorted = assess(day(of), now);
      expect(other.cohorts.map(({ labels: set }) => new Set(Object.entries(set).map(String)))).toEqual(
        sorted.cohorts.map(({ labels: set }) => new Set(Object.entries(set).map(String))),
      );
      expect({ ...other, cohorts: [], sentence: "", evidence: [] }).toEqual({
        ...sorted,
        cohorts: [],
        sentence: "",
        evidence: [],
      });
    }),
  );
});

/** Everything may be missing; what is there knows nothing of the chain beyond ours. */
const blind = fc
  .record({
    of: fleets,
    hasFleet: fc.boolean(),
    hasVictims: fc.boolean(),
    rate: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ of, hasFleet, hasVictims, rate }): AssessmentInput => ({
    ...nothingKnown,
    watched: hasFleet ? of.watched : [],
    victims: hasFleet && hasVictims ? of.victims : [],
    epochs: hasVictims ? day(of).epochs.map(({ own, ...epoch }) => ({ ...epoch, own, network: own })) : [],
    ordinaryRate: rate,
  }));

test("without knowledge of the network nothing is called the network's or one key's", () => {
  fc.assert(
    fc.property(blind, (input) => {
      expect(assess(input, now).scope).toBe("unknown");
    }),
  );
});
