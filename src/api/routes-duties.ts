import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { AppError } from "../lib/app-error.ts";
import type { ExceptionQuery } from "../duties/ports.ts";
import type { DutyPorts, EpochRange, ValidatorQuery } from "./ports-duties.ts";
import { integer, name, oneOf, pathOf, type Schema } from "./schema-words.ts";

const compress = promisify(gzip);
const epoch: Schema = { type: "integer", minimum: 0, maximum: 2 ** 40 };
const word: Schema = { type: "string", maxLength: 200 };
const range = { from: epoch, to: epoch };
const query = (properties: Readonly<Record<string, Schema>>) => ({ type: "object", properties });
const limitOf = (most: number, fallback: number): Schema => ({
  type: "integer",
  minimum: 1,
  maximum: most,
  default: fallback,
});
/** The contract's types say what is in it; the document says where to look. */
const answers = (contractName: string): Record<number, Schema> => ({
  200: { type: "object", description: `\`${contractName}\` of the published contract.`, additionalProperties: true },
});

interface ExceptionQuerystring extends EpochRange {
  validator?: number;
  kind?: ExceptionQuery["kind"];
  outcome?: ExceptionQuery["outcome"];
  cause?: string;
  before?: string;
  limit: number;
}

/** Everything that can be asked about duties. */
export function dutyRoutes(app: FastifyInstance, ports: DutyPorts): void {
  app.get(
    "/api/v1/duties",
    { schema: { summary: "How far judging came, and the running epoch's slots.", response: answers("DutiesNow") } },
    () => ports.now(),
  );

  app.get<{ Querystring: EpochRange }>(
    "/api/v1/duties/epochs",
    {
      schema: {
        summary: "Judged epochs, ours and the whole network's, oldest first; the newest 225 unless asked otherwise.",
        ...{ querystring: query(range), response: answers("EpochsPage") },
      },
    },
    ({ query: asked }) => ports.epochs(asked),
  );

  app.get<{ Params: { epoch: number } }>(
    "/api/v1/duties/epochs/:epoch",
    {
      schema: {
        summary: "One judged epoch: slots, cohorts, proposals, sync committee, slashings.",
        ...{ params: pathOf({ epoch }), response: answers("EpochDetail") },
      },
    },
    async ({ params }) =>
      (await ports.epoch(params.epoch)) ?? notFound(`epoch ${params.epoch}: nothing is stored of it`),
  );

  app.get<{ Querystring: EpochRange & { key?: string; value?: string } }>(
    "/api/v1/duties/cohorts",
    {
      schema: {
        summary: "Sums by cohort and epoch, oldest first. A cohort is everybody with one value of a label.",
        ...{ querystring: query({ ...range, key: word, value: word }), response: answers("CohortsPage") },
      },
    },
    ({ query: asked }) => ports.cohorts(asked),
  );

  app.get<{ Querystring: ExceptionQuerystring }>(
    "/api/v1/duties/exceptions",
    {
      schema: {
        summary: "Duties that were not perfect, newest first, each with its cause.",
        querystring: query({
          ...{ ...range, validator: { ...integer, minimum: 0 }, cause: word, before: word, limit: limitOf(500, 100) },
          kind: oneOf("attestation", "proposal", "sync", "slashing"),
          outcome: word,
        }),
        response: answers("ExceptionsPage"),
      },
    },
    ({ query: { from, to, validator, kind, outcome, cause, before, limit } }) =>
      ports.exceptions({
        limit,
        ...(kind !== undefined && { kind }),
        ...(outcome !== undefined && { outcome }),
        ...(cause !== undefined && { cause }),
        ...(before !== undefined && { before }),
        ...(from !== undefined && { fromEpoch: from }),
        ...(to !== undefined && { toEpoch: to }),
        ...(validator !== undefined && { validatorIndex: validator }),
      }),
  );

  app.get<{ Querystring: EpochRange }>(
    "/api/v1/duties/causes",
    {
      schema: {
        summary:
          "Lost duties by cause, and the labels that explain most of them; the last 32 epochs unless asked otherwise.",
        ...{ querystring: query(range), response: answers("CausesPage") },
      },
    },
    ({ query: asked }) => ports.causes(asked),
  );

  app.get(
    "/api/v1/duties/next",
    { schema: { summary: "Proposals and sync-committee duties to come.", response: answers("NextDutiesPage") } },
    () => ports.next(),
  );

  app.get<{ Querystring: EpochRange & { key?: string; value?: string } }>(
    "/api/v1/duties/heatmap",
    {
      schema: {
        summary:
          "Attestations of many validators and epochs, a byte each: 4 bytes of header length, a JSON header, 4 bytes per validator index, then the cells epoch by epoch. Little-endian.",
        ...{ querystring: query({ ...range, key: word, value: word }), produces: ["application/octet-stream"] },
        response: { 200: { type: "string", format: "binary" } },
      },
    },
    async ({ query: asked, headers }, reply) => {
      const body = await ports.heatmap(asked);
      void reply.type("application/octet-stream");
      if (!/\bgzip\b/.test(headers["accept-encoding"] ?? "")) return reply.send(Buffer.from(body.buffer));
      return reply.header("content-encoding", "gzip").send(await compress(body, { level: 1 }));
    },
  );

  app.get<{ Querystring: { epochs: number; key?: string } }>(
    "/api/v1/cohorts",
    {
      schema: {
        summary: "Each cohort over the last epochs, beside as many epochs before, and the network.",
        ...{ querystring: query({ epochs: limitOf(1575, 225), key: word }), response: answers("CohortTable") },
      },
    },
    ({ query: asked }) => ports.cohortTable(asked.epochs, asked.key),
  );

  app.get<{ Querystring: ValidatorQuery }>(
    "/api/v1/validators",
    {
      schema: {
        summary: "Our validators, by index; `search` looks at keys, indices and labels.",
        querystring: query({ search: word, key: word, value: word, after: word, limit: limitOf(1000, 100) }),
        response: answers("ValidatorsPage"),
      },
    },
    ({ query: asked }) => ports.validators(asked),
  );

  app.get<{ Params: { id: string } }>(
    "/api/v1/validators/:id",
    {
      schema: {
        summary: "One validator, by index or key.",
        ...{ params: pathOf({ id: name }), response: answers("ValidatorDetail") },
      },
    },
    async ({ params }) => (await ports.validator(params.id)) ?? noValidator(params.id),
  );

  app.get<{ Params: { id: string }; Querystring: EpochRange }>(
    "/api/v1/validators/:id/duties",
    {
      schema: {
        summary: "Every duty of one validator, newest epoch first; the last 32 epochs unless asked otherwise.",
        ...{ params: pathOf({ id: name }), querystring: query(range), response: answers("ValidatorDuties") },
      },
    },
    async ({ params, query: asked }) => (await ports.validatorDuties(params.id, asked)) ?? noValidator(params.id),
  );

  app.get<{ Params: { id: string }; Querystring: { epoch: number } }>(
    "/api/v1/validators/:id/proof",
    {
      schema: {
        summary: "Why: outcome, causes and the proof of one validator's attestation in one epoch.",
        ...{ params: pathOf({ id: name }), response: answers("DutyExplanation") },
        querystring: { ...query({ epoch }), required: ["epoch"] },
      },
    },
    async ({ params, query: asked }) => (await ports.explain(params.id, asked.epoch)) ?? noValidator(params.id),
  );

  app.get(
    "/api/v1/sla",
    { schema: { summary: "Each customer's uptime, budget and forecast.", response: answers("SlaPage") } },
    () => ports.sla(),
  );

  app.get(
    "/api/v1/fleet",
    { schema: { summary: "The inventory: sources, conflicts, statuses, keys.", response: answers("FleetPage") } },
    () => ports.fleet(),
  );
}

function notFound(message: string): never {
  throw new AppError(`Look up ${message}.`, { code: "not-found" });
}

function noValidator(id: string): never {
  return notFound(`validator ${id}: it is not in the inventory. Give an index or a whole key of a validator that is`);
}
