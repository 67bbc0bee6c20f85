import { expect, it } from "vitest";
import { backtest } from "./backtest.ts";
import { defaultRules } from "./default-rules.ts";
import type { Rule } from "./rule.ts";

const minute = 60_000;

function ruleNamed(alert: string, severity: string): Rule {
  const found = defaultRules.find((rule) => rule.alert === alert && rule.severity === severity);
  if (!found) throw new Error(`no rule ${alert}`);
  return found;
}

function frame(minutes: number, value: number) {
  const at = minutes * minute;
  return { at, facts: [{ name: "finality_lag_epochs", labels: {}, value, at }] };
}

it("tells when a rule would have fired, how often people would have been told, and when it was blind", () => {
  const history = [frame(0, 2), frame(3, 6), frame(6, 7), frame(30, 6), frame(33, 2), frame(40, 2)];
  const result = backtest(ruleNamed("FinalityLag", "critical"), history);
  expect(result).toMatchObject({
    fromAt: 0,
    toAt: 40 * minute,
    more: 0,
    notices: { firing: 1, repeat: 0, resolve: 1 },
    blindMs: 0,
  });
  // The facts of minute 6 stand for 5 minutes: from the look at minute 12 to the next fact at 30 nothing is known.
  expect(result.firings).toMatchObject([
    { activeAt: 3 * minute, firedAt: 3 * minute, resolvedAt: 33 * minute, unknownMs: 18 * minute },
  ]);
});

it("is blind where no fact of the rule is known, and leaves open what still fires", () => {
  expect(backtest(ruleNamed("ChainSplit", "critical"), [frame(0, 2), frame(10, 2)])).toMatchObject({
    firings: [],
    blindMs: 10 * minute,
  });
  expect(backtest(ruleNamed("FinalityLag", "warning"), [frame(0, 4), frame(1, 4)]).firings).toMatchObject([
    { resolvedAt: 0 },
  ]);
  expect(backtest(ruleNamed("FinalityLag", "warning"), [])).toMatchObject({ firings: [], fromAt: 0, toAt: 0 });
});
