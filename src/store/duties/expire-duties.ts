import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { DutyRetention } from "../../duties/ports.ts";
import { toNumber } from "../codec.ts";
import type { Tables } from "../tables.ts";
import { deleteCohorts, foldDay } from "./cohort-rows.ts";
import { deleteEvents } from "./event-rows.ts";
import { deleteExceptions } from "./exception-rows.ts";
import { readMark, setMark } from "./gap-rows.ts";

/** Each transaction takes one epoch or one day, and other work comes in between. */
const epochsAtOnce = 64;

/**
 * Lets go what is older than its tier keeps, and returns how many rows went. Ended in the middle it goes on at the next call: a day is
 * folded and its epochs deleted in one transaction. What no longer has an owner (sets, bases, names of cohorts) goes last.
 */
export async function expireDuties(db: Kysely<Tables>, newestEpoch: number, keep: DutyRetention): Promise<number> {
  let gone = await expireColumns(db, newestEpoch - keep.columnEpochs);
  gone += await expireExceptions(db, newestEpoch - keep.exceptionEpochs);
  gone += await foldCohorts(db, newestEpoch - keep.cohortEpochs, keep);
  const day = Math.floor((newestEpoch + (keep.epochsBeforeGenesis ?? 0)) / keep.epochsPerDay) - keep.dailyCohortDays;
  const days = await db.deleteFrom("dutyCohortDays").where("day", "<", day).executeTakeFirstOrThrow();
  const longest = Math.max(keep.columnEpochs, keep.exceptionEpochs, keep.cohortEpochs);
  const epochs = await db
    .deleteFrom("dutyEpochs")
    .where("epoch", "<", newestEpoch - longest)
    .executeTakeFirstOrThrow();
  const lastDayEpoch = newestEpoch - Math.max(longest, keep.dailyCohortDays * keep.epochsPerDay);
  const gaps = await db.deleteFrom("dutyGaps").where("toEpoch", "<", lastDayEpoch).executeTakeFirstOrThrow();
  gone += [days, epochs, gaps].reduce((sum, { numDeletedRows }) => sum + toNumber(numDeletedRows), 0);
  return gone + (await deleteOrphans(db));
}

async function expireColumns(db: Kysely<Tables>, before: number): Promise<number> {
  let gone = 0;
  for (const table of ["dutyColumns", "dutySlots"] as const)
    for await (const epoch of epochsBefore(db, table, before)) {
      await db.deleteFrom(table).where("epoch", "=", epoch).execute();
      gone++;
    }
  return gone;
}

async function expireExceptions(db: Kysely<Tables>, before: number): Promise<number> {
  let gone = 0;
  for await (const epoch of epochsBefore(db, "dutyFindings", before))
    gone += await db.transaction().execute((tx) => deleteExceptions(tx, epoch));
  return gone + (await db.transaction().execute((tx) => deleteEvents(tx, 0, before - 1)));
}

async function foldCohorts(db: Kysely<Tables>, before: number, keep: DutyRetention): Promise<number> {
  const shift = keep.epochsBeforeGenesis ?? 0;
  let gone = 0;
  for (;;) {
    const oldest = await db
      .selectFrom("dutyCohortEpochs")
      .select(({ fn }) => fn.min("epoch").as("epoch"))
      .executeTakeFirst();
    if (!oldest || (oldest.epoch as unknown) === null) return gone;
    const day = Math.floor((toNumber(oldest.epoch) + shift) / keep.epochsPerDay);
    const firstEpoch = day * keep.epochsPerDay - shift;
    const lastEpoch = firstEpoch + keep.epochsPerDay - 1;
    if (lastEpoch >= before) return gone;
    gone += await db.transaction().execute(async (tx) => {
      await foldDay(tx, day, firstEpoch, lastEpoch);
      await setMark(tx, "folded", Math.max(lastEpoch, (await readMark(tx, "folded")) ?? -1));
      let rows = 0;
      for (let epoch = Math.max(0, firstEpoch); epoch <= lastEpoch; epoch++) rows += await deleteCohorts(tx, epoch);
      return rows;
    });
    await nextTurn();
  }
}

async function* epochsBefore(
  db: Kysely<Tables>,
  table: "dutyColumns" | "dutySlots" | "dutyFindings",
  before: number,
): AsyncGenerator<number> {
  for (;;) {
    const rows = await db
      .selectFrom(table)
      .select("epoch")
      .where("epoch", "<", before)
      .orderBy("epoch")
      .limit(epochsAtOnce)
      .execute();
    for (const { epoch } of rows) {
      yield toNumber(epoch);
      await nextTurn();
    }
    if (rows.length < epochsAtOnce) return;
  }
}

function deleteOrphans(db: Kysely<Tables>): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const usedBases = tx.selectFrom("dutyColumns").select("baseId").where("baseId", "is not", null);
    const bases = await tx.deleteFrom("dutyBases").where("id", "not in", usedBases).executeTakeFirstOrThrow();
    const usedSets = tx.selectFrom("dutyColumns").select("setId").union(tx.selectFrom("dutyBases").select("setId"));
    const sets = await tx.deleteFrom("dutySets").where("id", "not in", usedSets).executeTakeFirstOrThrow();
    const usedNames = tx
      .selectFrom("dutyCohortEpochs")
      .select("cohortId")
      .union(tx.selectFrom("dutyCohortDays").select("cohortId"));
    const names = await tx.deleteFrom("dutyCohorts").where("id", "not in", usedNames).executeTakeFirstOrThrow();
    return [bases, sets, names].reduce((sum, { numDeletedRows }) => sum + toNumber(numDeletedRows), 0);
  });
}
