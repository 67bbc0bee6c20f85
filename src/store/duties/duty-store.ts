import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { ColumnCodec } from "../../duties/columns/column-codec.ts";
import type { DutyCursor, DutyStore } from "../../duties/ports.ts";
import type { EpochResult } from "../../duties/types.ts";
import { toNumber } from "../codec.ts";
import { readTransaction } from "../read-transaction.ts";
import type { Tables } from "../tables.ts";
import { readCohortDays, readCohorts, saveCohorts } from "./cohort-rows.ts";
import { columnRows, type ColumnRows } from "./column-rows.ts";
import { lastEpoch, readEpochs, readSlots, saveEpochRow, stateOf } from "./epoch-rows.ts";
import { readProposals, readSlashings, readSync, saveEvents } from "./event-rows.ts";
import { epochStateOf, epochStates } from "./exception-codes.ts";
import { exceptionsOf, saveExceptions } from "./exception-rows.ts";
import { expireDuties } from "./expire-duties.ts";
import { findExceptions } from "./find-exceptions.ts";
import { closeGap, readCursor, readGaps, readMark, saveGapRow, setCursor } from "./gap-rows.ts";

/** See `DutyStore`. Long reads go epoch by epoch and let other work in between: SQLite's statements hold up everything else. */
export function dutyStore(db: Kysely<Tables>, codec: ColumnCodec): DutyStore {
  const columns = columnRows(codec);
  return {
    cursor: () => readCursor(db),
    saveEpoch: (result, cursor, options = {}) =>
      db.transaction().execute((tx) => saveEpoch(tx, columns, result, cursor, options.mayLower ?? false)),
    saveGap: (gap, cursor) =>
      db.transaction().execute(async (tx) => {
        await saveGapRow(tx, gap);
        await setCursor(tx, cursor);
      }),
    gaps: (fromEpoch, toEpoch) => readGaps(db, fromEpoch, toEpoch),
    epochs: (fromEpoch, toEpoch) => readEpochs(db, fromEpoch, toEpoch),
    lastEpoch: (state) => lastEpoch(db, state),
    result: (epoch) => readTransaction(db).execute((tx) => readResult(tx, columns, epoch)),
    columns: (fromEpoch, toEpoch) => streamColumns(db, columns, fromEpoch, toEpoch),
    cohorts: (fromEpoch, toEpoch, key, value) => readCohorts(db, fromEpoch, toEpoch, key, value),
    cohortDays: (fromDay, toDay, key, value) => readCohortDays(db, fromDay, toDay, key, value),
    exceptions: (query) => findExceptions(db, query),
    proposals: (query) => readProposals(db, query),
    syncOutcomes: (query) => readSync(db, query),
    slashings: (fromEpoch, toEpoch) => readSlashings(db, fromEpoch, toEpoch),
    expire: (newestEpoch, keep) => expireDuties(db, newestEpoch, keep),
  };
}

async function saveEpoch(
  tx: Kysely<Tables>,
  columns: ColumnRows,
  result: EpochResult,
  cursor: DutyCursor,
  mayLower: boolean,
): Promise<void> {
  const { epoch } = result;
  const stored = await stateOf(tx, epoch);
  const isLower = stored !== undefined && epochStates.indexOf(result.state) < epochStates.indexOf(stored);
  if (!isLower || mayLower) {
    await saveEpochRow(tx, result, await saveExceptions(tx, epoch, result.exceptions));
    // Everything that needs no store may run in between; the transaction keeps the only connection until its end.
    await nextTurn();
    await columns.save(tx, epoch, result.columns);
    await nextTurn();
    // Of a day that was summed up nothing may be counted again.
    if (epoch > ((await readMark(tx, "folded")) ?? -1)) await saveCohorts(tx, epoch, result.cohorts);
    await saveEvents(tx, epoch, result);
    await closeGap(tx, epoch);
  }
  await setCursor(tx, cursor);
}

/** `undefined` also for an epoch whose columns have gone by their tier. */
async function readResult(tx: Kysely<Tables>, columns: ColumnRows, epoch: number): Promise<EpochResult | undefined> {
  const [stored] = await readEpochs(tx, epoch, epoch);
  const own = stored && (await columns.load(tx, epoch));
  if (!own) return undefined;
  const { watched: _, ...kept } = stored;
  const strip = <T extends { epoch: number }>({ epoch: __, ...rest }: T): Omit<T, "epoch"> => rest;
  const span = { fromEpoch: epoch, toEpoch: epoch };
  return {
    ...kept,
    columns: own,
    slots: await readSlots(tx, epoch),
    cohorts: (await readCohorts(tx, epoch, epoch)).map(strip),
    proposals: (await readProposals(tx, span)).map(strip),
    sync: (await readSync(tx, span)).map(strip),
    slashings: (await readSlashings(tx, epoch, epoch)).map(strip),
    exceptions: await exceptionsOf(tx, epoch),
  };
}

async function* streamColumns(
  db: Kysely<Tables>,
  columns: ColumnRows,
  fromEpoch: number,
  toEpoch: number,
): ReturnType<DutyStore["columns"]> & AsyncGenerator {
  for (let next = fromEpoch; next <= toEpoch;) {
    const found = await readTransaction(db).execute(async (tx) => {
      const row = await tx
        .selectFrom("dutyColumns")
        .innerJoin("dutyEpochs", "dutyEpochs.epoch", "dutyColumns.epoch")
        .select(["dutyColumns.epoch", "dutyEpochs.state"])
        .where("dutyColumns.epoch", ">=", next)
        .where("dutyColumns.epoch", "<=", toEpoch)
        .orderBy("dutyColumns.epoch")
        .limit(1)
        .executeTakeFirst();
      const epoch = row && toNumber(row.epoch);
      const own = epoch === undefined ? undefined : await columns.load(tx, epoch);
      return row && own && { epoch: toNumber(row.epoch), state: epochStateOf(row.state), columns: own };
    });
    if (!found) return;
    yield found;
    next = found.epoch + 1;
    await nextTurn();
  }
}
