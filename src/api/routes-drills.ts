import type { FastifyInstance } from "fastify";
import type { DrillProgress } from "../drills/types.ts";
import { AppError } from "../lib/app-error.ts";
import type { AuditedChange } from "./audited.ts";
import type { DrillRefusal, DrillsPage, StartDrillAnswer, StartDrillBody } from "./contract.ts";
import { requireGateway } from "./find-place.ts";
import type { ApiPorts } from "./ports.ts";
import { drillsPage, startDrillAnswer } from "./schemas-drills.ts";
import { mutationAnswer } from "./schemas.ts";
import { object, flag, name, pathOf, withToken, type Schema } from "./schema-words.ts";

const defaultDurationMs = 30_000;

/** Looks at drills, starts and ends them. */
export function drillRoutes(app: FastifyInstance, ports: ApiPorts, change: AuditedChange): void {
  app.get<{ Querystring: { limit: number } }>(
    "/api/v1/drills",
    {
      schema: {
        summary: "Drills that run, those that have ended (newest first), and what may be drilled.",
        querystring: {
          type: "object",
          properties: { limit: { type: "integer", minimum: 1, maximum: 200, default: 20 } },
        },
        response: { 200: drillsPage },
      },
    },
    async ({ query }): Promise<DrillsPage> => ({
      running: ports.drills.running(),
      past: await ports.drills.past(query.limit),
      kinds: ports.drillKinds,
    }),
  );

  app.post<{ Body: StartDrillBody }>(
    "/api/v1/drills",
    {
      schema: {
        summary: "Show a fault on one beacon node for a while, and measure what becomes of the duties.",
        body: startDrillBody,
        response: { 200: startDrillAnswer },
        security: withToken,
      },
    },
    async ({ body, actor }, reply): Promise<StartDrillAnswer | DrillRefusal> => {
      const { gateway, group, node, kind } = body;
      const asked = { action: "drill.start", target: `${gateway}/${group}/${node}`, name: node, actor };
      let refused: DrillProgress | undefined;
      try {
        return await change(asked, async (by) => {
          requireGateway(ports, body);
          const drill = await ports.drills.start({ durationMs: defaultDurationMs, ...body, by });
          if (drill.phase !== "refused") return { done: `drill ${drill.id} (${kind} on ${node}) begins`, drill };
          refused = drill;
          throw new AppError(`${drill.sentence} The drill was not begun.`, { code: "drill-refused" });
        });
      } catch (error) {
        if (!refused || !(error instanceof AppError) || error.code !== "drill-refused") throw error;
        void reply.code(409);
        return { error: { code: error.code, message: error.message }, drill: refused };
      }
    },
  );

  app.post<{ Params: { id: string } }>(
    "/api/v1/drills/:id/abort",
    {
      schema: {
        summary: "Lift the fault of a drill at once. Ending one that has ended is fine.",
        params: pathOf({ id: name }),
        response: { 200: mutationAnswer },
        security: withToken,
      },
    },
    ({ params: { id }, actor }) =>
      change({ action: "drill.abort", target: id, name: `drill ${id}`, actor }, async (by) => {
        ports.drills.abort(id, by);
        return { done: `drill ${id} is told to end` };
      }),
  );
}

const startDrillBody = object({
  gateway: name,
  group: name,
  node: name,
  kind: name,
  "settings?": { type: "object" },
  "durationMs?": { type: "integer", minimum: 1_000, maximum: 600_000, default: defaultDurationMs },
  "isForced?": { ...flag, description: "Overrule the guards whose finding is soft, and no other." },
} satisfies Partial<Record<keyof StartDrillBody | `${keyof StartDrillBody}?`, Schema>>);
