import type { DutySource } from "../../duties/ports.ts";
import type { ValidatorRecord } from "../../duties/types.ts";
import { AppError } from "../../lib/app-error.ts";
import type { NamedValidators } from "./validator-ids.ts";

export interface ResolvedValidators {
  /** Rising, each once. */
  indices: Uint32Array;
  /** In the order of `indices`; of very many only those that were named by key. */
  records: readonly { index: number; status: string }[];
  /** Keys and indices that the chain does not know. */
  unknown: readonly string[];
}

/** Records of more are not read: 1 kB each. Their indices are taken as they were named. */
const mostRecords = 50_000;

/** Looks named validators up at the node. Throws AppError `unknown-validators` where it knows none, `audit-failed` where it fails. */
export async function resolveValidators(
  source: Pick<DutySource, "validators">,
  { indices, pubkeys }: NamedValidators,
  signal: AbortSignal,
): Promise<ResolvedValidators> {
  const isMany = indices.length + pubkeys.length > mostRecords;
  const ids = isMany ? pubkeys : [...indices.map(String), ...pubkeys];
  const read = await source.validators("head", ids, {}, signal);
  if (!read.ok)
    throw new AppError(`look up the named validators: ${read.failure.message}. Try again`, {
      code: signal.aborted ? "aborted" : "audit-failed",
      retryable: true,
    });
  const byIndex = new Map<number, Pick<ValidatorRecord, "index" | "status">>();
  const keys = new Set<string>();
  for (const record of read.value) {
    byIndex.set(record.index, record);
    keys.add(record.pubkey);
  }
  if (isMany) for (const index of indices) if (!byIndex.has(index)) byIndex.set(index, { index, status: "not asked" });
  const unknown = [
    ...(isMany ? [] : indices.filter((index) => !byIndex.has(index)).map(String)),
    ...pubkeys.filter((pubkey) => !keys.has(pubkey)),
  ];
  if (byIndex.size === 0)
    throw new AppError(
      `look up the named validators: the chain knows none of them (${unknown.slice(0, 3).join(", ")}${unknown.length > 3 ? " …" : ""}). Check that the node is on their network`,
      { code: "unknown-validators" },
    );
  const records = [...byIndex.values()]
    .sort((a, b) => a.index - b.index)
    .map(({ index, status }) => ({ index, status }));
  return { indices: Uint32Array.from(records, ({ index }) => index), records, unknown };
}
