import type { Kysely } from "kysely";
import type { Outcome, OutboxMessage } from "../../outbox/types.ts";
import type { Tables } from "../tables.ts";
import { addFallback, dropMessages, type OutboxParts } from "./enqueue-messages.ts";
import { messageOf } from "./message-row.ts";
import { episodeOf, waitingAfter } from "./stream-rows.ts";

/** See `OutboxStore.finish`. */
export async function finishMessage(
  tx: Kysely<Tables>,
  parts: OutboxParts,
  id: string,
  leaseToken: string,
  outcome: Outcome,
  now: number,
): Promise<boolean> {
  const row = await tx
    .updateTable("outbox")
    .set({ ...changesOf(outcome, now), leaseToken: null, leaseUntil: null })
    .where("id", "=", id)
    .where("leaseToken", "=", leaseToken)
    .where("state", "=", "sending")
    .returningAll()
    .executeTakeFirst();
  if (!row) return false;
  if (outcome.kind === "failed") await followFailure(tx, parts, messageOf(row), now);
  return true;
}

function changesOf(outcome: Outcome, now: number) {
  if (outcome.kind === "sent") {
    const { reason, providerMessageId = null } = outcome;
    return {
      ...{ state: "sent", reason, providerMessageId, sentAt: now, endedAt: now },
      detail: null,
      errorClass: null,
    };
  }
  const { reason, errorClass, detail, failures } = outcome;
  const attempted = { reason, errorClass, detail, failures, mayHaveArrived: outcome.mayHaveArrived ? 1 : 0 };
  switch (outcome.kind) {
    case "retry":
      return { ...attempted, state: "pending", nextAttemptAt: Math.ceil(outcome.nextAttemptAt) };
    case "failed":
    case "held":
      return { ...attempted, state: outcome.kind, endedAt: now };
  }
}

async function followFailure(
  tx: Kysely<Tables>,
  parts: OutboxParts,
  failed: OutboxMessage,
  now: number,
): Promise<void> {
  const { streamKey, seq } = failed;
  const waiting = await waitingAfter(tx, streamKey, seq);
  const plan = parts.rules.planFailure(failed, await episodeOf(tx, streamKey, seq), waiting);
  await dropMessages(tx, plan.dropIds, "firing-not-delivered", now);
  if (!plan.fallback) return;
  await addFallback(tx, parts, failed, plan.fallback, now, true);
  for (const message of waiting.filter(({ id }) => plan.movedIds.includes(id)))
    await addFallback(tx, parts, message, plan.fallback, now);
  await dropMessages(
    tx,
    plan.movedIds.filter((id) => !plan.keptIds.includes(id)),
    "followed-fallback",
    now,
  );
}
