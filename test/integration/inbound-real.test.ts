import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { InboundSource } from "../../src/alerts/inbound/types.ts";
import { rulesSchema } from "../../src/alerts/rule-config.ts";
import { evaluateRules } from "../../src/alerts/state/evaluate-rules.ts";
import type { AlertState, PromqlAnswer } from "../../src/alerts/state/types.ts";
import { startApiUnderTest, token, type ApiUnderTest } from "../../src/api/testing/api-under-test.ts";
import { fakeInbox } from "../../src/api/testing/fake-inbox.ts";
import { createFleetIo } from "../../src/app/fleet-io.ts";
import { followPromql } from "../../src/app/respond/ask-prometheus.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { hasPrometheus, startPrometheus, type PrometheusUnderTest } from "../support/prometheus.ts";

const soon = { timeout: 40_000, interval: 100 };
/** A real Prometheus that evaluates a rule and tells a real Alertmanager, which posts its webhook, and Slotkeeper itself. */
describe.skipIf(!hasPrometheus)("alerts of other systems", () => {
  const inbox = fakeInbox(systemClock.now);
  let api: ApiUnderTest;
  let real: PrometheusUnderTest;

  const firing = (source: InboundSource) =>
    inbox
      .open()
      .filter((alert) => alert.source === source)
      .map(({ status, labels, annotations }) => `${status} ${labels["alertname"]} ${annotations["summary"]}`);
  const open = ["firing DoorOpen door front is open"];

  beforeAll(async () => {
    api = await startApiUnderTest({ inbox });
    const slotkeeper = `127.0.0.1:${api.server.address.port}`;
    real = await startPrometheus({ slotkeeper, token, tells: "everything" });
  });
  afterAll(async () => {
    await real?.stop();
    await api?.end();
  });

  it("an alert arrives by Alertmanager's webhook and its PagerDuty receiver, which come again while it cannot be stored, and ends", async () => {
    let refused = 0;
    inbox.before = () => ((refused += 1), Promise.reject(new Error("the disk is full")));
    real.doors.front = true;
    await expect.poll(() => refused, soon).toBeGreaterThan(3);
    expect(inbox.alerts()).toEqual([]);
    inbox.before = undefined;
    await expect.poll(() => firing("alertmanager"), soon).toEqual(open);
    await expect.poll(() => firing("alerts-api"), soon).toEqual(open);
    await expect.poll(() => firing("pagerduty"), soon).toHaveLength(1);
    expect(inbox.open().find(({ source }) => source === "pagerduty")).toMatchObject({
      labels: { alertname: "PagerDutyEvent", severity: "critical" },
      annotations: { description: expect.stringContaining("door front is open") as string },
    });
    real.doors.front = false;
    await expect.poll(() => firing("alertmanager"), soon).toEqual([]);
    await expect.poll(() => firing("alerts-api"), soon).toEqual([]);
    await expect.poll(() => firing("pagerduty"), soon).toEqual([]);
    const ended = inbox.alerts().map(({ source, status, startsAt, endsAt }) => [source, status, endsAt > startsAt]);
    expect(ended.sort()).toEqual([
      ["alertmanager", "resolved", true],
      ["alerts-api", "resolved", true],
      ["pagerduty", "resolved", true],
    ]);
  });

  it("what Prometheus renews stays open, ends when it falls silent, and fires again when it speaks again", async () => {
    real.doors.front = true;
    await expect.poll(() => firing("alerts-api"), soon).toEqual(open);
    const alert = () => inbox.alerts().find(({ source }) => source === "alerts-api");
    const { startsAt, endsAt } = alert() ?? { startsAt: 0, endsAt: 0 };
    // Prometheus names an end four resend delays ahead, each time anew.
    await expect.poll(() => alert()?.endsAt, soon).toBeGreaterThan(endsAt + 4_000);
    expect(firing("alerts-api")).toEqual(open);
    real.process.kill("SIGSTOP");
    await expect.poll(() => firing("alerts-api"), soon).toEqual([]);
    real.process.kill("SIGCONT");
    await expect.poll(() => firing("alerts-api"), soon).toEqual(open);
    expect(alert()?.startsAt).toBe(startsAt);
    real.doors.front = false;
    await expect.poll(() => firing("alerts-api"), soon).toEqual([]);
  });

  it("promql rules are asked of the real Prometheus and fire by its answers; its errors are told by rule", async () => {
    const rule = (alert: string, query: string) => ({
      ...{ alert, expr: `promql: ${query}`, labels: { severity: "warning", owner: "ops" } },
      annotations: { summary: "{{ $labels.door }} {{ $value }}", description: "d", playbook: "p" },
    });
    const rules = rulesSchema.parse({
      groups: [
        {
          ...{ name: "own", interval: "1s" },
          rules: [
            rule("Open", "door_open > 0"),
            rule("Scalar", "scalar(sum(door_open)) + 1"),
            rule("NoNumber", "door_open / 0 * 0"),
            rule("Wrong", "sum("),
            rule("Matrix", "door_open[1m]"),
          ],
        },
      ],
    });
    const { io, close } = createFleetIo(systemClock);
    const answers = new Map<string, PromqlAnswer>();
    const follower = followPromql({
      ...{ rules: () => rules, server: { url: real.url, headers: {}, token: undefined }, get: io.get },
      ...{ clock: systemClock, random: Math.random, onProblem: () => undefined },
      onAnswer: (answer) => answers.set(answer.rule, answer),
    });
    onTestFinished(async () => {
      follower.stop();
      await close();
    });
    let states: readonly AlertState[] = [];
    const firingNow = () => {
      states = evaluateRules(rules, { facts: [], answers: [...answers.values()] }, states, systemClock.now()).states;
      return states.map(({ labels, value }) => `${labels["alertname"]} ${labels["door"]} ${value}`).sort();
    };
    const always = ["NoNumber back null", "NoNumber front null", "Scalar undefined 1"];
    await expect.poll(firingNow, soon).toEqual(always);
    real.doors.front = true;
    await expect.poll(firingNow, soon).toEqual([...always.slice(0, 2), "Open front 1", "Scalar undefined 2"]);
    real.doors.front = false;
    await expect.poll(firingNow, soon).toEqual(always);
    const problems = follower.problems().map(({ alert, message }) => `${alert}: ${message}`);
    expect(problems).toEqual([
      expect.stringMatching(/^Wrong: answered with status 400: .*parse error/),
      "Matrix: the query gives a matrix, where a vector or a scalar is needed",
    ]);
    expect(states.every(({ labels }) => !("__name__" in labels))).toBe(true);
  });
});
