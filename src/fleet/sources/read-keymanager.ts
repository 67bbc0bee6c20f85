import { Secret } from "../secret.ts";
import { parsePubkey } from "../validator-key.ts";
import type { ValidatorSource } from "../validator-sources.ts";
import { getJson } from "./get-json.ts";
import { failedReading, maxSourceKeys, quoted, Skips, type ListedValidator, type SourceReading } from "./reading.ts";
import type { HttpGet } from "./source-io.ts";

const noLabels = {};

/**
 * The keys that a validator client has loaded, through the keymanager API (github.com/ethereum/keymanager-APIs):
 * `GET /eth/v1/keystores` are its own, `GET /eth/v1/remotekeys` those of a signer. Not every client has the second route.
 */
export async function readKeymanager(
  source: Extract<ValidatorSource, { kind: "keymanager" }>,
  get: HttpGet,
  signal: AbortSignal,
): Promise<SourceReading> {
  const { token } = source;
  const bearer = token && { authorization: new Secret(`Bearer ${token.reveal()}`, token.origin) };
  const headers = { ...source.headers, ...bearer };
  const skips = new Skips();
  const validators: ListedValidator[] = [];
  for (const { route, key, held, absent } of routes) {
    const action = `list ${route} of ${source.name}`;
    const answer = await getJson(get, { action, url: `${source.url}/eth/v1/${route}`, headers, absent }, signal);
    if (answer.kind === "failed") return { ok: false, error: answer.error };
    if (answer.kind === "absent") continue;
    const items = itemsOf(answer.value);
    if (!items) return failedReading("source-wrong-shape", `${action}: the answer holds no list "data"`);
    if (validators.length + items.length > maxSourceKeys)
      return failedReading("source-too-large", `${action}: more than ${maxSourceKeys} keys`);
    items.forEach((item, i) => {
      const text: unknown =
        typeof item === "object" && item !== null ? (item as Record<string, unknown>)[key] : undefined;
      const pubkey = typeof text === "string" ? parsePubkey(text) : undefined;
      if (pubkey !== undefined) validators.push({ pubkey, index: undefined, labels: noLabels, held });
      else skips.add(`${route} ${i + 1}`, typeof text === "string" ? `${quoted(text)} is not a key` : `has no ${key}`);
    });
  }
  return { ok: true, validators, skipped: skips.list(), skippedCount: skips.count };
}

const routes = [
  { route: "keystores", key: "validating_pubkey", held: "local", absent: [] },
  { route: "remotekeys", key: "pubkey", held: "remote", absent: [404, 405, 501] },
] as const;

function itemsOf(value: unknown): readonly unknown[] | undefined {
  const data: unknown = typeof value === "object" && value !== null && "data" in value ? value.data : undefined;
  return Array.isArray(data) ? (data as unknown[]) : undefined;
}
