import type { Fact } from "../../alerts/fact.ts";
import { staleAfterMsOf } from "../../alerts/fact-catalogue.ts";
import { labelKey } from "../../alerts/labels.ts";

/** By source, then by fact: when it was last true. What is no longer configured is forgotten with `forgetSources`. */
export type RenewalMemory = Map<string, Map<string, { name: string; at: number }>>;

/** More facts of one source are not followed one by one. */
const maxPerSource = 20_000;
/** After so long what is gone for good is no longer counted; the alert has told it. */
const forgottenMs = 24 * 3_600_000;

/** Notes what each source has supplied now, in place. */
export function noteRenewals(memory: RenewalMemory, source: string, facts: readonly Fact[], now: number): void {
  const known = memory.get(source) ?? new Map<string, { name: string; at: number }>();
  memory.set(source, known);
  for (const { name, labels, value, at } of facts) {
    const key = `${name}${labelKey(labels)}`;
    // Not a number is an answer too, of a source that speaks; what is new and old at once was never known here.
    const isNews = !Number.isNaN(value) && now - at <= staleAfterMsOf(name);
    if (known.has(key) || (known.size < maxPerSource && isNews)) known.set(key, { name, at });
  }
}

/** How many facts each source supplied once and no longer renews. */
export function staleFacts(memory: RenewalMemory, now: number): Fact[] {
  return [...memory].map(([source, known]) => {
    let stale = 0;
    for (const [key, { name, at }] of known)
      if (now - at > staleAfterMsOf(name) + forgottenMs) known.delete(key);
      else if (now - at > staleAfterMsOf(name)) stale += 1;
    return { name: "facts_stale", labels: { source }, value: stale, at: now };
  });
}
