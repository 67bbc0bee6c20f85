import type { Kysely } from "kysely";
import type { DutyCursor } from "../../duties/ports.ts";
import type { DutyGap } from "../../duties/types.ts";
import { toNumber } from "../codec.ts";
import type { Tables } from "../tables.ts";

/** The same span for the same reason is one gap, however often it is met. */
export async function saveGapRow(tx: Kysely<Tables>, gap: DutyGap): Promise<void> {
  const { fromEpoch, toEpoch, reason, detail, recordedAt } = gap;
  const same = tx.deleteFrom("dutyGaps").where("fromEpoch", "=", fromEpoch).where("toEpoch", "=", toEpoch);
  await same.where("reason", "=", reason).execute();
  await tx.insertInto("dutyGaps").values({ fromEpoch, toEpoch, reason, detail, recordedAt }).execute();
}

/** An epoch that was judged after all is no longer part of a gap. */
export async function closeGap(tx: Kysely<Tables>, epoch: number): Promise<void> {
  const touched = tx.selectFrom("dutyGaps").selectAll().where("fromEpoch", "<=", epoch).where("toEpoch", ">=", epoch);
  for (const { id, ...row } of await touched.execute()) {
    await tx.deleteFrom("dutyGaps").where("id", "=", toNumber(id)).execute();
    const gap = gapOf(row);
    if (gap.fromEpoch < epoch) await saveGapRow(tx, { ...gap, toEpoch: epoch - 1 });
    if (gap.toEpoch > epoch) await saveGapRow(tx, { ...gap, fromEpoch: epoch + 1 });
  }
}

/** Gaps that touch the span, oldest first. */
export async function readGaps(db: Kysely<Tables>, fromEpoch: number, toEpoch: number): Promise<DutyGap[]> {
  const rows = await db
    .selectFrom("dutyGaps")
    .selectAll()
    .where("fromEpoch", "<=", toEpoch)
    .where("toEpoch", ">=", fromEpoch)
    .orderBy("fromEpoch")
    .orderBy("id")
    .execute();
  return rows.map(gapOf);
}

type GapRow = Record<"fromEpoch" | "toEpoch" | "recordedAt", number | bigint | string> &
  Record<"reason" | "detail", string>;

function gapOf({ fromEpoch, toEpoch, reason, detail, recordedAt }: GapRow): DutyGap {
  return {
    ...{ fromEpoch: toNumber(fromEpoch), toEpoch: toNumber(toEpoch), reason, detail },
    recordedAt: toNumber(recordedAt),
  };
}

export async function readMark(db: Kysely<Tables>, name: string): Promise<number | undefined> {
  const row = await db.selectFrom("dutyMarks").select("epoch").where("name", "=", name).executeTakeFirst();
  return row && toNumber(row.epoch);
}

export async function setMark(tx: Kysely<Tables>, name: string, epoch: number): Promise<void> {
  await tx
    .insertInto("dutyMarks")
    .values({ name, epoch })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ epoch }))
    .execute();
}

export async function readCursor(db: Kysely<Tables>): Promise<DutyCursor | undefined> {
  const provisionalEpoch = await readMark(db, "provisional");
  const finalEpoch = await readMark(db, "final");
  return provisionalEpoch === undefined || finalEpoch === undefined ? undefined : { provisionalEpoch, finalEpoch };
}

export async function setCursor(tx: Kysely<Tables>, { provisionalEpoch, finalEpoch }: DutyCursor): Promise<void> {
  await setMark(tx, "provisional", provisionalEpoch);
  await setMark(tx, "final", finalEpoch);
}
