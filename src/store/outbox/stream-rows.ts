import type { Kysely } from "kysely";
import type { OutboxMessage } from "../../outbox/types.ts";
import { toNumber } from "../codec.ts";
import type { Tables } from "../tables.ts";
import { messageOf } from "./message-row.ts";

/** A chain of fallbacks is as long as the list of channels of one recipient. */
const maxFallbackSteps = 20;

/** The messages of a stream after its last resolve before `beforeSeq`, in order. */
export async function episodeOf(
  tx: Kysely<Tables>,
  streamKey: string,
  beforeSeq = Number.MAX_SAFE_INTEGER,
): Promise<OutboxMessage[]> {
  const last = await tx
    .selectFrom("outbox")
    .select(({ fn }) => fn.max("seq").as("seq"))
    .where("streamKey", "=", streamKey)
    .where("kind", "=", "resolve")
    .where("seq", "<", beforeSeq)
    .executeTakeFirst();
  const from = last?.seq ?? null;
  const rows = await tx
    .selectFrom("outbox")
    .selectAll()
    .where("streamKey", "=", streamKey)
    .where("seq", ">", from === null ? 0 : toNumber(from))
    .where("seq", "<", beforeSeq)
    .orderBy("seq")
    .execute();
  return rows.map(messageOf);
}

/** The messages behind a place in the stream that wait, in order. */
export async function waitingAfter(tx: Kysely<Tables>, streamKey: string, seq: number): Promise<OutboxMessage[]> {
  const rows = await tx
    .selectFrom("outbox")
    .selectAll()
    .where("streamKey", "=", streamKey)
    .where("seq", ">", seq)
    .where("state", "=", "pending")
    .orderBy("seq")
    .execute();
  return rows.map(messageOf);
}

/** What was written elsewhere because one of these failed, and what was written for that in turn. */
export async function fallbacksOf(tx: Kysely<Tables>, messages: readonly OutboxMessage[]): Promise<OutboxMessage[]> {
  const found: OutboxMessage[] = [];
  let ids = messages.map(({ id }) => id);
  for (let step = 0; step < maxFallbackSteps && ids.length > 0; step++) {
    const rows = await tx.selectFrom("outbox").selectAll().where("fallbackOf", "in", ids).orderBy("seq").execute();
    found.push(...rows.map(messageOf));
    ids = rows.map(({ id }) => id);
  }
  return found;
}

export async function nextSeq(tx: Kysely<Tables>, streamKey: string): Promise<number> {
  const { seq } = await tx
    .selectFrom("outbox")
    .select(({ fn }) => fn.max("seq").as("seq"))
    .where("streamKey", "=", streamKey)
    .executeTakeFirstOrThrow();
  // `max` of no rows is NULL, which the type does not say.
  const last = seq as typeof seq | null;
  return last === null ? 1 : toNumber(last) + 1;
}
