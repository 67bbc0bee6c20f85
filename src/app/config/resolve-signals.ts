import { resolve } from "node:path";
import type { LogInput, PrometheusInput } from "../../signals/signal-config.ts";
import type { LogSource, PrometheusServer } from "../../signals/signal-sources.ts";
import type { ConfigPath } from "./problem.ts";
import { resolveHeaders } from "./resolve-headers.ts";
import { readSecret, type SecretSource } from "./secrets.ts";

export async function resolvePrometheus(
  input: PrometheusInput | undefined,
  source: SecretSource,
): Promise<PrometheusServer | undefined> {
  if (!input) return undefined;
  const { url, token } = input;
  return {
    url,
    headers: await resolveHeaders(input.headers, ["prometheus", "headers"], source),
    token: token && (await readSecret(token, ["prometheus", "token"], source)),
  };
}

/** Reads the secrets of each log and makes its path absolute. */
export async function resolveLogs(inputs: readonly LogInput[], source: SecretSource): Promise<LogSource[]> {
  const resolved = await Promise.all(inputs.map((input, i) => resolveLog(input, ["logs", i], source)));
  return resolved.filter((log) => log !== undefined);
}

async function resolveLog(input: LogInput, at: ConfigPath, source: SecretSource): Promise<LogSource | undefined> {
  const { name, client, node, validatorClient, file, journald, loki } = input;
  const about = { name, client, node, validatorClient };
  if (file !== undefined) return { ...about, kind: "file", path: resolve(source.folder, file) };
  if (journald !== undefined) return { ...about, kind: "journald", unit: journald };
  if (loki === undefined) return undefined;
  const headers = await resolveHeaders(loki.headers, [...at, "loki", "headers"], source);
  return { ...about, kind: "loki", url: loki.url, query: loki.query, headers };
}
