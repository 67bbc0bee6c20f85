import { setImmediate as nextTurn } from "node:timers/promises";
import { sql, type Kysely } from "kysely";
import type { ExceptionQuery } from "../../duties/ports.ts";
import type { CauseFinding, DutyException } from "../../duties/types.ts";
import { AppError } from "../../lib/app-error.ts";
import { toNumber } from "../codec.ts";
import { readTransaction } from "../read-transaction.ts";
import type { Tables } from "../tables.ts";
import { exceptionBits, exceptionId, exceptionKinds, exceptionOutcomes } from "./exception-codes.ts";
import { epochOf, exceptionOf, findingsOf } from "./exception-rows.ts";

/** Rows of one statement: a few milliseconds. */
const rowsAtOnce = 200;
const epochsAtOnce = 64;

/**
 * Exceptions that match, newest first, a page at a time. By validator it goes along that index; else epoch by epoch through those that
 * have a matching one. Other work comes in between. Throws `AppError` `bad-cursor` for a `before` that no page gave.
 */
export async function findExceptions(
  db: Kysely<Tables>,
  query: ExceptionQuery,
): Promise<{ items: readonly DutyException[]; nextBefore?: string }> {
  const limit = Math.max(1, Math.floor(query.limit));
  const found =
    query.validatorIndex === undefined ? byEpoch(db, query) : byId(db, query, firstId(query), lastId(query));
  const items: DutyException[] = [];
  let lastSeen = 0;
  for await (const { id, item } of found) {
    if (query.cause !== undefined && item.cause.code !== query.cause) continue;
    // One more than asked for tells that there is another page.
    if (items.length === limit) return { items, nextBefore: String(lastSeen) };
    items.push(item);
    lastSeen = id;
  }
  return { items };
}

interface Found {
  id: number;
  item: DutyException;
}

function firstId({ fromEpoch = 0 }: ExceptionQuery): number {
  return exceptionId(Math.max(0, fromEpoch), 0);
}

/** The one after the last that may be seen. */
function lastId({ toEpoch, before }: ExceptionQuery): number {
  const end = toEpoch === undefined ? Number.MAX_SAFE_INTEGER : exceptionId(toEpoch + 1, 0);
  if (before === undefined) return end;
  const id = Number(before);
  if (!/^\d+$/.test(before) || !Number.isSafeInteger(id))
    throw new AppError("read the next page of exceptions: `before` is not from a page. Start from the first one.", {
      code: "bad-cursor",
    });
  return Math.min(end, id);
}

async function* byId(db: Kysely<Tables>, query: ExceptionQuery, from: number, until: number): AsyncGenerator<Found> {
  const atOnce = Math.min(rowsAtOnce, Math.max(1, Math.floor(query.limit)) + 1);
  for (let end = until; ;) {
    // One transaction: an epoch that is judged again gets other causes along with other rows.
    const found = await readTransaction(db).execute((tx) => readBatch(tx, query, from, end, atOnce));
    yield* found;
    const last = found.at(-1);
    if (!last || found.length < atOnce) return;
    end = last.id;
    await nextTurn();
  }
}

async function readBatch(
  tx: Kysely<Tables>,
  { validatorIndex, kind, outcome }: ExceptionQuery,
  from: number,
  end: number,
  atOnce: number,
): Promise<Found[]> {
  let select = tx.selectFrom("dutyExceptions").selectAll().where("id", ">=", from).where("id", "<", end);
  if (validatorIndex !== undefined) select = select.where("validatorIndex", "=", validatorIndex);
  if (kind !== undefined) select = select.where("kind", "=", exceptionKinds.indexOf(kind));
  if (outcome !== undefined) select = select.where("outcome", "=", exceptionOutcomes.indexOf(outcome));
  const found: Found[] = [];
  let findings: { epoch: number; all: readonly CauseFinding[] } | undefined;
  for (const row of await select.orderBy("id", "desc").limit(atOnce).execute()) {
    const epoch = epochOf(row);
    if (findings?.epoch !== epoch) findings = { epoch, all: await findingsOf(tx, epoch) };
    found.push({ id: toNumber(row.id), item: exceptionOf(row, findings.all) });
  }
  return found;
}

async function* byEpoch(db: Kysely<Tables>, query: ExceptionQuery): AsyncGenerator<Found> {
  const until = lastId(query);
  const bits = exceptionBits(query.kind, query.outcome);
  for (let end = Math.ceil(until / exceptionId(1, 0)); ;) {
    let select = db
      .selectFrom("dutyEpochs")
      .select("epoch")
      .where("epoch", "<", end)
      .where("exceptionBits", "!=", 0)
      .where(sql<boolean>`("exceptionBits" & ${sql.lit(bits)}) = ${sql.lit(bits)}`);
    if (query.fromEpoch !== undefined) select = select.where("epoch", ">=", query.fromEpoch);
    if (query.cause !== undefined) select = select.where("epoch", "in", epochsWithCause(db, query.cause));
    const epochs = (await select.orderBy("epoch", "desc").limit(epochsAtOnce).execute()).map(({ epoch }) =>
      toNumber(epoch),
    );
    for (const epoch of epochs) {
      yield* byId(db, query, exceptionId(epoch, 0), Math.min(until, exceptionId(epoch + 1, 0)));
      await nextTurn();
    }
    const last = epochs.at(-1);
    if (last === undefined || epochs.length < epochsAtOnce) return;
    end = last;
  }
}

function epochsWithCause(db: Kysely<Tables>, code: string) {
  return db.selectFrom("dutyCauses").select("epoch").where("code", "=", code);
}
