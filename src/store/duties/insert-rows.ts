import type { Insertable, Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** Few sizes, so that few statements are prepared; the largest stays far under both stores' limit of parameters. */
const sizes = [256, 32, 4, 1] as const;

/** Inserts many rows by few statements. */
export async function insertRows<T extends keyof Tables>(
  tx: Kysely<Tables>,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): Promise<void> {
  let from = 0;
  for (const size of sizes)
    while (rows.length - from >= size) {
      await tx
        .insertInto(table)
        .values(rows.slice(from, from + size))
        .execute();
      from += size;
    }
}

/** Ranges of at most `length` epochs, oldest first: no statement holds up everything else for long. */
export function* slices(fromEpoch: number, toEpoch: number, length: number): Generator<readonly [number, number]> {
  for (let from = fromEpoch; from <= toEpoch; from += length) yield [from, Math.min(toEpoch, from + length - 1)];
}
