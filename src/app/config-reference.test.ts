import { expect, test } from "vitest";
import { configJsonSchema, type JsonSchema } from "./config/json-schema.ts";
import { configReasons } from "./config/reasons.ts";
import { renderConfigReference } from "./config-reference.ts";

/** Every key of the schema with its own schema, "nodes[].url" style. */
function keys(schema: JsonSchema, prefix = ""): [string, JsonSchema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, child]): [string, JsonSchema][] => [
    [`${prefix}${key}`, child],
    ...keys(child, `${prefix}${key}${child.items ? "[]" : ""}.`),
  ]);
  return [...own, ...[schema.items, ...(schema.anyOf ?? [])].flatMap((child) => (child ? keys(child, prefix) : []))];
}

test("every key has a description, and every value that is no section an example", () => {
  const all = keys(configJsonSchema());
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter(([, schema]) => !schema.description).map(([key]) => key)).toEqual([]);
  const isSection = (schema: JsonSchema) => schema.properties !== undefined || schema.items !== undefined;
  expect(all.filter(([, schema]) => !isSection(schema) && !schema.examples).map(([key]) => key)).toEqual([]);
});

test("the reference names every key and every reason, and is the same each time", () => {
  const text = renderConfigReference(configJsonSchema());
  for (const [key] of keys(configJsonSchema())) if (!/\.(env|file)$/.test(key)) expect(text).toContain(`\`${key}\``);
  for (const code of Object.keys(configReasons)) expect(text).toContain(`\`${code}\``);
  expect(renderConfigReference(configJsonSchema())).toBe(text);
  expect(text).not.toMatch(/undefined|\[object/);
});
