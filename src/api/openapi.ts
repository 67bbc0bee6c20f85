import type { FastifyInstance, RouteOptions } from "fastify";
import { errorAnswer } from "./schemas.ts";
import type { Schema } from "./schema-words.ts";

/** What the document needs of a route beyond Fastify's own schema. */
interface Described {
  summary?: string;
  /** Leave the route out of the document. */
  hide?: boolean;
  produces?: readonly string[];
  security?: readonly unknown[];
}

declare module "fastify" {
  // Merging by extension keeps one list of the fields.
  interface FastifySchema extends Described {}
}

interface RouteSchema extends Described {
  querystring?: { properties: Record<string, Schema> };
  params?: { properties: Record<string, Schema> };
  body?: Schema;
  response?: Record<string, Schema>;
}

/** Collects every API route as it is added, and serves the document made of the same schemas that the routes run with. */
export function publishOpenApi(app: FastifyInstance, version: string): void {
  const paths: Record<string, Record<string, unknown>> = {};
  app.addHook("onRoute", (route: RouteOptions) => {
    const schema = (route.schema ?? {}) as RouteSchema;
    if (schema.hide || !route.url.startsWith("/api/")) return;
    const path = route.url.replace(/:(\w+)/g, "{$1}");
    for (const method of [route.method].flat())
      if (method !== "HEAD") (paths[path] ??= {})[method.toLowerCase()] = operation(schema);
  });
  app.get("/api/v1/openapi.json", { schema: { hide: true } }, () => ({
    openapi: "3.1.0",
    info: {
      title: "Slotkeeper",
      version,
      description: "What Slotkeeper knows of your beacon nodes, and what may be done to them.",
    },
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    paths,
  }));
}

function operation(schema: RouteSchema): Record<string, unknown> {
  const parameters = [...parametersOf("path", schema.params), ...parametersOf("query", schema.querystring)];
  const okBody = schema.response?.["200"] ?? { type: "string" };
  return {
    summary: schema.summary ?? "",
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(schema.body
      ? { requestBody: { required: true, content: { "application/json": { schema: schema.body } } } }
      : {}),
    ...(schema.security ? { security: schema.security } : {}),
    responses: {
      200: {
        description: "The answer.",
        content: { [schema.produces?.[0] ?? "application/json"]: { schema: okBody } },
      },
      default: { description: "What went wrong.", content: { "application/json": { schema: errorAnswer } } },
    },
  };
}

function parametersOf(place: "path" | "query", from: { properties: Record<string, Schema> } | undefined) {
  return Object.entries(from?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: place,
    required: place === "path",
    schema,
  }));
}
