import { expect, onTestFinished, test } from "vitest";
import type { Rule } from "../../alerts/rule.ts";
import { ruleKeyOf } from "../../alerts/rule.ts";
import { evaluateRules } from "../../alerts/state/evaluate-rules.ts";
import type { PromqlAnswer } from "../../alerts/state/types.ts";
import type { HttpGet } from "../../fleet/sources/source-io.ts";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { followPromql, maxSamples, type PromqlProblem } from "./ask-prometheus.ts";

const server = { url: "http://prometheus.example:9090", headers: {}, token: undefined };
const ruleOf = (alert: string, query: string, intervalMs = 60_000): Rule => ({
  ...{
    alert,
    expr: `promql: ${query}`,
    condition: { kind: "promql", query },
    intervalMs,
    forMs: 0,
    keepFiringForMs: 0,
  },
  ...{ labels: { severity: "warning", owner: "ops" }, severity: "warning", owner: "ops", playbook: "look" },
  annotations: { summary: "{{ $labels.instance }} is at {{ $value }}", description: "d" },
});
const vector = (...result: readonly (readonly [labels: object, value: string])[]) =>
  JSON.stringify({
    status: "success",
    data: { resultType: "vector", result: result.map(([metric, value]) => ({ metric, value: [1, value] })) },
  });

function follow(rules: readonly Rule[], get: HttpGet, isConfigured = true) {
  const clock = createFakeClock();
  const answers: PromqlAnswer[] = [];
  const problems: PromqlProblem[] = [];
  const state = { rules };
  const follower = followPromql({
    ...{ rules: () => state.rules, server: isConfigured ? server : undefined, get, clock, random: () => 0.5 },
    ...{ onAnswer: (answer) => answers.push(answer), onProblem: (problem) => problems.push(problem) },
  });
  onTestFinished(() => follower.stop());
  return { clock, answers, problems, state, follower };
}
/** Answers each query with what is in the table now. */
function answering(table: Record<string, { status?: number; body: string }>) {
  const asked: string[] = [];
  const get: HttpGet = (url) => {
    const query = new URL(url).searchParams.get("query") ?? "";
    asked.push(query);
    const { status = 200, body } = table[query] ?? { status: 404, body: "" };
    return Promise.resolve({ ok: true, status, body });
  };
  return { asked, get };
}

test("each rule is asked at its own interval; samples come without the metric's name, NaN and Inf as they are", async () => {
  const rows: [Record<string, string>, string][] = [
    [{ __name__: "up", instance: "a", empty: "" }, "NaN"],
    [{ __name__: "up", instance: "b", constructor: "x" }, "+Inf"],
    [{ __name__: "up", instance: "c" }, "0"],
  ];
  const { asked, get } = answering({ "up == 0": { body: vector(...rows) }, slow: { body: vector() } });
  const rule = ruleOf("Down", "up == 0");
  const { clock, answers, problems } = follow([rule, ruleOf("Slow", "slow", 600_000)], get);
  await clock.advance(600_000);
  const counts = Map.groupBy(asked, (query) => query);
  expect(counts.get("up == 0")?.length).toBeGreaterThanOrEqual(9);
  expect(counts.get("up == 0")?.length).toBeLessThanOrEqual(11);
  expect(counts.get("slow")).toHaveLength(1);
  expect(problems).toEqual([]);
  const answer = answers.findLast(({ rule: key }) => key === ruleKeyOf(rule));
  expect(answer?.samples.map(({ labels, value }) => `${JSON.stringify(labels)} ${value}`)).toEqual([
    '{"instance":"a"} NaN',
    '{"constructor":"x","instance":"b"} Infinity',
    '{"instance":"c"} 0',
  ]);
  const { states } = evaluateRules([rule], { facts: [], answers }, [], clock.now());
  expect(new Map(states.map(({ labels, value }) => [labels["instance"], value]))).toEqual(
    new Map([
      ["a", null],
      ["b", null],
      ["c", 0],
    ]),
  );
});

test("a scalar is one sample without labels; a matrix, an error and garbage are told for the rule, once", async () => {
  const table = {
    one: { body: '{"status":"success","data":{"resultType":"scalar","result":[1,"2.5"]}}' },
    two: { body: '{"status":"success","data":{"resultType":"matrix","result":[]}}' },
    three: { status: 400, body: '{"status":"error","errorType":"bad_data","error":"parse error: unexpected end"}' },
    four: { body: "<html>" },
    five: { body: '{"status":"success","data":{"resultType":"scalar","result":["x"]}}' },
  };
  const { get } = answering(table);
  const rules = Object.keys(table).map((query) => ruleOf(query, query));
  const { clock, answers, problems, follower } = follow(rules, get);
  await clock.advance(300_000);
  expect(new Set(answers.map(({ rule }) => rule))).toEqual(new Set([ruleKeyOf(ruleOf("one", ""))]));
  expect(answers[0]?.samples).toEqual([{ labels: {}, value: 2.5 }]);
  const told = problems.map(({ alert, message }) => `${alert}: ${message}`).sort();
  expect(told).toEqual([
    "five: the answer has a value that is none",
    "four: the answer is no vector in JSON: is this a Prometheus?",
    "three: answered with status 400: parse error: unexpected end",
    "two: the query gives a matrix, where a vector or a scalar is needed",
  ]);
  table.three = { status: 200, body: vector() };
  await clock.advance(70_000);
  expect(follower.problems().map(({ alert }) => alert)).toEqual(["two", "four", "five"]);
});

