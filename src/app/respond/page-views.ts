import type { PagesPage, ShownPage } from "../../api/contract-oncall.ts";
import type { OutboxStore } from "../../outbox/ports.ts";
import { embargoedTitle, type EmbargoFor } from "./embargo-for.ts";
import type { MessageState, OutboxMessage } from "../../outbox/types.ts";

/** A message as people see it: without its links, which acknowledge. */
export function showPage(message: OutboxMessage): ShownPage {
  const { id, kind, state, recipient, channel, body, createdAt, sentAt, attempt, errorClass, reason, detail } = message;
  const { providerMessageId, fallbackOf } = message;
  return {
    ...{ id, kind, state, recipient, channel, title: body.title, createdAt, sentAt, attempt },
    ...{ errorClass, reason, detail, providerMessageId, fallbackOf },
  };
}

/** The same to somebody who may not read of the incident that it speaks of. */
export function veilPage(page: ShownPage, incident: string | undefined): ShownPage {
  return incident === undefined ? page : { ...page, title: embargoedTitle, detail: undefined };
}

export async function showPages(
  outbox: OutboxStore,
  query: { limit: number; state?: MessageState; recipient?: string },
  embargo: EmbargoFor,
): Promise<PagesPage> {
  const [items, counts, oldestUnfinishedAt] = await Promise.all([
    outbox.find(query),
    outbox.counts(),
    outbox.oldestUnfinishedAt(),
  ]);
  const shown = items.map(async (message) => veilPage(showPage(message), await embargo(message)));
  return { items: await Promise.all(shown), counts, oldestUnfinishedAt };
}
