/** A JSON Schema (draft 7) as the routes and the OpenAPI document use it. */
export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: "string" };
export const number: Schema = { type: "number" };
export const integer: Schema = { type: "integer" };
export const flag: Schema = { type: "boolean" };
/** Milliseconds since the Unix epoch. */
export const instant: Schema = { type: "number", description: "Milliseconds since the Unix epoch." };
export const list = (items: Schema): Schema => ({ type: "array", items });
export const oneOf = (...values: string[]): Schema => ({ type: "string", enum: values });
export const mapOf = (values: Schema): Schema => ({ type: "object", additionalProperties: values });

/** An object; names that end in "?" may be absent. Unknown fields are an error, so that the document cannot lag behind. */
export function object(fields: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(fields).map(([name, schema]) => [name.replace(/\?$/, ""), schema]);
  const required = Object.keys(fields).filter((name) => !name.endsWith("?"));
  return { type: "object", properties: Object.fromEntries(entries) as object, required, additionalProperties: false };
}

/** The name of a gateway, group or node in a path. */
export const name: Schema = { type: "string", minLength: 1, maxLength: 200 };
/** Parameters in a path. */
export const pathOf = (properties: Readonly<Record<string, Schema>>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
});

export const withToken = [{ token: [] }];
