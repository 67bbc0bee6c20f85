import type { FastifyInstance, FastifyRequest } from "fastify";
import { cleanLine, cleanText } from "../lib/clean-text.ts";
import type { AuditedChange, Done } from "./audited.ts";
import { mutationAnswer } from "./schemas.ts";
import { withToken, type Schema } from "./schema-words.ts";

/** A POST that changes something: who may, what comes in, what the audit says, and what is done. */
export interface PostChange<P, B, T extends Done> {
  path: string;
  summary: string;
  /** For the audit: "incident.declare". */
  action: string;
  params?: Schema;
  body?: Schema;
  /** `MutationAnswer` unless given. */
  answer?: Schema;
  /** What it is done to, for the audit. Never a text that somebody wrote: it may be embargoed. */
  target(params: P, body: B): string;
  /** What it made, for the audit. */
  made?(done: T): string;
  /** Throws `AppError`. */
  act(params: P, body: B, by: string): Promise<T>;
}

/** Adds the route; role responder. Texts of the body are cleaned before they are checked. */
export function postChange<P, B, T extends Done>(
  app: FastifyInstance,
  change: AuditedChange,
  { path, summary, action, params, body, answer, target, made, act }: PostChange<P, B, T>,
): void {
  app.post<{ Params: P; Body: B }>(
    path,
    {
      preValidation: cleanBody,
      schema: {
        summary,
        ...(params ? { params } : {}),
        ...(body ? { body } : {}),
        response: { 200: answer ?? mutationAnswer },
        security: withToken,
      },
    },
    (request) => {
      const of = { params: request.params as P, body: request.body as B };
      const subject = target(of.params, of.body);
      const asked = { action, target: subject, name: subject, actor: request.actor };
      return change(asked, (by) => act(of.params, of.body, by), made);
    },
  );
}

/** Fields in which people write several lines. */
const proseFields: ReadonlySet<string> = new Set(["summary", "note", "text", "comment"]);

/** Takes control characters out of every text of a body. What was left out altogether is an empty body. */
export function cleanBody(request: FastifyRequest, _reply: unknown, done: () => void): void {
  request.body = cleaned(request.body ?? {}, "");
  done();
}

function cleaned(value: unknown, field: string): unknown {
  if (typeof value === "string") return proseFields.has(field) ? cleanText(value) : cleanLine(value);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, field));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cleaned(item, name)]));
}
