import type { GroupContext } from "../context.ts";
import { describeError } from "../../lib/app-error.ts";
import type { NodeLink } from "../send/node-pools.ts";
import type { ReplayKind } from "./replay-items.ts";
import { replayKinds, type ReplayStore } from "./replay-store.ts";

const paths: Readonly<Record<ReplayKind, string>> = {
  preparations: "/eth/v1/validator/prepare_beacon_proposer",
  registrations: "/eth/v1/validator/register_validator",
  "committee-subscriptions": "/eth/v1/validator/beacon_committee_subscriptions",
  "sync-subscriptions": "/eth/v1/validator/sync_committee_subscriptions",
};

const itemsPerCall = 500;
/** Between two calls with registrations, which a node hands to its relays. */
const relayPauseMs = 200;

/** Runs one after the other whatever is given to it, however it ends. */
export type InTurn = <T>(run: () => Promise<T>) => Promise<T>;

/**
 * Sends everything stored to one node; duties first. Registrations go to one node at a time, with pauses: each node hands
 * them to its relays, which are often the same. Returns how many items it took.
 */
export async function replayToNode(
  context: GroupContext,
  store: ReplayStore,
  link: NodeLink,
  signal: AbortSignal,
  inTurn: InTurn,
): Promise<number> {
  let taken = 0;
  async function sendAll(kind: ReplayKind): Promise<void> {
    const items = [...store.items(kind)];
    for (let at = 0; at < items.length && !signal.aborted; at += itemsPerCall) {
      const part = items.slice(at, at + itemsPerCall);
      if (await send(context, link, kind, `[${part.map(([, item]) => item.json).join(",")}]`, signal))
        taken += part.length;
      if (kind === "registrations") await context.clock.sleep(relayPauseMs * context.random(), signal);
    }
  }
  for (const kind of replayKinds) {
    if (kind === "registrations") await inTurn(() => sendAll(kind));
    else await sendAll(kind);
  }
  return taken;
}

async function send(
  context: GroupContext,
  link: NodeLink,
  kind: ReplayKind,
  body: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const path = link.prefix + paths[kind];
    const headers = ["content-type", "application/json", ...link.extraHeaders];
    const answer = await link.duty.request({ path, method: "POST", headers, body, signal });
    await answer.body.dump({ limit: 65_536 });
    if (answer.statusCode < 300) return true;
    context.log.warn({ node: link.name, kind, status: answer.statusCode }, "a node refused replayed state");
  } catch (error) {
    if (!signal.aborted)
      context.log.warn({ node: link.name, kind, error: describeError(error) }, "replaying state failed");
  }
  return false;
}
