import type { FastifyInstance } from "fastify";
import type { Role } from "../access/roles.ts";
import type { MessageState } from "../outbox/types.ts";
import type { AuditedChange } from "./audited.ts";
import type { RespondPorts, Told } from "./ports-respond.ts";
import { postChange } from "./post-change.ts";
import { name, oneOf, pathOf } from "./schema-words.ts";
import { answers, cursor, limitOf, line, settleBody } from "./schemas-respond.ts";

const states = ["pending", "sending", "sent", "failed", "dropped", "held"] as const satisfies readonly MessageState[];
const admin = { config: { role: "admin" as Role } };

/** Messages to people and where they come from, what is configured, and the audit. */
export function pageRoutes(app: FastifyInstance, ports: RespondPorts, change: AuditedChange): void {
  app.get<{ Querystring: { state?: MessageState; recipient?: string; limit: number } }>(
    "/api/v1/pages",
    {
      schema: {
        summary: "Messages to people, newest first.",
        querystring: {
          type: "object",
          properties: { state: oneOf(...states), recipient: line(200), limit: limitOf(500, 100) },
        },
        response: answers("PagesPage"),
      },
    },
    ({ query, identity }) => ports.pages(query, identity?.role),
  );
  app.get<{ Params: { id: string } }>(
    "/api/v1/pages/:id/trace",
    {
      schema: {
        summary: "From a page back to slot and node, step by step.",
        ...{ params: pathOf({ id: name }), response: answers("PageTrace") },
      },
    },
    ({ params, identity }) => ports.trace(params.id, identity?.role),
  );
  postChange<{ id: string }, { verdict: "arrived" | "send-again" }, Told>(app, change, {
    path: "/api/v1/pages/:id/settle",
    summary: "Decides on a message that is held because nobody knows whether it arrived.",
    ...{ action: "page.settle", params: pathOf({ id: name }), body: settleBody },
    target: ({ id }, { verdict }) => `page ${id} ${verdict}`,
    act: ({ id }, { verdict }, by) => ports.settlePage(id, verdict, by),
  });

  app.get(
    "/api/v1/respond/settings",
    { schema: { summary: "What is configured of alarms, without secrets.", response: answers("SettingsPage") } },
    () => ports.settings(),
  );
  app.get<{ Querystring: { after: number; limit: number } }>(
    "/api/v1/audit",
    {
      ...admin,
      schema: {
        summary: "The audit, oldest first from `after` on, and whether its chain is whole.",
        querystring: { type: "object", properties: { after: { ...cursor, default: 0 }, limit: limitOf(500, 100) } },
        response: answers("AuditPage"),
      },
    },
    ({ query: { after, limit } }) => ports.auditPage(after, limit),
  );
}