test("no more than four are asked at once, and one that hangs ends after ten seconds and keeps no other from its turn", async () => {
  let open = 0;
  let most = 0;
  const get: HttpGet = (url, { signal, maxBytes }) => {
    expect(maxBytes).toBe(8 * 1024 * 1024);
    most = Math.max(most, (open += 1));
    const isHanging = url.endsWith("hang");
    return new Promise((resolve) => {
      const end = (answer: Awaited<ReturnType<HttpGet>>) => ((open -= 1), resolve(answer));
      if (!isHanging) queueMicrotask(() => end({ ok: true, status: 200, body: vector() }));
      else
        signal.addEventListener("abort", () =>
          end({ ok: false, kind: "timeout", message: "no complete answer in time" }),
        );
    });
  };
  const rules = Array.from({ length: 23 }, (_, index) => ruleOf(`R${index}`, index < 3 ? "hang" : `q${index}`));
  const { clock, answers, problems } = follow(rules, get);
  await clock.advance(8_000);
  expect(new Set(answers.map(({ rule }) => rule)).size).toBe(20);
  expect(most).toBe(4);
  await clock.advance(10_000);
  expect(problems.map(({ message }) => message)).toEqual(Array<string>(3).fill("no complete answer in time"));
  expect(open).toBe(0);
});

test("of too many samples the same ones are listed each time, and those left out keep their alerts as they were", async () => {
  const rows = Array.from({ length: maxSamples + 7 }, (_, index) => [{ instance: `i${index}` }, "1"] as const);
  const table = { q: { body: vector(...rows) } };
  const rule = ruleOf("Down", "q", 10_000);
  const { clock, answers } = follow([rule], answering(table).get);
  await clock.advance(6_000);
  table.q = { body: vector(...rows.toReversed()) };
  await clock.advance(15_000);
  const [first, second] = [answers[0], answers.at(-1)];
  expect([first?.samples.length, first?.left]).toEqual([maxSamples, 7]);
  expect(second?.samples).toEqual(first?.samples);
  const one = evaluateRules([rule], { facts: [], answers: answers.slice(0, 1) }, [], clock.now());
  expect(one.problems).toMatchObject([{ reason: "too-many-alerts", count: maxSamples + 7 - 500 }]);
  const cut: PromqlAnswer = { rule: ruleKeyOf(rule), at: clock.now(), samples: [], left: 3 };
  const unknown = evaluateRules([rule], { facts: [], answers: [cut] }, one.states, clock.now());
  expect(unknown.transitions.every(({ kind }) => kind === "unknown")).toBe(true);
  const over = evaluateRules([rule], { facts: [], answers: [{ ...cut, left: 0 }] }, one.states, clock.now());
  expect(over.transitions.every(({ kind }) => kind === "resolved")).toBe(true);
});

test("a rule whose query changed is asked anew and gets no answer to its old one; after a stop nothing is asked", async () => {
  const waiting: { query: string; answer: () => void }[] = [];
  const get: HttpGet = (url) =>
    new Promise((resolve) =>
      waiting.push({
        query: new URL(url).searchParams.get("query") ?? "",
        answer: () => resolve({ ok: true, status: 200, body: vector([{ instance: url }, "1"]) }),
      }),
    );
  const { clock, answers, state, follower } = follow([ruleOf("Down", "old")], get);
  await clock.advance(5_000);
  state.rules = [ruleOf("Down", "new")];
  await clock.advance(5_000);
  expect(waiting.map(({ query }) => query)).toEqual(["old", "new"]);
  waiting[0]?.answer();
  await clock.advance(0);
  expect(answers).toEqual([]);
  waiting[1]?.answer();
  await clock.advance(0);
  expect(answers).toHaveLength(1);
  follower.reconfigure({ server: undefined });
  await clock.advance(5_000);
  expect(follower.problems().map(({ message }) => message)).toEqual([
    "no Prometheus is configured: add prometheus: { url: … }",
  ]);
  follower.reconfigure({ server });
  await clock.advance(5_000);
  expect(waiting).toHaveLength(3);
  follower.stop();
  waiting[2]?.answer();
  await clock.advance(600_000);
  expect([waiting.length, answers.length]).toEqual([3, 1]);
});
