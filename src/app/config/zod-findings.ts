import type { z } from "zod";
import { redactUrl } from "../../fleet/redact-url.ts";
import { didYouMean } from "./did-you-mean.ts";
import { keysAt, schemasAt, type JsonSchema } from "./json-schema.ts";
import type { ConfigPath, Finding } from "./problem.ts";
import type { ConfigReasonCode } from "./reasons.ts";

type Issue = z.core.$ZodIssue;

/** Turns what zod found into findings an operator can act on: what is wrong, and what to write instead. */
export function zodFindings(issues: readonly Issue[], data: unknown): Finding[] {
  return issues.flatMap((issue) => findingsOf(issue, [], data));
}

function findingsOf(issue: Issue, base: ConfigPath, data: unknown): Finding[] {
  const path: ConfigPath = [...base, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
  const value = valueAt(data, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key, data));
    case "invalid_union":
      return unionFindings(issue, path, data);
    case "invalid_type":
      if (value === undefined) return [missingKey(path, data)];
      if (value === null)
        return [
          {
            path,
            code: "wrong-type",
            message: "has no value",
            fix: `${writeFix(path, data).slice(0, -1)}, or remove the key.`,
          },
        ];
      if (issue.expected === "int" || issue.message.startsWith("must "))
        return [
          {
            path,
            code: "wrong-type",
            message: `${issue.message}, but is ${show(path, data)}`,
            fix: writeFix(path, data),
          },
        ];
      return [wrongType(path, issue.expected, data)];
    case "invalid_value":
      return [badChoice(path, issue.values.map(String), data)];
    case "invalid_key":
      return [
        {
          path,
          code: "bad-value",
          message: `the key ${issue.issues[0]?.message ?? "is not allowed"}`,
          fix: "Rename it.",
          isAboutKey: true,
        },
      ];
    case "custom":
      return [customFinding(path, issue)];
    default:
      return [
        {
          path,
          code: "bad-value",
          message: typeof value === "object" ? issue.message : `${show(path, data)} ${issue.message}`,
          fix: writeFix(path, data),
        },
      ];
  }
}

/** The option that the writer meant is the one whose kind fits; what is wrong inside it is what is told. */
function unionFindings(issue: Extract<Issue, { code: "invalid_union" }>, path: ConfigPath, data: unknown): Finding[] {
  const value = valueAt(data, path);
  if (value === undefined) return [missingKey(path, data)];
  const kinds = schemasAt(path, data).flatMap((schema) => schema.enum ?? []);
  if (issue.errors.length === 0 && kinds.length > 0) return [badChoice(path, kinds.map(String), data)];
  const meant = issue.errors.filter(
    (option) => !option.some((inner) => inner.path.length === 0 && inner.code === "invalid_type"),
  );
  const choice =
    meant.length === 1 ? meant[0] : meant.find((option) => !option.some((inner) => inner.code === "invalid_value"));
  // A choice of words beats the object form when a word was written.
  const words =
    typeof value === "string"
      ? issue.errors.flat().find((inner) => inner.path.length === 0 && inner.code === "invalid_value")
      : undefined;
  if (words) return findingsOf(words, path, data);
  if (choice && choice.length > 0) return choice.flatMap((inner) => findingsOf(inner, path, data));
  const forms = [...new Set(schemasAt(path, data).map(kindName))].join(" or ");
  return [
    { path, code: "wrong-type", message: `must be ${forms}, but is ${show(path, data)}`, fix: writeFix(path, data) },
  ];
}

function unknownKey(path: ConfigPath, key: string, data: unknown): Finding {
  const known = keysAt(path, data);
  const meant = didYouMean(key, known);
  const fix = meant ? `Did you mean "${meant}"?` : known.length > 0 ? `Known here: ${known.join(", ")}.` : "Remove it.";
  return { path: [...path, key], code: "unknown-key", message: `unknown key "${key}"`, fix, isAboutKey: true };
}

function missingKey(path: ConfigPath, data: unknown): Finding {
  const key = String(path.at(-1) ?? "");
  return {
    path,
    code: "missing-key",
    message: `the key "${key}" is missing`,
    fix: `Add ${key}: ${example(schemasAt(path, data)[0]) ?? "…"}`,
  };
}

function wrongType(path: ConfigPath, expected: string, data: unknown): Finding {
  const value = valueAt(data, path);
  const message = `must be ${kindName({ type: expected })}, but is ${show(path, data)}`;
  const isScalar = typeof value === "number" || typeof value === "boolean";
  const isPlain = schemasAt(path, data).every((schema) => schema.examples === undefined);
  const fix =
    expected === "string" && isScalar && isPlain ? `Put it in quotes: "${String(value)}".` : writeFix(path, data);
  return {
    path,
    code: isSecret(path, data) ? "bad-secret" : "wrong-type",
    message: isSecret(path, data) ? "a secret may not stand in the file" : message,
    fix,
  };
}

function isSecret(path: ConfigPath, data: unknown): boolean {
  return schemasAt(path, data).some((schema) => schema.properties?.["env"] && schema.properties["file"]);
}

function badChoice(path: ConfigPath, choices: readonly string[], data: unknown): Finding {
  const value = valueAt(data, path);
  const meant = typeof value === "string" ? didYouMean(value, choices) : undefined;
  const fix = meant ? `Did you mean "${meant}"?` : `Write one of: ${choices.join(", ")}.`;
  return { path, code: "bad-value", message: `${show(path, data)} is not allowed`, fix };
}

function customFinding(path: ConfigPath, issue: Extract<Issue, { code: "custom" }>): Finding {
  const { code, fix } = issue.params as { code: ConfigReasonCode; fix: string };
  return { path, code, message: issue.message, fix };
}

function writeFix(path: ConfigPath, data: unknown): string {
  const shown = schemasAt(path, data)
    .map(example)
    .find((text) => text !== undefined);
  return shown === undefined ? "Correct it." : `Write for example ${shown}.`;
}

/** An example in YAML's flow form; what has none of its own is put together from its parts. */
function example(schema: JsonSchema | undefined): string | undefined {
  const value = schema?.examples?.[0];
  if (value !== undefined) return flow(value);
  if (schema?.items) {
    const item = example(schema.items.anyOf?.[0] ?? schema.items);
    return item === undefined ? undefined : `[${item}]`;
  }
  const parts = (schema?.required ?? []).flatMap((key) => {
    const part = example(schema?.properties?.[key]);
    return part === undefined ? [] : [`${key}: ${part}`];
  });
  return parts.length > 0 ? `{ ${parts.join(", ")} }` : undefined;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${flow(inner)}`)
      .join(", ")} }`;
  return typeof value === "string" && /^0x/.test(value) ? `"${value}"` : String(value);
}

function kindName(schema: JsonSchema): string {
  switch (schema.type) {
    case "array":
      return "a list";
    case "object":
    case "record":
      return "a map of keys";
    case "boolean":
      return "true or false";
    case "integer":
    case "int":
    case "number":
      return "a number";
    default:
      return "text";
  }
}

/** The value for a message. Header values and text where a secret belongs are never shown; URLs lose their passwords. */
function show(path: ConfigPath, data: unknown): string {
  const value = valueAt(data, path);
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map of keys";
  if (path.includes("headers") || isSecret(path, data)) return "***";
  if (typeof value !== "string") return String(value);
  const safe = /:\/\/|@/.test(value) ? redactUrl(value) : value;
  return `"${safe.length > 60 ? `${safe.slice(0, 57)}…` : safe}"`;
}

/** The value that was written at a path. */
export function valueAt(data: unknown, path: ConfigPath): unknown {
  let here = data;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}
