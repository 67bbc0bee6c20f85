import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { AuditedChange } from "./audited.ts";
import { createLinkThrottle } from "./link-throttle.ts";
import type { RespondPorts } from "./ports-respond.ts";
import { mutationAnswer } from "./schemas.ts";
import { answers } from "./schemas-respond.ts";
import { pathOf, type Schema } from "./schema-words.ts";

const token: Schema = { type: "string", minLength: 1, maxLength: 500, pattern: "^[A-Za-z0-9._~-]+$" };

/**
 * Acknowledging by the signed link of a page. Nobody logs in: the token is the proof. Looking changes nothing, because mail
 * programs open links by themselves.
 */
export function acknowledgeRoutes(
  app: FastifyInstance,
  ports: RespondPorts,
  change: AuditedChange,
  clock: Clock,
): void {
  const waitOf = createLinkThrottle();

  function throttle({ ip }: FastifyRequest, reply: FastifyReply, done: (refusal?: AppError) => void): void {
    const waitMs = waitOf(ip, clock.monotonic());
    if (waitMs <= 0) return done();
    const seconds = Math.ceil(waitMs / 1_000);
    reply.header("retry-after", seconds);
    done(new AppError(`Too many links were opened from ${ip}. Try again in ${seconds} s.`, { code: "link-throttled" }));
  }
  const route = (summary: string, response: Record<number, Schema>) => ({
    config: { isOpen: true },
    onRequest: throttle,
    schema: { summary, params: pathOf({ token }), response },
  });

  app.get<{ Params: { token: string } }>(
    "/api/v1/acknowledge/:token",
    route("What the signed link of a page would acknowledge. It changes nothing.", answers("AcknowledgeView")),
    ({ params }) => ports.acknowledgeView(params.token),
  );
  app.post<{ Params: { token: string } }>(
    "/api/v1/acknowledge/:token",
    route("Acknowledges by the signed link of a page, as the person whom it was sent to.", { 200: mutationAnswer }),
    async ({ params, ip }) => {
      const { person, incident } = await ports.acknowledgeView(params.token);
      const subject = incident ?? "page";
      const asked = {
        action: "page.acknowledge",
        target: subject,
        name: subject,
        actor: `${person} by link from ${ip}`,
      };
      return change(asked, () => ports.acknowledgeByLink(params.token, ip));
    },
  );
}
