import { resolve } from "node:path";
import type { DutiesInput, SourceInput } from "../../fleet/validator-config.ts";
import type { DutySettings, ValidatorSource } from "../../fleet/validator-sources.ts";
import type { ConfigPath } from "./problem.ts";
import { resolveHeaders } from "./resolve-headers.ts";
import { readSecret, type SecretSource } from "./secrets.ts";

/** Reads the secrets of each source and makes its paths absolute. A source with a finding is left out. */
export async function resolveValidators(
  inputs: readonly SourceInput[],
  source: SecretSource,
): Promise<ValidatorSource[]> {
  const resolved = await Promise.all(inputs.map((input, i) => resolveSource(input, ["validators", i], source)));
  return resolved.filter((entry) => entry !== undefined);
}

async function resolveSource(
  input: SourceInput,
  at: ConfigPath,
  source: SecretSource,
): Promise<ValidatorSource | undefined> {
  const { name, labels, metrics, refreshSeconds, list, text, csv, keymanager, web3signer, postgres } = input;
  const settings = { name, labels, metrics, refreshMs: refreshSeconds * 1000 };
  if (list !== undefined) return { ...settings, kind: "list", keys: list };
  if (text !== undefined) return { ...settings, kind: "text", path: resolve(source.folder, text) };
  if (csv !== undefined) return { ...settings, kind: "csv", path: resolve(source.folder, csv) };
  if (keymanager !== undefined) {
    const { url, token: ref } = keymanager;
    const token = ref && (await readSecret(ref, [...at, "keymanager", "token"], source));
    const headers = await resolveHeaders(keymanager.headers, [...at, "keymanager", "headers"], source);
    return { ...settings, kind: "keymanager", url, token, headers };
  }
  if (web3signer !== undefined) {
    const headers = await resolveHeaders(web3signer.headers, [...at, "web3signer", "headers"], source);
    return { ...settings, kind: "web3signer", url: web3signer.url, headers };
  }
  if (postgres === undefined) return undefined;
  const path = [...at, "postgres", "url"];
  const url = await readSecret(postgres.url, path, source);
  if (url && !/^postgres(ql)?:\/\//.test(url.reveal())) {
    const message = `the database URL from ${url.origin} does not start with "postgres://"`;
    source.findings.push({
      path,
      code: "bad-secret-value",
      message,
      fix: "Write postgres://USER:PASSWORD@HOST/DATABASE.",
    });
    return undefined;
  }
  return url && { ...settings, kind: "postgres", url, query: postgres.query };
}

export function resolveDuties(input: DutiesInput, hasValidators: boolean): DutySettings {
  return { enabled: input.enabled ?? hasValidators, retention: input.retention, nodes: input.nodes };
}
