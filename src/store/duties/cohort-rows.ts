import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { CohortDay } from "../../duties/ports.ts";
import type { CohortTotals } from "../../duties/types.ts";
import { toNumber } from "../codec.ts";
import type { Tables } from "../tables.ts";
import { insertRows, slices } from "./insert-rows.ts";
import { standingKeys, totalsKeys, totalsOf, totalsRow } from "./totals-row.ts";

const epochsAtOnce = 64;

/** Replaces the cohorts of an epoch. Names are stored once. */
export async function saveCohorts(tx: Kysely<Tables>, epoch: number, cohorts: readonly CohortTotals[]): Promise<void> {
  await deleteCohorts(tx, epoch);
  if (cohorts.length === 0) return;
  const names = await tx.selectFrom("dutyCohorts").selectAll().execute();
  const ids = new Map(names.map(({ id, key, value }) => [nameOf(key, value), toNumber(id)]));
  const rows = [];
  for (const { key, value, totals } of cohorts) {
    const cohortId = ids.get(nameOf(key, value)) ?? (await addName(tx, key, value));
    ids.set(nameOf(key, value), cohortId);
    rows.push({ epoch, cohortId, ...totalsRow(totals) });
  }
  await insertRows(tx, "dutyCohortEpochs", rows);
}

export async function deleteCohorts(tx: Kysely<Tables>, epoch: number): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("dutyCohortEpochs")
    .where("epoch", "=", epoch)
    .executeTakeFirstOrThrow();
  return toNumber(numDeletedRows);
}

/** By epoch, then key and value. Without `value`: all of the key; without `key`: every cohort. */
export async function readCohorts(
  db: Kysely<Tables>,
  fromEpoch: number,
  toEpoch: number,
  key?: string,
  value?: string,
): Promise<(CohortTotals & { epoch: number })[]> {
  const found: (CohortTotals & { epoch: number })[] = [];
  for (const [from, to] of slices(fromEpoch, toEpoch, epochsAtOnce)) {
    let query = db
      .selectFrom("dutyCohortEpochs")
      .innerJoin("dutyCohorts", "dutyCohorts.id", "dutyCohortEpochs.cohortId")
      .selectAll("dutyCohortEpochs")
      .select(["key", "value"])
      .where("epoch", ">=", from)
      .where("epoch", "<=", to);
    if (key !== undefined) query = query.where("key", "=", key);
    if (value !== undefined) query = query.where("value", "=", value);
    for (const row of await query.orderBy("epoch").orderBy("key").orderBy("value").execute())
      found.push({ epoch: toNumber(row.epoch), key: row.key, value: row.value, totals: totalsOf(row) });
    await nextTurn();
  }
  return found;
}

/** By day, then key and value. */
export async function readCohortDays(
  db: Kysely<Tables>,
  fromDay: number,
  toDay: number,
  key?: string,
  value?: string,
): Promise<CohortDay[]> {
  let query = db
    .selectFrom("dutyCohortDays")
    .innerJoin("dutyCohorts", "dutyCohorts.id", "dutyCohortDays.cohortId")
    .selectAll("dutyCohortDays")
    .select(["key", "value"])
    .where("day", ">=", fromDay)
    .where("day", "<=", toDay);
  if (key !== undefined) query = query.where("key", "=", key);
  if (value !== undefined) query = query.where("value", "=", value);
  return (await query.orderBy("day").orderBy("key").orderBy("value").execute()).map((row) => ({
    ...{ day: toNumber(row.day), epochs: toNumber(row.epochs), key: row.key, value: row.value },
    totals: totalsOf(row),
  }));
}

/** One row per cohort for the epochs of a day; the epochs' own rows stay until they are deleted. */
export async function foldDay(tx: Kysely<Tables>, day: number, fromEpoch: number, toEpoch: number): Promise<void> {
  const sums = await tx
    .selectFrom("dutyCohortEpochs")
    .where("epoch", ">=", fromEpoch)
    .where("epoch", "<=", toEpoch)
    .groupBy("cohortId")
    .select(({ fn }) => [
      "cohortId",
      fn.countAll().as("epochs"),
      fn.max("epoch").as("newest"),
      ...totalsKeys.map((name) => fn.sum(name).as(name)),
    ])
    .execute();
  const rows = [];
  for (const sum of sums) {
    const cohortId = toNumber(sum.cohortId);
    const newest = await tx
      .selectFrom("dutyCohortEpochs")
      .select([...standingKeys])
      .where("cohortId", "=", cohortId)
      .where("epoch", "=", toNumber(sum.newest))
      .executeTakeFirstOrThrow();
    rows.push({ day, cohortId, epochs: toNumber(sum.epochs), ...totalsOf({ ...sum, ...newest }) });
  }
  await tx.deleteFrom("dutyCohortDays").where("day", "=", day).execute();
  await insertRows(tx, "dutyCohortDays", rows);
}

function nameOf(key: string, value: string): string {
  return `${key}\n${value}`;
}

async function addName(tx: Kysely<Tables>, key: string, value: string): Promise<number> {
  return toNumber(
    (await tx.insertInto("dutyCohorts").values({ key, value }).returning("id").executeTakeFirstOrThrow()).id,
  );
}
