import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fact } from "../fact.ts";
import { factNamed } from "../fact-catalogue.ts";
import { factsOver, historyRules, historySteps, stored } from "../history-fixture.ts";
import type { Rule } from "../rule.ts";
import { evaluateRules } from "./evaluate-rules.ts";
import { pendingUnknownMs } from "./step-alert.ts";
import type { AlertState } from "./types.ts";

type Frame = ReturnType<typeof factsOver>[number];

/**
 * A second implementation, in the most naive way: nothing is kept; what an alert is at the end of a history is read off
 * the whole history, word by word as the docs of rules have it.
 */
function naive(rule: Rule, node: string, frames: readonly Frame[]): string {
  const { condition } = rule;
  if (condition.kind !== "facts" || condition.expr.kind !== "compare") throw new Error("not of this test");
  const { fact, op, limit } = condition.expr;
  const staleMs = factNamed(fact)?.staleAfterMs ?? NaN;
  const look = ({ facts, at }: Frame): boolean | undefined => {
    const found = facts.find((each: Fact) => each.name === fact && each.labels["node"] === node);
    if (!found || Number.isNaN(found.value) || at - found.at > staleMs) return undefined;
    return op === ">" ? found.value > limit : found.value < limit;
  };
  const looks = frames.map((frame) => ({ at: frame.at, holds: look(frame) }));
  const firing = (from: number): string => {
    // It ends at the first known "no" by which every known answer has been "no" for long enough.
    for (let i = from; i < looks.length; i += 1) {
      let firstNo: number | undefined;
      for (let j = i; j > from && looks[j]?.holds !== true; j -= 1)
        if (looks[j]?.holds === false) firstNo = looks[j]?.at;
      const here = looks[i];
      if (here?.holds === false && firstNo !== undefined && here.at - firstNo >= rule.keepFiringForMs)
        return idle(i + 1);
    }
    return looks.at(-1)?.holds === undefined ? "firing?" : "firing";
  };
  const idle = (from: number): string => {
    const start = looks.findIndex(({ holds }, index) => index >= from && holds === true);
    if (start < 0) return "none";
    let unknownFrom: number | undefined;
    for (let i = start; i < looks.length; i += 1) {
      const here = looks[i];
      if (!here) break;
      if (here.holds === false) return idle(i + 1);
      if (here.holds === undefined) unknownFrom ??= here.at;
      else unknownFrom = undefined;
      if (unknownFrom !== undefined && here.at - unknownFrom >= pendingUnknownMs) return idle(i + 1);
      if (here.holds === true && here.at - (looks[start]?.at ?? 0) >= rule.forMs) return firing(i);
    }
    return looks.at(-1)?.holds === undefined ? "pending?" : "pending";
  };
  return idle(0);
}

function judged(states: readonly AlertState[], rule: Rule, node: string): string {
  const found = states.find(({ labels }) => labels["alertname"] === rule.alert && labels["node"] === node);
  return found ? `${found.kind}${found.unknownSince === 0 ? "" : "?"}` : "none";
}

test("agrees with a naive reading of the whole history, whatever happens and whenever it restarts", () => {
  fc.assert(
    fc.property(historySteps, (steps) => {
      const frames = factsOver(steps);
      let states: AlertState[] = [];
      frames.forEach(({ at, facts, restarts }, index) => {
        states = evaluateRules(historyRules, { facts }, restarts ? stored(states) : states, at).states;
        for (const rule of historyRules)
          for (const node of ["a", "b"])
            expect(`${index} ${rule.alert} ${node} ${judged(states, rule, node)}`).toBe(
              `${index} ${rule.alert} ${node} ${naive(rule, node, frames.slice(0, index + 1))}`,
            );
      });
    }),
    { numRuns: 300 },
  );
});

test("transitions tell exactly how the states changed, and looking twice changes nothing", () => {
  fc.assert(
    fc.property(historySteps, (steps) => {
      let states: AlertState[] = [];
      for (const { at, facts } of factsOver(steps)) {
        const next = evaluateRules(historyRules, { facts }, states, at);
        const kinds = new Map(states.map(({ fingerprint, kind }) => [fingerprint, kind as string]));
        for (const { kind, alert } of next.transitions)
          if (kind === "resolved" || kind === "dropped") kinds.delete(alert.fingerprint);
          else if (kind === "firing" || kind === "pending") kinds.set(alert.fingerprint, kind);
        expect([...kinds].sort()).toEqual(next.states.map(({ fingerprint, kind }) => [fingerprint, kind]).sort());
        const again = evaluateRules(historyRules, { facts }, next.states, at);
        expect(again.transitions).toEqual([]);
        expect(again.states).toEqual(next.states);
        states = next.states;
      }
    }),
    { numRuns: 300 },
  );
});
