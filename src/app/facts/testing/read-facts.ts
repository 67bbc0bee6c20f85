import { carries, type Labels } from "../../../alerts/labels.ts";
import type { Fact } from "../../../alerts/fact.ts";

/** The value of the one fact with this name and exactly these labels; `undefined`: there is none. */
export function valueOf(facts: readonly Fact[], name: string, labels: Labels = {}): number | undefined {
  const found = facts.filter(
    (fact) => fact.name === name && carries(fact.labels, labels) && carries(labels, fact.labels),
  );
  if (found.length > 1) throw new Error(`${found.length} facts ${name} ${JSON.stringify(labels)}`);
  return found[0]?.value;
}
