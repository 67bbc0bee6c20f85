import { answer, type Answer, type Question } from "../answer.ts";
import { plural } from "../chain-view.ts";
import type { Subject, VcEvidence } from "../evidence.ts";

const id = "vc-keys";

/** Is the number of validators found by the validator clients as expected? All of them together are compared. */
export const vcKeys: Question = {
  id,
  title: "keys",
  ask: ({ validatorClients, expectKeys }) => {
    const each = validatorClients.map((vc) => judgeOne(vc, expectKeys));
    return expectKeys === undefined ? each : [...each, judgeTotal(validatorClients, expectKeys)];
  },
};

/** One client: its count, which is compared only in total, unless it has none at all. */
function judgeOne({ subject, page }: VcEvidence, expectKeys: number | undefined): Answer {
  if (page.kind === "failed")
    return answer(id, subject, "unknown", "not-answered", page.message, { failure: page.failure });
  const { keys, keysMetric, activeKeys } = page.value ?? {};
  if (keys === undefined) return answer(id, subject, "unknown", "keys-unknown");
  const facts = { keys, metric: keysMetric, activeKeys };
  const inactive = activeKeys === undefined ? 0 : keys - activeKeys;
  const detail = `${plural(keys, "key")} loaded${inactive > 0 ? `, ${activeKeys} active` : ""}`;
  if (keys === 0 && expectKeys !== 0) return answer(id, subject, "bad", "keys-none", "", facts);
  if (inactive > 0) return answer(id, subject, "warning", "keys-inactive", detail, facts);
  return answer(id, subject, "not-asked", expectKeys === undefined ? "keys-counted" : "keys-in-total", detail, facts);
}

function judgeTotal(validatorClients: readonly VcEvidence[], expected: number): Answer {
  const subject: Subject = { kind: "everything", name: "all validator clients" };
  const counts = validatorClients.map(({ page }) => (page.kind === "known" ? page.value?.keys : undefined));
  const counted = counts.filter((count) => count !== undefined);
  const keys = counted.reduce((sum, count) => sum + count, 0);
  const facts = { keys, expected };
  // A client that did not answer may hold the missing keys; too many is too many whatever it holds.
  if (keys > expected)
    return answer(id, subject, "bad", "keys-too-many", `${keys} loaded, ${expected} expected`, facts);
  if (counted.length < counts.length) {
    return answer(id, subject, "unknown", "keys-unknown", `${keys} counted, but not every client told`, facts);
  }
  return keys === expected
    ? answer(id, subject, "good", "keys-as-expected", plural(keys, "key"), facts)
    : answer(id, subject, "bad", "keys-too-few", `${keys} loaded, ${expected} expected`, facts);
}
