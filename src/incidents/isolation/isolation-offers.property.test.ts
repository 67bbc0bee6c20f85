import fc from "fast-check";
import { expect, test } from "vitest";
import { isolationOffers } from "./isolation-offers.ts";
import type { IsolationOffer, OfferGroup, OfferInput } from "./types.ts";

const now = 1_700_000_000_000;
const name = (prefix: string, count: number) => fc.integer({ min: 1, max: count }).map((index) => `${prefix}${index}`);

const node = fc.record({
  node: name("bn", 6),
  operator: fc.constantFrom("active", "active", "active", "cordoned", "draining", "maintenance", undefined),
  isReady: fc.constantFrom(true, true, true, false, undefined),
  host: fc.option(name("h", 3), { nil: undefined }),
  clientFamily: fc.constantFrom("lodestar/geth", "prysm/unknown"),
  differs: fc.constantFrom(false, false, false, true),
  labels: fc.constantFrom({}, { provider: "p1" }),
});
const group = fc.record({
  gateway: name("gw", 2),
  group: name("g", 2),
  isKnown: fc.constantFrom(true, true, true, false),
  nodes: fc.uniqueArray(node, { maxLength: 5, selector: (each) => each.node }),
  hold: fc.constantFrom(undefined, undefined, { by: "ada", reason: "slashed" }),
  validators: fc.constantFrom(undefined, 0, 1, 500),
  proposals: fc.array(fc.record({ slot: fc.nat(), at: fc.integer({ min: now - 9_000, max: now + 90_000 }) }), {
    maxLength: 3,
  }),
});
const input: fc.Arbitrary<OfferInput> = fc.record({
  groups: fc.uniqueArray(group, { maxLength: 4, selector: (each) => `${each.gateway}/${each.group}` }),
  cohorts: fc.subarray([
    { labels: { host: "h1" } },
    { labels: { client: "prysm", group: "g1" } },
    { labels: { customer: "x" } },
  ]),
  suspects: fc.subarray(["bn1", "h2"]),
  slashedGroups: fc.subarray(["g1"]),
});

/** Nodes of a group that serve once the steps are done; written on its own, from what the words say. */
function servingAfter({ gateway, group: of, nodes, isKnown }: OfferGroup, { steps }: IsolationOffer): string[] {
  const gone = steps.flatMap((step) =>
    step.kind !== "hold" && step.gateway === gateway && step.group === of ? step.node : [],
  );
  const isServing = (each: OfferGroup["nodes"][number]) =>
    each.isReady === true && each.operator === "active" && each.differs === false;
  return isKnown ? nodes.filter((each) => isServing(each) && !gone.includes(each.node)).map((each) => each.node) : [];
}

test("no allowed offer leaves a group without a node that serves, but a hold; there is no other kind", () => {
  let allowed = 0;
  fc.assert(
    fc.property(input, (given) => {
      const offers = isolationOffers(given, now);
      expect(new Set(offers.map(({ id }) => id)).size).toBe(offers.length);
      for (const offer of offers) {
        expect(["cordon", "drain", "take-out", "hold"]).toContain(offer.kind);
        for (const step of offer.steps) expect(["cordon", "drain", "hold"]).toContain(step.kind);
        for (const text of [offer.does, offer.costs, offer.why]) expect(text).not.toBe("");
        if (!offer.isAllowed) continue;
        allowed += 1;
        expect(offer.steps.length).toBeGreaterThan(0);
        const touched = given.groups.filter((each) =>
          offer.steps.some((step) => step.gateway === each.gateway && step.group === each.group),
        );
        expect(touched.length).toBeGreaterThan(0);
        for (const each of touched) {
          expect(each.isKnown).toBe(true);
          if (offer.kind !== "hold") expect(servingAfter(each, offer)).not.toEqual([]);
          else expect(each.hold).toBeUndefined();
        }
      }
      for (const each of given.groups.filter((known) => given.slashedGroups.includes(known.group)))
        expect(offers.filter(({ id }) => id === `hold:${each.gateway}:${each.group}`)).toHaveLength(1);
    }),
    { numRuns: 400 },
  );
  expect(allowed).toBeGreaterThan(100);
});
