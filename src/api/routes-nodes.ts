import type { FastifyInstance } from "fastify";
import type { AuditRecord } from "../access/audit.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { OperatorState } from "../upstream/types.ts";
import type { MutationAnswer } from "./contract.ts";
import type { ApiPorts } from "./ports.ts";
import { mutationAnswer } from "./schemas.ts";

interface NodePath {
  gateway: string;
  group: string;
  node: string;
}

const verbs = { cordon: "cordoned", uncordon: "active" } as const satisfies Record<string, OperatorState>;
const name = { type: "string", minLength: 1, maxLength: 200 };

/**
 * What changes a node. The audit gets two records of each attempt: one before anything is done, without which nothing is
 * done, and one with the outcome. A crash in between leaves the first.
 */
export function nodeRoutes(app: FastifyInstance, ports: ApiPorts, clock: Clock, log: Logger): void {
  for (const [verb, state] of Object.entries(verbs))
    app.post<{ Params: NodePath }>(
      `/api/v1/nodes/:gateway/:group/:node/${verb}`,
      {
        schema: {
          summary:
            verb === "cordon"
              ? "Take a beacon node out of service; nothing new is sent to it."
              : "Let a beacon node serve again.",
          params: {
            type: "object",
            properties: { gateway: name, group: name, node: name },
            required: ["gateway", "group", "node"],
          },
          response: { 200: mutationAnswer },
          security: [{ token: [] }],
        },
      },
      async ({ params: { gateway, group, node }, ip }): Promise<MutationAnswer> => {
        const actor = `api token from ${ip}`;
        const event = { actor, action: `node.${verb}`, target: `${gateway}/${group}/${node}` };
        const asked = await record("asked", `nothing was done to ${node}`);
        const ofAsked = `(asked in record ${asked.id})`;
        try {
          await ports.setOperatorState(gateway, group, node, state, actor);
        } catch (error) {
          await record(`failed: ${describeError(error)} ${ofAsked}`, describeError(error));
          throw error;
        }
        const done = `${node} is ${verb === "cordon" ? "cordoned" : "in service again"}`;
        const { id } = await record(`done ${ofAsked}`, done);
        return { auditId: id, done };

        async function record(result: string, soFar: string): Promise<AuditRecord> {
          try {
            return await ports.audit.append({ ...event, at: clock.now(), result });
          } catch (cause) {
            log.error({ ...event, result, error: describeError(cause) }, "the audit could not record this");
            throw new AppError(`${soFar}, and the audit could not record it. Look at the store's disk.`, {
              code: "audit-failed",
              cause,
            });
          }
        }
      },
    );
}
