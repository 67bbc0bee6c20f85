import { ruleKeyOf, type Rule } from "../../alerts/rule.ts";
import type { PromqlAnswer } from "../../alerts/state/types.ts";

/** The newest answer for each `promql:` rule. An answer to what a rule asked before it was changed is none. */
export function createPromqlAnswers(rules: () => readonly Rule[]): {
  put(answer: PromqlAnswer): void;
  current(): PromqlAnswer[];
} {
  const kept = new Map<string, { query: string; answer: PromqlAnswer }>();
  const queries = () =>
    new Map(
      rules().flatMap((rule) =>
        rule.condition.kind === "promql" ? [[ruleKeyOf(rule), rule.condition.query] as const] : [],
      ),
    );
  return {
    put(answer) {
      const query = queries().get(answer.rule);
      if (query !== undefined) kept.set(answer.rule, { query, answer });
    },
    current() {
      const asked = queries();
      for (const [rule, { query }] of kept) if (asked.get(rule) !== query) kept.delete(rule);
      return [...kept.values()].map(({ answer }) => answer);
    },
  };
}
