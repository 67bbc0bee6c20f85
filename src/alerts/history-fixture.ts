import fc from "fast-check";
import type { Fact } from "./fact.ts";
import { rulesSchema } from "./rule-config.ts";

/** Random histories for the property tests of this folder. */

const texts = { summary: "{{ $labels.node }}.", description: "Why.", playbook: "What." };
const labels = (severity: string) => ({ severity, owner: "ops" });

export const historyRules = rulesSchema.parse({
  groups: [
    {
      name: "own",
      rules: [
        { alert: "Plain", expr: "el_offline > 0", labels: labels("critical"), annotations: texts },
        { alert: "Patient", expr: "el_offline > 1", for: "60s", labels: labels("warning"), annotations: texts },
        {
          alert: "Sticky",
          expr: "node_peer_count < 3",
          for: "20s",
          keep_firing_for: "90s",
          labels: labels("info"),
          annotations: texts,
        },
      ],
    },
  ],
});

export interface HistoryStep {
  /** Ms since the step before. */
  afterMs: number;
  /** Facts that are new; those before stay. */
  changed: readonly { name: "el_offline" | "node_peer_count"; node: "a" | "b"; value: number }[];
  /** Is the monitor started anew before this step? */
  restarts: boolean;
}

export const historySteps = fc.array(
  fc.record({
    afterMs: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 90_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * 3_600_000 }) },
    ),
    changed: fc.array(
      fc.record({
        name: fc.constantFrom("el_offline" as const, "node_peer_count" as const),
        node: fc.constantFrom("a" as const, "b" as const),
        value: fc.constantFrom(0, 1, 2, 3, NaN),
      }),
      { maxLength: 3 },
    ),
    restarts: fc.boolean(),
  }),
  { maxLength: 60 },
);

/** What is known after each step, with its instant. */
export function factsOver(steps: readonly HistoryStep[]): { at: number; facts: Fact[]; restarts: boolean }[] {
  const known = new Map<string, Fact>();
  let at = 1_000_000;
  return steps.map(({ afterMs, changed, restarts }) => {
    at += afterMs;
    for (const { name, node, value } of changed) known.set(`${name} ${node}`, { name, labels: { node }, value, at });
    return { at, facts: [...known.values()], restarts };
  });
}

/** What a store gives back. */
export function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
