import type { Kysely } from "kysely";
import type { OutboxRules } from "../../outbox/ports.ts";
import type { OutboxReasonCode } from "../../outbox/reasons.ts";
import type { Fallback } from "../../outbox/stream-plan.ts";
import type { NewMessage } from "../../outbox/types.ts";
import type { Tables } from "../tables.ts";
import { newRow } from "./message-row.ts";
import { episodeOf, fallbacksOf, nextSeq } from "./stream-rows.ts";

export interface OutboxParts {
  rules: OutboxRules;
  /** A new random id. */
  newId: () => string;
}

/**
 * Writes messages in the caller's transaction, so that a state and what is said of it are kept or lost together. Messages that
 * are known by their `dedupKey` are left out. Returns how many were new.
 */
export async function enqueueMessages(
  tx: Kysely<Tables>,
  parts: OutboxParts,
  messages: readonly NewMessage[],
  now: number,
): Promise<number> {
  let added = 0;
  for (const message of messages) {
    const isKnown = await tx
      .selectFrom("outbox")
      .select("id")
      .where("dedupKey", "=", message.dedupKey)
      .executeTakeFirst();
    if (isKnown) continue;
    if (message.kind === "resolve") await addResolve(tx, parts, message, now);
    else await addMessage(tx, parts, message, now);
    added += 1;
  }
  return added;
}

async function addResolve(tx: Kysely<Tables>, parts: OutboxParts, message: NewMessage, now: number): Promise<void> {
  const here = await episodeOf(tx, parts.rules.streamKeyOf(message.recipient, message.channel, message.groupKey));
  const plan = parts.rules.planResolve(here, await fallbacksOf(tx, here));
  await dropMessages(tx, plan.dropIds, "already-resolved", now);
  const id = await addMessage(tx, parts, message, now, { ended: plan.reason });
  for (const place of plan.also) await addFallback(tx, parts, { ...message, id }, place, now);
}

/** Ends messages that wait, and no others. */
export async function dropMessages(
  tx: Kysely<Tables>,
  ids: readonly string[],
  reason: OutboxReasonCode,
  now: number,
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable("outbox")
    .set({ state: "dropped", reason, endedAt: now })
    .where("id", "in", ids)
    .where("state", "=", "pending")
    .execute();
}

/** Writes for another channel what could not be told on its own. Twice is once. */
export async function addFallback(
  tx: Kysely<Tables>,
  parts: OutboxParts,
  message: NewMessage & { id: string },
  place: Fallback,
  now: number,
): Promise<void> {
  const dedupKey = parts.rules.fallbackDedupKey(message.dedupKey, place);
  const { recipient, groupKey, kind, body, id } = message;
  await addMessage(tx, parts, { recipient, groupKey, kind, body, dedupKey, ...place }, now, { fallbackOf: id });
}

async function addMessage(
  tx: Kysely<Tables>,
  { rules, newId }: OutboxParts,
  message: NewMessage,
  now: number,
  { ended, fallbackOf }: { ended?: OutboxReasonCode | undefined; fallbackOf?: string } = {},
): Promise<string> {
  const streamKey = rules.streamKeyOf(message.recipient, message.channel, message.groupKey);
  const seq = await nextSeq(tx, streamKey);
  const place = { id: newId(), streamKey, lane: rules.laneOf(message), seq, fallbackOf, now };
  const row = newRow(message, { ...place, priority: rules.priorityOf(message.kind, seq === 1) }, ended);
  await tx
    .insertInto("outbox")
    .values(row)
    .onConflict((conflict) => conflict.column("dedupKey").doNothing())
    .execute();
  return place.id;
}
