import { sql, type Kysely } from "kysely";
import type { ClaimRequest } from "../../outbox/ports.ts";
import type { ClaimedMessage } from "../../outbox/types.ts";
import { toNumber } from "../codec.ts";
import type { Tables } from "../tables.ts";
import { messageOf } from "./message-row.ts";
import { episodeOf } from "./stream-rows.ts";

/** Twice the longest send and more: who holds a lease has ended its send, or its process, before it runs out. */
export const leaseMs = 30_000;

/** See `OutboxStore.claim`. */
export async function claimMessages(
  tx: Kysely<Tables>,
  request: ClaimRequest,
  leaseToken: string,
): Promise<ClaimedMessage[]> {
  const { now } = request;
  const due = dueMessages(tx, request);
  const rows = await tx
    .updateTable("outbox")
    .set({
      state: "sending",
      attempt: sql<number>`${sql.ref("attempt")} + 1`,
      // Whoever held the lease before may have sent it.
      mayHaveArrived: sql<number>`CASE WHEN ${sql.ref("state")} = 'sending' THEN 1 ELSE ${sql.ref("mayHaveArrived")} END`,
      leaseToken,
      leaseUntil: now + leaseMs,
    })
    .where("id", "in", due)
    // Once more, for a claim that ran beside this one.
    .where((eb) =>
      eb.or([
        eb.and([eb("state", "=", "pending"), eb("nextAttemptAt", "<=", now)]),
        eb.and([eb("state", "=", "sending"), eb("leaseUntil", "<=", now)]),
      ]),
    )
    .returningAll()
    .execute();
  const byUrgency = rows.sort(
    (a, b) => toNumber(a.priority) - toNumber(b.priority) || toNumber(a.nextAttemptAt) - toNumber(b.nextAttemptAt),
  );
  const claimed: ClaimedMessage[] = [];
  for (const row of byUrgency) {
    const message = messageOf(row);
    claimed.push({ ...message, leaseToken, threadRoot: await threadRoot(tx, message.streamKey, message.seq) });
  }
  return claimed;
}

/** Ids of the most urgent message of each lane whose stream has nothing unfinished before it. */
function dueMessages(tx: Kysely<Tables>, { now, limit, busyLanes = [], busyChannels = [] }: ClaimRequest) {
  let due = tx
    .selectFrom("outbox as own")
    .select((eb) => [
      ...(["own.id", "own.priority", "own.nextAttemptAt", "own.createdAt"] as const),
      eb.fn
        .agg<number>("row_number")
        .over((over) =>
          over.partitionBy("own.lane").orderBy("own.priority").orderBy("own.nextAttemptAt").orderBy("own.id"),
        )
        .as("placeInLane"),
    ])
    .where((eb) =>
      eb.or([
        eb.and([eb("own.state", "=", "pending"), eb("own.nextAttemptAt", "<=", now)]),
        eb.and([eb("own.state", "=", "sending"), eb("own.leaseUntil", "<=", now)]),
      ]),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("outbox as earlier")
            .select("earlier.id")
            .whereRef("earlier.streamKey", "=", "own.streamKey")
            .whereRef("earlier.seq", "<", "own.seq")
            .where("earlier.state", "in", ["pending", "sending"]),
        ),
      ),
    );
  if (busyLanes.length > 0) due = due.where("own.lane", "not in", busyLanes);
  if (busyChannels.length > 0) due = due.where("own.channel", "not in", busyChannels);
  return tx
    .selectFrom(due.as("due"))
    .select("due.id")
    .where("due.placeInLane", "=", 1)
    .orderBy("due.priority")
    .orderBy("due.nextAttemptAt")
    .orderBy("due.createdAt")
    .limit(limit);
}

async function threadRoot(tx: Kysely<Tables>, streamKey: string, beforeSeq: number): Promise<string | undefined> {
  const sent = (await episodeOf(tx, streamKey, beforeSeq)).find(({ state }) => state === "sent");
  return sent?.providerMessageId;
}
