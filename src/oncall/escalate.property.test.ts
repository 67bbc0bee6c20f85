import fc from "fast-check";
import { expect, test } from "vitest";
import { escalate, startEscalation } from "./escalate.ts";
import type { EscalationPolicy, EscalationResult, Page } from "./escalation.ts";
import { personOf } from "./testing/fixtures.ts";

const minuteMs = 60_000;
const names = ["ada", "ben", "cleo"];
const book = { schedules: [], people: names.map((name) => personOf(name)) };
const policies: fc.Arbitrary<EscalationPolicy> = fc.record({
  name: fc.constant("any"),
  steps: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 10 }).map((minutes) => minutes * minuteMs),
      // Some name nobody whom a page could reach.
      notify: fc.array(fc.record({ person: fc.constantFrom(...names, "nobody") }), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  repeats: fc.integer({ min: 0, max: 3 }),
  repeatAfterMs: fc.integer({ min: 1, max: 20 }).map((minutes) => minutes * minuteMs),
  acknowledgeExpiryMs: fc.integer({ min: 1, max: 30 }).map((minutes) => minutes * minuteMs),
});
const waits = fc.array(fc.integer({ min: 0, max: 45 * minuteMs }), { minLength: 5, maxLength: 60 });

/** Sweeps after each wait, then as often as it takes. */
function sweepAll(policy: EscalationPolicy, sweeps: readonly number[]): { results: EscalationResult[]; pages: Page[] } {
  let now = 0;
  const results = [startEscalation(policy, now, book)];
  const next = (at: number) => {
    now = at;
    const state = results.at(-1)?.state;
    if (state) results.push(escalate(state, { kind: "sweep", at }, book));
  };
  for (const wait of sweeps) next(now + wait);
  for (let left = 1_000; left > 0 && results.at(-1)?.state.dueAt !== undefined; left--) next(now + minuteMs);
  return { results, pages: results.flatMap(({ pages }) => pages) };
}

/** Steps that named somebody, as round/step. */
const reached = ({ results }: { results: readonly EscalationResult[] }) => [
  ...new Set(
    results
      .flatMap(({ notes }) => notes)
      .filter(({ reason }) => reason === "page-sent" || reason === "paged-already")
      .map(({ round, step }) => `${round}/${step}`),
  ),
];

test("however late it is swept, each step of each round is reached once, in order, never early, and it ends", () => {
  fc.assert(
    fc.property(policies, waits, (policy, sweeps) => {
      const { results, pages } = sweepAll(policy, sweeps);
      expect(results.at(-1)?.state.kind).toBe("expired");
      const expected: string[] = [];
      for (let round = 0; round <= policy.repeats; round++)
        for (const [step, { notify }] of policy.steps.entries())
          if (notify.some((target) => "person" in target && names.includes(target.person)))
            expected.push(`${round}/${step}`);
      expect(reached({ results })).toEqual(expected);
      const keys = pages.map(({ round, step, person }) => `${round}/${step}/${person}`);
      expect(new Set(keys).size).toBe(keys.length);
      for (const { dueAt, at } of pages) expect(at).toBeGreaterThanOrEqual(dueAt);
      for (const { pages: together } of results)
        expect(new Set(together.map(({ person }) => person)).size).toBe(together.length);
    }),
  );
});

test("a second sweep at the same instant changes nothing", () => {
  fc.assert(
    fc.property(policies, fc.array(fc.integer({ min: 0, max: 30 * minuteMs }), { maxLength: 10 }), (policy, sweeps) => {
      let now = 0;
      let { state } = startEscalation(policy, now, book);
      for (const wait of sweeps) {
        now += wait;
        ({ state } = escalate(state, { kind: "sweep", at: now }, book));
        const again = escalate(state, { kind: "sweep", at: now }, book);
        expect(again.pages).toEqual([]);
        expect(again.state).toEqual(state);
      }
    }),
  );
});

test("no page goes out between an acknowledgement and its expiry, and after it no page has been sent before", () => {
  fc.assert(
    fc.property(policies, waits, fc.nat({ max: 60 * minuteMs }), (policy, sweeps, acknowledgeAt) => {
      let now = 0;
      let result = startEscalation(policy, now, book);
      const pages = [...result.pages];
      let isAcknowledged = false;
      for (const wait of sweeps) {
        now += wait;
        if (!isAcknowledged && now >= acknowledgeAt) {
          result = escalate(result.state, { kind: "acknowledge", at: now, by: "ada" }, book);
          isAcknowledged = true;
          expect(result.state.dueAt).toBe(now + (policy.acknowledgeExpiryMs ?? NaN));
        } else {
          const isHeld = result.state.kind === "acknowledged" && now < (result.state.dueAt ?? Infinity);
          result = escalate(result.state, { kind: "sweep", at: now }, book);
          if (isHeld) expect(result.pages).toEqual([]);
        }
        pages.push(...result.pages);
      }
      const keys = pages.map(({ round, step, person }) => `${round}/${step}/${person}`);
      expect(new Set(keys).size).toBe(keys.length);
    }),
  );
});
