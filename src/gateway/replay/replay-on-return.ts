import type { GroupContext } from "../context.ts";
import type { Health } from "../../upstream/types.ts";
import { replayToNode, type InTurn } from "./replay-to-node.ts";
import type { ReplayStore } from "./replay-store.ts";

const away: readonly Health[] = ["down", "unknown", "suspect", "syncing"];
const back: readonly Health[] = ["ready", "warming", "syncing"];
/** One return shows itself in several transitions: they share one replay. */
const quietMs = 2_000;
const deadlineMs = 60_000;

/**
 * A node that comes back has forgotten its subscriptions and fee recipients: it is told before it is readmitted (the
 * gate), and after any other way back into the ready ones. Returns what ends it.
 */
export function replayOnReturn(context: GroupContext, store: ReplayStore): () => void {
  const replayedAt = new Map<string, { at: number; revision: number }>();
  const running = new Map<string, Promise<void>>();
  const stop = new AbortController();

  let lastTurn: Promise<unknown> = Promise.resolve();
  const inTurn: InTurn = (run) => {
    const turn = lastTurn.then(run, run);
    lastTurn = turn.catch(() => undefined);
    return turn;
  };

  function replay(node: string): Promise<void> {
    const under = running.get(node);
    if (under) return under;
    const link = context.links.get(node);
    const last = replayedAt.get(node);
    const now = context.clock.monotonic();
    // What clients have said since the last replay is new to a node that was in maintenance.
    const isFresh = last !== undefined && now - last.at < quietMs && last.revision === store.revision;
    if (!link || stop.signal.aborted || isFresh) return Promise.resolve();
    replayedAt.set(node, { at: now, revision: store.revision });
    // The gate's own deadline ends the wait, not the replay: what is not told by then is told a moment later.
    const deadline = new AbortController();
    const cancel = context.clock.after(deadlineMs, () => deadline.abort());
    const work = replayToNode(context, store, link, AbortSignal.any([stop.signal, deadline.signal]), inTurn)
      .then((taken) => {
        if (taken > 0) context.log.info({ node, items: taken }, "stored state replayed to a node that came back");
      })
      .finally(() => {
        cancel();
        running.delete(node);
      });
    running.set(node, work);
    return work;
  }

  context.upstream.setReadmissionGate((node) => replay(node));
  const unlisten = context.upstream.onTransition((transition) => {
    if (transition.kind !== "health" || transition.node === undefined) return;
    if (away.includes(transition.from as Health) && back.includes(transition.to as Health))
      void replay(transition.node);
  });
  return () => {
    unlisten();
    stop.abort();
  };
}
