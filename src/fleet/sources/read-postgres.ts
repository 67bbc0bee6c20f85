import type { ValidatorSource } from "../validator-sources.ts";
import {
  failedReading,
  maxSourceBytes,
  maxSourceKeys,
  Skips,
  type ListedValidator,
  type SourceReading,
} from "./reading.ts";
import type { PostgresQuery } from "./source-io.ts";
import { rowReader } from "./table-rows.ts";

const timeoutMs = 30_000;

/** The rows of a query: columns `pubkey` (text or bytea) or `index` or both, and labels. */
export async function readPostgres(
  source: Extract<ValidatorSource, { kind: "postgres" }>,
  query: PostgresQuery,
  signal: AbortSignal,
): Promise<SourceReading> {
  const limits = { maxRows: maxSourceKeys, maxBytes: maxSourceBytes, timeoutMs };
  const answer = await query(source.url, source.query, limits, signal);
  const action = `query ${source.name}`;
  if (!answer.ok) return failedReading(answer.error.code, `${action}: ${answer.error.message}`);
  const reader = rowReader(answer.columns);
  if (typeof reader === "string") return failedReading("source-bad-columns", `${action}: ${reader}`);
  const skips = new Skips();
  for (const why of reader.left) skips.add("columns", why);
  const validators: ListedValidator[] = [];
  answer.rows.forEach((cells, i) => {
    const row = reader.read(cells);
    if (typeof row === "string") skips.add(`row ${i + 1}`, row);
    else validators.push(row);
  });
  return { ok: true, validators, skipped: skips.list(), skippedCount: skips.count };
}
