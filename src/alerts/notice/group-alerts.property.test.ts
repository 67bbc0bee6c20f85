import fc from "fast-check";
import { expect, test } from "vitest";
import { factsOver, historyRules, historySteps, stored, type HistoryStep } from "../history-fixture.ts";
import { evaluateRules } from "../state/evaluate-rules.ts";
import type { AlertState } from "../state/types.ts";
import { defaultInhibitRules } from "../suppress/default-inhibit-rules.ts";
import type { Mute, OpenIncident, Silence } from "../suppress/types.ts";
import { firingAlerts } from "./firing-alerts.ts";
import { groupAlerts } from "./group-alerts.ts";
import { defaultGrouping, type AlertGroup, type GroupingSettings, type Notice } from "./types.ts";

const startAt = 1_000_000;
const endless = 400 * 86_400_000;
const instant = fc.integer({ min: startAt, max: startAt + 2 * 3_600_000 });
const node = fc.constantFrom("a", "b");
const span = fc
  .tuple(instant, fc.integer({ min: 1, max: 3_600_000 }))
  .map(([from, ms]) => ({ startsAt: from, endsAt: from + ms }));

const silences = fc.array(
  fc.tuple(node, span, fc.nat(99)).map(([value, times, id]): Silence => {
    const matchers = [{ name: "node", op: "=" as const, value }];
    return { id: `s${id}`, matchers, ...times, createdBy: "a person", comment: "why" };
  }),
  { maxLength: 3 },
);
const mutes = fc.array(
  fc
    .tuple(node, span, fc.nat(99))
    .map(([name, times, id]): Mute => ({ id: `m${id}`, hosts: [], nodes: [name], groups: [], ...times })),
  { maxLength: 2 },
);
const incidents = fc.option(fc.record({ opensAt: instant, closesAt: instant, node }), { nil: undefined });
const settings = fc.record({
  groupBy: fc.constantFrom(["alertname"], ["alertname", "node"], ["..."], []),
  waitMs: fc.constant(defaultGrouping.waitMs),
  intervalMs: fc.constantFrom(0, 60_000, 300_000),
  repeatMs: fc.constantFrom(600_000, 4 * 3_600_000),
});

interface World {
  silences: readonly Silence[];
  mutes: readonly Mute[];
  incident: { opensAt: number; closesAt: number; node: string } | undefined;
  settings: GroupingSettings;
}

const world: fc.Arbitrary<World> = fc.record({ silences, mutes, incident: incidents, settings });

interface Options {
  restarts: boolean;
  /** Look this often between steps as well, ms; 0: only when due. */
  alsoEveryMs: number;
  /** How long it goes on after everything has ended; left out: until nothing can come any more. */
  afterwardsMs?: number;
}

/** Judges at every step, and tells at every step and whenever a group is due; at the end everything is well for long. */
function noticesOf(
  steps: readonly HistoryStep[],
  { silences, mutes, incident, settings }: World,
  options: Options,
): Notice[] {
  let states: AlertState[] = [];
  let groups: AlertGroup[] = [];
  const notices: Notice[] = [];
  const look = (at: number) => {
    const open: OpenIncident[] =
      incident && at >= incident.opensAt && at < incident.closesAt
        ? [{ reference: "I-1", labelSets: [{ node: incident.node }], severity: "warning" }]
        : [];
    const suppression = { silences, mutes, incidents: open, inhibitRules: defaultInhibitRules };
    const next = groupAlerts(groups, firingAlerts(states, [], suppression, at), settings, at);
    groups = next.groups;
    notices.push(...next.notices);
  };
  const sweepUntil = (from: number, to: number) => {
    for (let at = from; ;) {
      const dues = groups.flatMap(({ dueAt }) => dueAt ?? []);
      const also = options.alsoEveryMs > 0 ? at + options.alsoEveryMs : Infinity;
      const next = Math.max(at + 1, Math.min(also, ...dues));
      if (next >= to) return;
      look((at = next));
    }
  };
  const frames = factsOver(steps);
  let before = startAt;
  for (const { at, facts, restarts } of frames) {
    sweepUntil(before, at);
    if (restarts && options.restarts) [states, groups] = [stored(states), stored(groups)];
    states = evaluateRules(historyRules, { facts }, states, at).states;
    look(at);
    before = at;
  }
  // Everything is removed: a minute later all alerts have ended.
  sweepUntil(before, before + 60_000);
  states = evaluateRules(
    historyRules,
    { facts: [], removed: [{ node: "a" }, { node: "b" }] },
    states,
    before + 60_000,
  ).states;
  look(before + 60_000);
  sweepUntil(before + 60_000, before + (options.afterwardsMs ?? endless));
  if (options.afterwardsMs === undefined) expect(groups).toEqual([]);
  return notices;
}

test("restarts at any instant change no notice", () => {
  fc.assert(
    fc.property(historySteps, world, (steps, given) => {
      const without = noticesOf(steps, given, { restarts: false, alsoEveryMs: 0 });
      expect(noticesOf(steps, given, { restarts: true, alsoEveryMs: 0 })).toEqual(without);
    }),
    { numRuns: 300 },
  );
});

test("each group is told as firing, perhaps more, and then resolved exactly once; no end is told of what was not", () => {
  fc.assert(
    fc.property(historySteps, world, (steps, given) => {
      const byGroup = Map.groupBy(
        noticesOf(steps, given, { restarts: true, alsoEveryMs: 0 }),
        ({ groupKey }) => groupKey,
      );
      for (const notices of byGroup.values()) {
        const told = new Set<string>();
        let openSince = 0;
        let last: Notice | undefined;
        for (const notice of notices) {
          if (openSince === 0) expect(notice.reason).toBe("group-new");
          openSince ||= notice.at;
          expect(notice.toldSince).toBe(openSince);
          for (const { fingerprint, status, suppressedBy } of notice.alerts) {
            if (status === "resolved" || suppressedBy.length > 0) expect(told.has(fingerprint)).toBe(true);
            if (status === "firing") told.add(fingerprint);
            else told.delete(fingerprint);
          }
          if (last && last.kind !== "resolve" && notice.reason !== "group-worse")
            expect(notice.at - last.at).toBeGreaterThanOrEqual(given.settings.intervalMs);
          if (notice.kind === "resolve") {
            expect(told.size).toBe(0);
            openSince = 0;
          }
          last = notice;
        }
        expect(last?.kind).toBe("resolve");
      }
    }),
    { numRuns: 300 },
  );
});

test("looking more often than is due changes nothing", () => {
  fc.assert(
    fc.property(historySteps, settings, fc.constantFrom(7_000, 61_000), (steps, given, alsoEveryMs) => {
      // A silence or an incident between two looks is seen only by who looks: here there are none.
      const quiet: World = { silences: [], mutes: [], incident: undefined, settings: given };
      const short = steps.slice(0, 25).map((step) => ({ ...step, afterMs: Math.min(step.afterMs, 90_000) }));
      const afterwardsMs = 900_000;
      const seldom = noticesOf(short, quiet, { restarts: false, alsoEveryMs: 0, afterwardsMs });
      expect(noticesOf(short, quiet, { restarts: false, alsoEveryMs, afterwardsMs })).toEqual(seldom);
    }),
    { numRuns: 100 },
  );
});
