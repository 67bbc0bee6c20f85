import type { RespondPorts } from "../../api/ports-respond.ts";
import { backtest } from "../../alerts/backtest.ts";
import { defaultRules } from "../../alerts/default-rules.ts";
import { parseDuration } from "../../alerts/duration.ts";
import { comparesOf } from "../../alerts/expr/types.ts";
import { readGenericAlerts } from "../../alerts/inbound/read-generic.ts";
import { readCondition } from "../../alerts/rule-config.ts";
import type { Rule } from "../../alerts/rule.ts";
import { AppError } from "../../lib/app-error.ts";
import { addSilence, endSilence } from "../../respond/acts/silence.ts";
import { showAlerts, showRules, showSilences, veilAlerts } from "./alert-views.ts";
import { personOf, type DeskParts } from "./desk-parts.ts";

type AlertPorts = Pick<
  RespondPorts,
  "alerts" | "alertHistory" | "rules" | "backtest" | "testAlert" | "silences" | "addSilence" | "endSilence" | "ingest"
>;

const hourMs = 3_600_000;
const longestHours = 24 * 31;
const testMs = 60_000;

/** Alerts, rules and silences as the API serves them. */
export function alertDesk(parts: DeskParts): AlertPorts {
  const { engine, store, clock, settings } = parts;
  return {
    alerts: (reader) =>
      veilAlerts(showAlerts(engine.state(), settings(), engine.problems(), clock.now()), engine.state(), reader),
    async alertHistory(query) {
      const items = await store.events(query);
      const last = items.at(-1);
      return { items, ...(last && items.length === query.limit ? { nextBefore: last.id } : {}) };
    },
    async rules() {
      const fired = await store.firedSince(clock.now() - 24 * hourMs);
      return showRules(engine.state(), settings(), engine.problems(), fired, clock.now());
    },
    async backtest({ hours = 24, ...asked }) {
      const rules = rulesToTry(asked, settings().rules);
      const toAt = clock.now();
      const fromAt = toAt - Math.min(hours, longestHours) * hourMs;
      const { frames, factsWithout } = await parts.history(fromAt, toAt);
      const without = new Set(factsWithout);
      const named = rules.flatMap(({ condition }) =>
        condition.kind === "facts" ? comparesOf(condition.expr).map(({ fact }) => fact) : [],
      );
      return {
        ...{ fromAt, toAt },
        rules: rules.map((rule) => ({
          alert: rule.alert,
          expr: rule.expr,
          ...backtest(rule, frames, settings().grouping),
        })),
        factsWithoutHistory: [...new Set(named.filter((fact) => without.has(fact)))],
      };
    },
    async testAlert({ severity = "warning", labels = {}, durationMs = testMs }, by) {
      const now = clock.now();
      const title = `Test alert by ${personOf(by)}`;
      const body = { title, severity, labels: { ...labels, test: "true" }, id: `test ${parts.newId()}` };
      const text = { description: "Somebody tries whether alarms reach people. Nothing is wrong." };
      const [alert] = readGenericAlerts(JSON.stringify({ ...body, ...text }), now);
      if (alert) await engine.step({ inbound: [{ ...alert, endsAt: now + durationMs }] });
      return { done: `a ${severity} test alert fires; it ends by itself in ${Math.round(durationMs / 1_000)} s` };
    },
    silences: () => showSilences(engine.state(), clock.now()),
    async addSilence({ matchers, startsAt, endsAt, comment }, by) {
      const id = parts.newId();
      const silence = { id, matchers, startsAt: startsAt ?? clock.now(), endsAt, comment, createdBy: personOf(by) };
      await engine.step({}, (draft, context) => addSilence(draft, context, silence));
      return { id, done: "silenced" };
    },
    async endSilence(id) {
      await engine.step({}, (draft, context) => endSilence(draft, context, id));
      return { done: "the silence has ended" };
    },
    async ingest(alerts) {
      const { refused } = await engine.step({ inbound: alerts });
      return { taken: alerts.length - refused, refused };
    },
  };
}

/** A configured rule by its name, all of them, or one that is only tried. */
function rulesToTry(asked: { alert?: string; expr?: string; for?: string }, rules: readonly Rule[]): readonly Rule[] {
  if (asked.expr !== undefined) return [ruleToTry(asked.expr, asked.for ?? "0s", asked.alert)];
  const judged = rules.filter(({ condition }) => condition.kind === "facts");
  if (asked.alert === undefined) return judged;
  const named = judged.filter(({ alert }) => alert === asked.alert);
  if (named.length > 0) return named;
  throw new AppError(
    `try the rule ${asked.alert}: no rule on own facts has this name. \`slotkeeper alerts rules\` lists them; rules with promql: are tried in Prometheus.`,
    { code: "not-found" },
  );
}

function ruleToTry(expr: string, text: string, alert = "Tried"): Rule {
  const read = readCondition(expr);
  const forMs = parseDuration(text);
  if (read.kind === "refused") throw new AppError(`try this rule: ${read.message}`, { code: "bad-request" });
  if (read.value.kind === "promql")
    throw new AppError("try this rule: promql: is tried in Prometheus, not here.", { code: "bad-request" });
  if (forMs === undefined)
    throw new AppError(`try this rule: "${text}" is not a duration such as 5m.`, { code: "bad-request" });
  const [shipped] = defaultRules;
  if (!shipped) throw new TypeError("there are shipped rules");
  const texts = { annotations: { summary: expr, description: "" }, playbook: "", owner: "" };
  return {
    ...shipped,
    ...texts,
    alert,
    expr,
    forMs,
    keepFiringForMs: 0,
    condition: read.value,
    severity: "warning",
    labels: {},
  };
}
