import { fleetReasons } from "../fleet/reasons.ts";
import type { ReasonTable } from "../lib/reason.ts";
import type { JsonSchema } from "./config/json-schema.ts";
import { configReasons } from "./config/reasons.ts";

/**
 * The text of `docs/generated/config.md`: every key with its kind, default and meaning, from the schema that checks the
 * file, and every problem and warning that checking can give. Pure: the same schema gives the same text.
 */
export function renderConfigReference(schema: JsonSchema): string {
  return `${[
    "# Configuration",
    "",
    "Generated from the schema; do not edit. One YAML file, `slotkeeper.yaml`. The smallest one that works:",
    "",
    "```yaml",
    "nodes: [{ name: bn1, url: http://127.0.0.1:5052 }]",
    "```",
    "",
    "Unknown keys are refused. Secrets are written as `{ env: NAME }` or `{ file: PATH }` and print as `***`. Paths are",
    "relative to the file's folder. The file is read again when it changes and on SIGHUP; a bad new file leaves the old",
    "configuration in force. `slotkeeper config validate` checks a file, `slotkeeper config schema` prints its JSON Schema.",
    "",
    ...Object.entries(schema.properties ?? {}).flatMap(([key, section]) => sectionLines(key, section)),
    "## Why a file is refused",
    "",
    ...reasonLines(configReasons),
    "",
    "## Warnings about a file that works",
    "",
    ...reasonLines(fleetReasons),
  ].join("\n")}\n`;
}

function sectionLines(key: string, section: JsonSchema): string[] {
  // What several forms have in common is said once.
  const rows = [...new Set(keyRows(section, `${key}${isList(section) ? "[]" : ""}.`))];
  const facts = [`Kind: ${kindOf(section)}.`, defaultOf(section), exampleOf(section)].filter((fact) => fact !== "");
  const table = ["| key | kind | default | meaning |", "|---|---|---|---|", ...rows];
  return [
    `## \`${key}\``,
    "",
    section.description ?? "",
    "",
    facts.join(" "),
    "",
    ...(rows.length > 0 ? [...table, ""] : []),
  ];
}

/** One row for each key below, depth first. Secret references are one kind, not two keys. */
function keyRows(schema: JsonSchema, prefix: string): string[] {
  const forms = [
    schema,
    ...(schema.anyOf ?? []),
    ...(schema.items ? [schema.items, ...(schema.items.anyOf ?? [])] : []),
  ];
  return forms.flatMap((form) =>
    isSecret(form)
      ? []
      : Object.entries(form.properties ?? {}).flatMap(([key, child]) => {
          const isRequired = form.required?.includes(key) ?? false;
          const shown = isRequired ? "required" : defaultText(child);
          const row = `| \`${prefix}${key}\` | ${kindOf(child)} | ${shown} | ${cell(`${child.description ?? ""} ${exampleOf(child)}`)} |`;
          return [row, ...keyRows(child, `${prefix}${key}${isList(child) ? "[]" : ""}.`)];
        }),
  );
}

function isList(schema: JsonSchema): boolean {
  return schema.items !== undefined;
}

function isSecret(schema: JsonSchema): boolean {
  const { env, file } = schema.properties ?? {};
  return env !== undefined && file !== undefined;
}

function kindOf(schema: JsonSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(kindOf))].join(" or ");
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (isSecret(schema)) return "secret";
  if (schema.items) return `list of ${kindOf(schema.items)}`;
  if (schema.type === "object") return "map";
  if (schema.type === "integer") return `number${range(schema)}`;
  return schema.type === "boolean" ? "true or false" : "text";
}

function range({ minimum, maximum }: JsonSchema): string {
  // Without bounds of its own a number has those of safe integers.
  return minimum === undefined || maximum === undefined || minimum === Number.MIN_SAFE_INTEGER
    ? ""
    : `, ${minimum} to ${maximum}`;
}

function defaultOf(schema: JsonSchema): string {
  return schema.default === undefined || isEmpty(schema.default)
    ? ""
    : `Default: \`${JSON.stringify(schema.default)}\`.`;
}

function defaultText(schema: JsonSchema): string {
  return schema.default === undefined || isEmpty(schema.default) ? "–" : `\`${JSON.stringify(schema.default)}\``;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function exampleOf(schema: JsonSchema): string {
  const [example] = schema.examples ?? [];
  return example === undefined ? "" : `Example: \`${JSON.stringify(example)}\`.`;
}

function cell(text: string): string {
  return text.trim().replaceAll("|", "\\|").replaceAll("\n", " ");
}

function reasonLines(table: ReasonTable): string[] {
  const rows = Object.entries(table).map(
    ([code, { short, long }]) => `| \`${code}\` | ${cell(short)} | ${cell(long)} |`,
  );
  return ["| code | in short | what to do |", "|---|---|---|", ...rows];
}
