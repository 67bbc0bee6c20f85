import type { FastifyInstance } from "fastify";
import type { AuditedChange } from "./audited.ts";
import type { DeclareBody, IsolateBody, UpdateIncidentBody } from "./contract-respond.ts";
import type { RespondPorts, Told } from "./ports-respond.ts";
import { postChange } from "./post-change.ts";
import { name, oneOf, pathOf, type Schema } from "./schema-words.ts";
import * as schemas from "./schemas-respond.ts";

type TaskChange = { state?: "open" | "done" | "dropped"; owner?: string };

interface OfIncident {
  reference: string;
}

/** Incidents. What they are about is told by the ports, which know who asks: of embargoed ones only to responders and admins. */
export function incidentRoutes(app: FastifyInstance, ports: RespondPorts, change: AuditedChange): void {
  readRoutes(app, ports);

  postChange<unknown, DeclareBody, Told & OfIncident>(app, change, {
    path: "/api/v1/incidents",
    summary: "Declares an incident; only a title is needed. The same `idempotencyKey` gives the same incident.",
    ...{ action: "incident.declare", body: schemas.declareBody, answer: schemas.incidentAnswer },
    target: (_, { type = "outage" }) => type,
    made: ({ reference }) => reference,
    act: (_, body, by) => ports.declare(body, by),
  });

  /** A change of one incident: the last part of its path, its action, and its work. */
  function verb<B>(
    path: string,
    summary: string,
    body: Schema | undefined,
    act: (reference: string, body: B, by: string) => Promise<Told>,
  ): void {
    postChange<OfIncident, B, Told>(app, change, {
      ...{ path: `/api/v1/incidents/:reference/${path}`, summary, action: `incident.${path}` },
      params: pathOf({ reference: schemas.reference }),
      ...(body ? { body } : {}),
      target: ({ reference }) => reference,
      act: ({ reference }, given, by) => act(reference, given, by),
    });
  }

  verb("acknowledge", "Takes an incident: it is escalated no further.", undefined, (reference, _, by) =>
    ports.acknowledge(reference, by),
  );
  verb<UpdateIncidentBody>(
    "update",
    "Changes title, type, severity, status or roles, with a line for the timeline.",
    schemas.updateIncidentBody,
    (reference, body, by) => ports.update(reference, body, by),
  );
  verb<{ text: string }>("note", "Writes a line into the timeline.", schemas.noteBody, (reference, { text }, by) =>
    ports.note(reference, text, by),
  );
  verb<{ text: string; owner?: string }>("tasks", "Adds a task.", schemas.addTaskBody, (reference, body, by) =>
    ports.addTask(reference, body, by),
  );
  verb<{ into: string }>(
    "merge",
    "Makes it a part of another incident, which goes on for both.",
    schemas.mergeBody,
    (reference, { into }, by) => ports.merge(reference, into, by),
  );
  verb("assess", "Judges it again now.", undefined, (reference, _, by) => ports.assess(reference, by));
  verb<IsolateBody>(
    "isolate",
    "Does what one of its offers says. Nothing that is offered can slash.",
    schemas.isolateBody,
    (reference, { offer }, by) => ports.isolate(reference, offer, by),
  );
  verb<{ summary?: string }>("resolve", "Ends it.", schemas.resolveBody, (reference, { summary }, by) =>
    ports.resolve(reference, summary, by),
  );

  postChange<OfIncident & { task: string }, TaskChange, Told>(app, change, {
    path: "/api/v1/incidents/:reference/tasks/:task",
    summary: "Gives a task another state or owner.",
    ...{ action: "incident.task", body: schemas.setTaskBody },
    params: pathOf({ reference: schemas.reference, task: name }),
    target: ({ reference, task }) => `${reference}/${task}`,
    act: ({ reference, task }, body, by) => ports.setTask(reference, task, body, by),
  });
}

function readRoutes(app: FastifyInstance, ports: RespondPorts): void {
  app.get<{ Querystring: { state?: "open" | "over"; before?: number; limit: number } }>(
    "/api/v1/incidents",
    {
      schema: {
        summary: "Incidents, newest first.",
        querystring: {
          type: "object",
          properties: {
            state: oneOf("open", "over"),
            before: schemas.instantOfQuery,
            limit: schemas.limitOf(200, 50),
          },
        },
        response: schemas.answers("IncidentsPage"),
      },
    },
    ({ query: { state, before, limit }, identity }) => {
      const query = { limit, ...(before !== undefined && { before }), ...(state && { isOpen: state === "open" }) };
      return ports.incidents(query, identity?.role);
    },
  );
  app.get<{ Params: OfIncident }>(
    "/api/v1/incidents/:reference",
    {
      schema: {
        summary: "One incident: assessment, timeline, tasks, offers, pages.",
        ...{ params: pathOf({ reference: schemas.reference }), response: schemas.answers("IncidentDetail") },
      },
    },
    ({ params: { reference }, identity }) => ports.incident(reference, identity?.role),
  );
}
