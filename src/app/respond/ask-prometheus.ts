import { fingerprintOf, trimLabels, type Labels } from "../../alerts/labels.ts";
import { ruleKeyOf, type Rule } from "../../alerts/rule.ts";
import type { PromqlAnswer } from "../../alerts/state/types.ts";
import type { HttpGet } from "../../fleet/sources/source-io.ts";
import { describeError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { askVector, type VectorAnswer } from "../../signals/hosts/ask-prometheus.ts";
import type { PrometheusServer } from "../../signals/signal-sources.ts";

/** Why a `promql:` rule has no answer just now. */
export interface PromqlProblem {
  /** `ruleKeyOf` of the rule. */
  rule: string;
  alert: string;
  /** For people: "answered with status 400: parse error: …". */
  message: string;
  /** Since when it has been that, ms since 1970. */
  sinceAt: number;
}

export interface FollowPromqlOptions {
  /** As configured now; looked at every second. */
  rules: () => readonly Rule[];
  server: PrometheusServer | undefined;
  get: HttpGet;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  onAnswer: (answer: PromqlAnswer) => void;
  /** When a rule has no answer, and again when it is for another reason; not for each failure. */
  onProblem: (problem: PromqlProblem) => void;
}

export interface PromqlFollower {
  /** What stands in the way now, one for each rule that has no answer. */
  problems(): readonly PromqlProblem[];
  /** Every rule is asked anew, of the other server. */
  reconfigure(next: { server: PrometheusServer | undefined }): void;
  stop(): void;
}

/** Samples of one rule that are handed on; of more, how many they were. */
export const maxSamples = 5_000;
const maxBytes = 8 * 1024 * 1024;
const deadlineMs = 10_000;
const atOnce = 4;
const tickMs = 1_000;
/** The first questions are spread, so that a start with many rules is no burst. */
const firstSpreadMs = 5_000;

interface Asked {
  rule: Rule;
  query: string;
  dueAt: number;
  running: AbortController | undefined;
  problem: PromqlProblem | undefined;
}

/** Asks the operator's Prometheus for each `promql:` rule at the rule's interval. What fails is asked again an interval later. */
export function followPromql(options: FollowPromqlOptions): PromqlFollower {
  const { clock, get, random } = options;
  const asked = new Map<string, Asked>();
  let { server } = options;
  let running = 0;

  /** Rules that have gone are forgotten; those that are new or ask something else now come soon. */
  function takeRules(): void {
    const rules = options.rules().flatMap((rule) => {
      const { condition } = rule;
      return condition.kind === "promql" ? [{ key: ruleKeyOf(rule), rule, query: condition.query }] : [];
    });
    const keys = new Set(rules.map(({ key }) => key));
    for (const [key, known] of asked) if (!keys.has(key)) (known.running?.abort(), asked.delete(key));
    for (const { key, rule, query } of rules) {
      const known = asked.get(key);
      if (known?.query === query) {
        known.rule = rule;
        continue;
      }
      known?.running?.abort();
      const dueAt = clock.monotonic() + Math.min(firstSpreadMs, rule.intervalMs) * random();
      asked.set(key, { rule, query, dueAt, running: undefined, problem: undefined });
    }
  }

  function askThoseDue(): void {
    const now = clock.monotonic();
    const due = [...asked].filter(([, { dueAt, running: isRunning }]) => !isRunning && dueAt <= now);
    for (const [key, each] of due.sort(([, a], [, b]) => a.dueAt - b.dueAt)) {
      if (server === undefined) {
        each.dueAt = nextDue(each.rule, now);
        fail(key, each, "no Prometheus is configured: add prometheus: { url: … }");
      } else if (running < atOnce)
        ask(key, each, server).catch((error: unknown) => fail(key, each, describeError(error)));
    }
  }

  function nextDue({ intervalMs }: Rule, from: number): number {
    return from + Math.max(tickMs, intervalMs * (0.95 + 0.1 * random()));
  }

  async function ask(key: string, each: Asked, from: PrometheusServer): Promise<void> {
    const stopped = new AbortController();
    each.running = stopped;
    each.dueAt = nextDue(each.rule, clock.monotonic());
    running += 1;
    const at = clock.now();
    const answer = await answerOf(each.query, from, stopped.signal);
    running -= 1;
    // Whoever aborted it has a new question, or none.
    if (stopped.signal.aborted) return;
    each.running = undefined;
    if (answer.ok) {
      each.problem = undefined;
      options.onAnswer({ rule: key, at, ...listed(each.rule, answer.samples) });
    } else fail(key, each, answer.message);
    askThoseDue();
  }

  async function answerOf(query: string, from: PrometheusServer, signal: AbortSignal): Promise<VectorAnswer> {
    try {
      return await withDeadline(clock, deadlineMs, signal, (bounded) => askVector(from, query, get, bounded, maxBytes));
    } catch (error) {
      return { ok: false, message: describeError(error) };
    }
  }

  function fail(key: string, each: Asked, message: string): void {
    if (each.problem?.message === message) return;
    each.problem = { rule: key, alert: each.rule.alert, message, sinceAt: clock.now() };
    options.onProblem(each.problem);
  }

  function tick(): void {
    takeRules();
    askThoseDue();
  }
  const cancel = clock.every(tickMs, tick);
  tick();

  return {
    problems: () => [...asked.values()].flatMap(({ problem }) => problem ?? []),
    reconfigure(next) {
      server = next.server;
      for (const { running: asking } of asked.values()) asking?.abort();
      asked.clear();
      tick();
    },
    stop() {
      cancel();
      for (const { running: asking } of asked.values()) asking?.abort();
      asked.clear();
    },
  };
}

/**
 * The samples as alerts are made of them: without the metric's name, as Prometheus does it. Of too many those whose alerts are
 * followed first, so that the same ones are listed each time.
 */
function listed(rule: Rule, samples: readonly { labels: Labels; value: number }[]): Omit<PromqlAnswer, "rule" | "at"> {
  const named = samples.map(({ labels: { __name__: _, ...labels }, value }) => ({ labels: trimLabels(labels), value }));
  if (named.length <= maxSamples) return { samples: named };
  const keyed = named.map((sample) => {
    const labels = { ...sample.labels, ...rule.labels, alertname: rule.alert };
    return { sample, key: fingerprintOf(labels) };
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { samples: keyed.slice(0, maxSamples).map(({ sample }) => sample), left: named.length - maxSamples };
}
