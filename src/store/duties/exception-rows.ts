import type { Insertable, Kysely, Selectable } from "kysely";
import type { CauseFinding, DutyException } from "../../duties/types.ts";
import { AppError } from "../../lib/app-error.ts";
import { toNumber, toOptionalNumber } from "../codec.ts";
import type { Tables } from "../tables.ts";
import {
  exceptionBits,
  exceptionId,
  exceptionKinds,
  exceptionOutcomes,
  exceptionsPerEpoch,
} from "./exception-codes.ts";
import { batches, insertRows } from "./insert-rows.ts";
import { packJson, unpackJson } from "./packed-json.ts";

export type ExceptionRow = Selectable<Tables["dutyExceptions"]>;

/**
 * Replaces the exceptions of an epoch, in order of slots; causes with the same words are stored once. Returns their `exceptionBits`.
 */
export async function saveExceptions(
  tx: Kysely<Tables>,
  epoch: number,
  exceptions: readonly DutyException[],
): Promise<number> {
  if (exceptions.length > exceptionsPerEpoch)
    throw new AppError(
      `store the exceptions of epoch ${epoch}: ${exceptions.length} are more than ${exceptionsPerEpoch}. Watch fewer validators with one monitor.`,
      { code: "store-too-many" },
    );
  const findings = new Map<string, number>();
  const causes = new Map<string, number>();
  let bits = 0;
  const rows = exceptions
    .toSorted((a, b) => a.slot - b.slot)
    .map(({ slot, validatorIndex, kind, outcome, detail, lost, cause, place }, position) => {
      const { code, confidence, evidence } = cause;
      const words = JSON.stringify({ code, confidence, evidence } satisfies CauseFinding);
      const finding = findings.get(words) ?? findings.size;
      findings.set(words, finding);
      causes.set(code, (causes.get(code) ?? 0) + 1);
      bits |= exceptionBits(kind, outcome);
      return {
        ...{
          id: exceptionId(epoch, position),
          slot,
          validatorIndex,
          detail,
          finding,
          lost: lost ?? null,
          place: place ?? null,
        },
        ...{ kind: exceptionKinds.indexOf(kind), outcome: exceptionOutcomes.indexOf(outcome) },
      };
    });
  await deleteExceptions(tx, epoch, rows.length);
  if (rows.length === 0) return 0;
  await replaceRows(tx, rows);
  const bytes = packJson([...findings.keys()].map((words) => JSON.parse(words) as CauseFinding));
  await tx.insertInto("dutyFindings").values({ epoch, bytes }).execute();
  await insertRows(
    tx,
    "dutyCauses",
    [...causes].map(([code, count]) => ({ epoch, code, exceptions: count })),
  );
  return bits;
}

/** In place: rows that are deleted and come again between those of other epochs would leave every page half empty. */
async function replaceRows(tx: Kysely<Tables>, rows: readonly Insertable<Tables["dutyExceptions"]>[]): Promise<void> {
  for (const part of batches(rows))
    await tx
      .insertInto("dutyExceptions")
      .values(part)
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet(({ ref }) => ({
          validatorIndex: ref("excluded.validatorIndex"),
          slot: ref("excluded.slot"),
          kind: ref("excluded.kind"),
          outcome: ref("excluded.outcome"),
          detail: ref("excluded.detail"),
          lost: ref("excluded.lost"),
          finding: ref("excluded.finding"),
          place: ref("excluded.place"),
        })),
      )
      .execute();
}

/** From the place `from` on, with all causes. Returns how many there were. */
export async function deleteExceptions(tx: Kysely<Tables>, epoch: number, from = 0): Promise<number> {
  await tx.deleteFrom("dutyFindings").where("epoch", "=", epoch).execute();
  await tx.deleteFrom("dutyCauses").where("epoch", "=", epoch).execute();
  const { numDeletedRows } = await tx
    .deleteFrom("dutyExceptions")
    .where("id", ">=", exceptionId(epoch, from))
    .where("id", "<", exceptionId(epoch + 1, 0))
    .executeTakeFirstOrThrow();
  return toNumber(numDeletedRows);
}

/** Causes of an epoch's exceptions, by their place. */
export async function findingsOf(db: Kysely<Tables>, epoch: number): Promise<readonly CauseFinding[]> {
  const row = await db.selectFrom("dutyFindings").select("bytes").where("epoch", "=", epoch).executeTakeFirst();
  if (!row) return [];
  const findings = unpackJson(row.bytes, `the causes of epoch ${epoch}`) as readonly CauseFinding[];
  // JSON drops an unknown time; the type wants it named.
  return findings.map((finding) => ({
    ...finding,
    evidence: finding.evidence.map(({ origin, at, text }) => ({ origin, at, text })),
  }));
}

/** Throws `AppError` `store-damaged` for a row that names what this version does not know or a cause that is gone. */
export function exceptionOf(row: ExceptionRow, findings: readonly CauseFinding[]): DutyException {
  const epoch = epochOf(row);
  const kind = exceptionKinds[toNumber(row.kind)];
  const outcome = exceptionOutcomes[toNumber(row.outcome)];
  const cause = findings[toNumber(row.finding)];
  if (!kind || !outcome || !cause)
    throw new AppError(
      `read an exception of epoch ${epoch} from the store: it is damaged or of a newer version. Run that version, or restore a backup.`,
      { code: "store-damaged" },
    );
  const place = toOptionalNumber(row.place);
  return {
    ...(place !== undefined && { place }),
    ...{ epoch, kind, outcome, cause, slot: toNumber(row.slot), validatorIndex: toNumber(row.validatorIndex) },
    ...{ detail: toNumber(row.detail), lost: toOptionalNumber(row.lost) },
  };
}

export function epochOf({ id }: Pick<ExceptionRow, "id">): number {
  return Math.floor(toNumber(id) / exceptionsPerEpoch);
}

/** Oldest first. */
export async function exceptionsOf(db: Kysely<Tables>, epoch: number): Promise<readonly DutyException[]> {
  const rows = await db
    .selectFrom("dutyExceptions")
    .selectAll()
    .where("id", ">=", exceptionId(epoch, 0))
    .where("id", "<", exceptionId(epoch + 1, 0))
    .orderBy("id")
    .execute();
  if (rows.length === 0) return [];
  const findings = await findingsOf(db, epoch);
  return rows.map((row) => exceptionOf(row, findings));
}
