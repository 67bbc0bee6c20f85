import type { FastifyInstance } from "fastify";
import { parseDuration } from "../alerts/duration.ts";
import type { AlertEventQuery } from "../respond/types.ts";
import { AppError } from "../lib/app-error.ts";
import type { AuditedChange } from "./audited.ts";
import type { BacktestBody, SilenceBody, TestAlertBody } from "./contract-respond.ts";
import type { RespondPorts } from "./ports-respond.ts";
import { cleanBody, postChange } from "./post-change.ts";
import { name, pathOf } from "./schema-words.ts";
import {
  answers,
  backtestBody,
  cursor,
  limitOf,
  line,
  silenceAnswer,
  silenceBody,
  testAlertBody,
} from "./schemas-respond.ts";

/** Alerts, their rules and their silences. */
export function alertRoutes(app: FastifyInstance, ports: RespondPorts, change: AuditedChange): void {
  readRoutes(app, ports);

  app.post<{ Body: BacktestBody }>(
    "/api/v1/alerts/backtest",
    {
      preValidation: cleanBody,
      schema: {
        summary:
          "What rules would have done over the stored history. It changes nothing; without `alert` or `expr` all rules are tried.",
        ...{ body: backtestBody, response: answers("BacktestAnswer") },
      },
    },
    ({ body }) => ports.backtest(checkedBacktest(body)),
  );

  postChange<unknown, TestAlertBody, { done: string }>(app, change, {
    path: "/api/v1/alerts/test",
    summary: "A made-up alert that fires through the whole chain: grouping, pages, channels.",
    ...{ action: "alert.test", body: testAlertBody },
    target: (_, { severity }) => `test alert${severity === undefined ? "" : ` (${severity})`}`,
    act: (_, body, by) => ports.testAlert(body, by),
  });
  postChange<unknown, SilenceBody, { done: string; id: string }>(app, change, {
    path: "/api/v1/silences",
    summary: "Tells nobody of alerts that fulfil all matchers, until it ends.",
    ...{ action: "silence.add", body: silenceBody, answer: silenceAnswer },
    target: () => "alerts",
    made: ({ id }) => id,
    act: (_, body, by) => ports.addSilence(body, by),
  });
  postChange<{ id: string }, unknown, { done: string }>(app, change, {
    path: "/api/v1/silences/:id/end",
    summary: "Ends a silence now.",
    ...{ action: "silence.end", params: pathOf({ id: name }) },
    target: ({ id }) => `silence ${id}`,
    act: ({ id }, _, by) => ports.endSilence(id, by),
  });
}

function readRoutes(app: FastifyInstance, ports: RespondPorts): void {
  app.get(
    "/api/v1/alerts",
    {
      schema: {
        summary: "Alerts that are pending or fire, and whom they were told to.",
        response: answers("AlertsPage"),
      },
    },
    ({ identity }) => ports.alerts(identity?.role),
  );
  app.get<{ Querystring: AlertEventQuery }>(
    "/api/v1/alerts/history",
    {
      schema: {
        summary: "Changes of alerts, newest first.",
        querystring: {
          type: "object",
          properties: { alert: line(200), fingerprint: line(200), before: cursor, limit: limitOf(500, 100) },
        },
        response: answers("AlertHistoryPage"),
      },
    },
    ({ query }) => ports.alertHistory(query),
  );
  app.get(
    "/api/v1/alerts/rules",
    { schema: { summary: "Every rule, its state, and what it lacks.", response: answers("RulesPage") } },
    () => ports.rules(),
  );
  app.get(
    "/api/v1/silences",
    { schema: { summary: "Silences: to come, in force, and over.", response: answers("SilencesPage") } },
    () => ports.silences(),
  );
}

function checkedBacktest(body: BacktestBody): BacktestBody {
  const { alert, expr, for: held } = body;
  if (alert !== undefined && expr !== undefined) refuse("name a rule by `alert`, or write one in `expr`, not both");
  if (held !== undefined && expr === undefined) refuse("`for` belongs to an `expr`: a rule has its own");
  if (held !== undefined && parseDuration(held) === undefined)
    refuse('write `for` as a duration, such as "5m" or "1h30m"');
  return body;
}

function refuse(problem: string): never {
  throw new AppError(`Try a rule out: ${problem}.`, { code: "bad-request" });
}
