import { parsePubkey } from "../validator-key.ts";
import type { ValidatorSource } from "../validator-sources.ts";
import { getJson } from "./get-json.ts";
import { failedReading, maxSourceKeys, quoted, Skips, type ListedValidator, type SourceReading } from "./reading.ts";
import type { HttpGet } from "./source-io.ts";

const noLabels = {};

/** The keys that a Web3Signer has loaded: `GET /api/v1/eth2/publicKeys`, a plain list of keys. */
export async function readWeb3signer(
  source: Extract<ValidatorSource, { kind: "web3signer" }>,
  get: HttpGet,
  signal: AbortSignal,
): Promise<SourceReading> {
  const action = `list keys of ${source.name}`;
  const { headers } = source;
  const answer = await getJson(get, { action, url: `${source.url}/api/v1/eth2/publicKeys`, headers }, signal);
  if (answer.kind === "failed") return { ok: false, error: answer.error };
  const items: unknown = answer.kind === "json" ? answer.value : undefined;
  if (!Array.isArray(items)) return failedReading("source-wrong-shape", `${action}: the answer is not a list`);
  if (items.length > maxSourceKeys)
    return failedReading("source-too-large", `${action}: more than ${maxSourceKeys} keys`);
  const skips = new Skips();
  const validators: ListedValidator[] = [];
  (items as unknown[]).forEach((item, i) => {
    const pubkey = typeof item === "string" ? parsePubkey(item) : undefined;
    if (pubkey !== undefined) validators.push({ pubkey, index: undefined, labels: noLabels, held: "local" });
    else skips.add(`item ${i + 1}`, typeof item === "string" ? `${quoted(item)} is not a key` : "is not text");
  });
  return { ok: true, validators, skipped: skips.list(), skippedCount: skips.count };
}
