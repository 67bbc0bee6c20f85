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
  cached ??= z.toJSONSchema(configSchema, { io: "input", override: adjust }) as JsonSchema;
  return cached;
}

/**
 * zod leaves out the examples of values that it transforms; ours show what is written, so they hold for the input. Forms that
 * `kind` tells apart are written as any other choice of forms.
 */
function adjust({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodType;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const { oneOf } = jsonSchema;
  if (oneOf) {
    delete jsonSchema.oneOf;
    jsonSchema.anyOf = oneOf;
  }
  const examples = z.globalRegistry.get(zodSchema as z.ZodType)?.["examples"];
  if (Array.isArray(examples)) jsonSchema.examples = examples;
}

/**
 * The schemas that may stand at a path of a file that was read as `data`: more than one where the file allows several forms.
 * Where forms have a `kind`, those of the kind that is written.
 */
export function schemasAt(path: readonly PropertyKey[], data: unknown): JsonSchema[] {
  let here = expand(configJsonSchema());
  let value = data;
  for (const step of path) {
    here = formsOfKind(here, value)
      .flatMap((schema) => childOf(schema, step))
      .flatMap(expand);
    value = memberOf(value, step);
  }
  return formsOfKind(here, value);
}

function formsOfKind(forms: JsonSchema[], value: unknown): JsonSchema[] {
  const kind = memberOf(value, "kind");
  const meant = forms.filter(({ properties }) => properties?.["kind"]?.enum?.includes(kind));
  return meant.length > 0 ? meant : forms;
}

function memberOf(value: unknown, step: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined;
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
export function keysAt(path: readonly PropertyKey[], data: unknown): string[] {
  return [...new Set(schemasAt(path, data).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}
