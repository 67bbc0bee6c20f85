import type { Insertable, Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** Few sizes, so that few statements are prepared; the largest stays far under both stores' limit of parameters. */
const sizes = [256, 32, 4, 1] as const;

/** Rows in parts of those sizes, in their order. */
export function* batches<T>(rows: readonly T[]): Generator<readonly T[]> {
  let from = 0;
  for (const size of sizes) for (; rows.length - from >= size; from += size) yield rows.slice(from, from + size);
}

/** Inserts many rows by few statements. */
export async function insertRows<T extends keyof Tables>(
  tx: Kysely<Tables>,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): Promise<void> {
  for (const part of batches(rows)) await tx.insertInto(table).values(part).execute();
}

/** Ranges of at most `length` epochs, oldest first: no statement holds up everything else for long. */
export function* slices(fromEpoch: number, toEpoch: number, length: number): Generator<readonly [number, number]> {
  for (let from = fromEpoch; from <= toEpoch; from += length) yield [from, Math.min(toEpoch, from + length - 1)];
}
