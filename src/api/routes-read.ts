import type { FastifyInstance } from "fastify";
import type { Clock } from "../lib/clock.ts";
import type { ApiPorts, TransitionsQuery } from "./ports.ts";
import { historyPage, reasonList, snapshot, transitionsPage } from "./schemas.ts";

const maxMinutes = 7 * 24 * 60;

/** Everything that only looks. */
export function readRoutes(app: FastifyInstance, ports: ApiPorts, clock: Clock): void {
  app.get(
    "/api/v1/snapshot",
    { schema: { summary: "Everything that the page shows now.", response: { 200: snapshot } } },
    () => ports.snapshot(),
  );

  app.get<{ Querystring: TransitionsQuery }>(
    "/api/v1/transitions",
    {
      schema: {
        summary: "Stored changes of health, operator state and view, newest first.",
        querystring: {
          type: "object",
          properties: {
            gateway: { type: "string", maxLength: 200 },
            group: { type: "string", maxLength: 200 },
            node: { type: "string", maxLength: 200 },
            before: { type: "integer", minimum: 1 },
            limit: { type: "integer", minimum: 1, maximum: 500, default: 100 },
          },
        },
        response: { 200: transitionsPage },
      },
    },
    ({ query }) => ports.transitions(query),
  );

  app.get<{ Querystring: { minutes: number } }>(
    "/api/v1/history",
    {
      schema: {
        summary: "Samples of every gateway's groups, oldest first.",
        querystring: {
          type: "object",
          properties: { minutes: { type: "integer", minimum: 1, maximum: maxMinutes, default: 60 } },
        },
        response: { 200: historyPage },
      },
    },
    ({ query }) => ports.history(clock.now() - query.minutes * 60_000),
  );

  app.get(
    "/api/v1/reasons",
    { schema: { summary: "Every reason code with its words.", response: { 200: reasonList } } },
    () => ports.reasons,
  );

  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) => {
    const body = await ports.metrics();
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(body);
  });

  app.get("/healthz", { schema: { hide: true } }, (_request, reply) => {
    const { isHealthy, detail } = ports.health();
    return reply
      .code(isHealthy ? 200 : 503)
      .type("text/plain; charset=utf-8")
      .send(`${detail}\n`);
  });
}
