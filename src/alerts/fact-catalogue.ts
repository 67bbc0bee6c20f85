import { chainFacts } from "./catalogue/chain-facts.ts";
import { dutyFacts } from "./catalogue/duty-facts.ts";
import { hostFacts } from "./catalogue/host-facts.ts";
import { ownFacts } from "./catalogue/own-facts.ts";
import { securityFacts } from "./catalogue/security-facts.ts";
import type { FactDescription } from "./fact.ts";

/** Every fact that a rule may name. A new one is a line in its table, and whatever supplies it. */
export const factCatalogue: readonly FactDescription[] = [
  ...dutyFacts,
  ...chainFacts,
  ...securityFacts,
  ...hostFacts,
  ...ownFacts,
];

const byName = new Map(factCatalogue.map((fact) => [fact.name, fact]));
const defaultStaleAfterMs = 10 * 60_000;

export function factNamed(name: string): FactDescription | undefined {
  return byName.get(name);
}

/** How long a fact stands, ms. */
export function staleAfterMsOf(name: string): number {
  return byName.get(name)?.staleAfterMs ?? defaultStaleAfterMs;
}

/** The fact that a mistyped name was likely to mean. */
export function nearestFact(name: string): string | undefined {
  const begun = factCatalogue.filter((fact) => name.length >= 4 && fact.name.startsWith(name));
  if (begun[0]) return begun[0].name;
  const scored = factCatalogue
    .map((fact) => ({ name: fact.name, distance: distance(name.slice(0, 60), fact.name) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = scored;
  return best && best.distance <= Math.max(2, name.length / 3) ? best.name : undefined;
}

/** Levenshtein: the fewest single characters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  Array.from(a).forEach((char, index) => {
    const next = [index + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + Number(char !== b[j - 1]);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  });
  return row[b.length] ?? 0;
}
