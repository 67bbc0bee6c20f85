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
  for (const message of messages) if (await addOnce(tx, parts, message, now)) added += 1;
  return added;
}

interface Origin {
  fallbackOf?: string;
  /** A resolve that failed on its own channel is told on the next, although its alarm was not. */
  isForced?: boolean;
}

async function addOnce(
  tx: Kysely<Tables>,
  parts: OutboxParts,
  message: NewMessage,
  now: number,
  origin: Origin = {},
): Promise<boolean> {
  const known = tx.selectFrom("outbox").select("id").where("dedupKey", "=", message.dedupKey);
  if (await known.executeTakeFirst()) return false;
  if (message.kind === "resolve") await addResolve(tx, parts, message, now, origin);
  else await addMessage(tx, parts, message, now, origin.fallbackOf);
  return true;
}

/** Wherever it is written it ends that stream's episode: it also goes where that episode's other messages went. */
async function addResolve(
  tx: Kysely<Tables>,
  parts: OutboxParts,
  message: NewMessage,
  now: number,
  { fallbackOf, isForced = false }: Origin,
): Promise<void> {
  const here = await episodeOf(tx, parts.rules.streamKeyOf(message.recipient, message, message.groupKey));
  const plan = parts.rules.planResolve(here, await fallbacksOf(tx, here));
  await dropMessages(tx, plan.dropIds, "already-resolved", now);
  const id = await addMessage(tx, parts, message, now, fallbackOf, isForced ? undefined : plan.reason);
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
  isForced = false,
): Promise<void> {
  const dedupKey = parts.rules.fallbackDedupKey(message.dedupKey, place);
  const { recipient, groupKey, kind, body, id } = message;
  const next = { recipient, groupKey, kind, body, dedupKey, ...place };
  await addOnce(tx, parts, next, now, { fallbackOf: id, isForced });
}

async function addMessage(
  tx: Kysely<Tables>,
  { rules, newId }: OutboxParts,
  message: NewMessage,
  now: number,
  fallbackOf: string | undefined,
  ended?: OutboxReasonCode,
): Promise<string> {
  const streamKey = rules.streamKeyOf(message.recipient, message, message.groupKey);
  const seq = await nextSeq(tx, streamKey);
  const place = { id: newId(), streamKey, lane: rules.laneOf(message), seq, fallbackOf, now };
  const row = newRow(message, { ...place, priority: rules.priorityOf(message.kind, seq === 1) }, ended);
  await tx.insertInto("outbox").values(row).execute();
  return place.id;
}
