import type { SecretRef } from "../../fleet/config-values.ts";
import { Secret } from "../../fleet/secret.ts";
import type { ConfigPath } from "./problem.ts";
import { readSecret, type SecretSource } from "./secrets.ts";

/** Headers with their secrets read; what cannot be read is left out, with a finding. */
export async function resolveHeaders(
  written: Readonly<Record<string, string | SecretRef>>,
  path: ConfigPath,
  source: SecretSource,
): Promise<Record<string, string | Secret>> {
  const headers: Record<string, string | Secret> = {};
  for (const [name, value] of Object.entries(written)) {
    const text =
      typeof value === "string" ? plainHeader(name, value) : await readSecret(value, [...path, name], source);
    if (text !== undefined) headers[name] = text;
  }
  return headers;
}

/** What names itself a credential is hidden even where the operator wrote it as plain text. */
function plainHeader(name: string, value: string): string | Secret {
  return /auth|token|key|secret|cookie|password/i.test(name) ? new Secret(value, "the configuration file") : value;
}
