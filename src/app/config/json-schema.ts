import { z } from "zod";
import { configSchema } from "./schema.ts";

/** The parts of JSON Schema that zod writes for our file. */
export interface JsonSchema {
  type?: string;
  title?: string;
  description?: string;
  examples?: unknown[];
  default?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

let cached: JsonSchema | undefined;

/** JSON Schema (2020-12) of `slotkeeper.yaml` as a person writes it: for editors, and for the generated reference. */
export function configJsonSchema(): JsonSchema {
  cached ??= z.toJSONSchema(configSchema, { io: "input", override: keepExamples }) as JsonSchema;
  return cached;
}

/** zod leaves out the examples of values that it transforms; ours show what is written, so they hold for the input. */
function keepExamples({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodType;
  jsonSchema: { examples?: unknown };
}): void {
  const examples = z.globalRegistry.get(zodSchema as z.ZodType)?.["examples"];
  if (examples !== undefined) jsonSchema.examples = examples;
}

/** The schemas that may stand at a path: more than one where the file allows several forms. */
export function schemasAt(path: readonly PropertyKey[], root = configJsonSchema()): JsonSchema[] {
  let here = expand(root);
  for (const step of path) here = here.flatMap((schema) => childOf(schema, step)).flatMap(expand);
  return here;
}

function expand(schema: JsonSchema): JsonSchema[] {
  if (!schema.anyOf) return [schema];
  const own = {
    ...(schema.description && { description: schema.description }),
    ...(schema.examples && { examples: schema.examples }),
  };
  return schema.anyOf.flatMap(expand).map((option) => ({ ...option, ...own }));
}

function childOf(schema: JsonSchema, step: PropertyKey): JsonSchema[] {
  if (typeof step === "number") return schema.items ? [schema.items] : [];
  const known = schema.properties?.[String(step)];
  if (known) return [known];
  return typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
}

/** The keys that may be written at a path, in the order of the schema. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  return [...new Set(schemasAt(path).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}
