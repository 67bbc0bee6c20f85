import { openEventStream } from "../../beacon/event-stream.ts";
import type { GroupContext } from "../context.ts";

/** A second upstream stream for topics that only some clients want, from one node at a time. */
export interface ExtraStream {
  /** Says which topics are wanted now; opens, changes or closes the stream as needed. */
  want(topics: ReadonlySet<string>): void;
  /** The ready nodes have changed: move if the node is no longer among them. */
  followView(): void;
  stop(): void;
}

export function createExtraStream(context: GroupContext, onEvent: (topic: string, data: string) => void): ExtraStream {
  let wanted: readonly string[] = [];
  let open: { node: string; key: string; abort: AbortController } | undefined;

  function update(): void {
    const { ready } = context.upstream.view();
    const key = wanted.join(",");
    if (open && open.key === key && (ready.length === 0 || ready.includes(open.node))) return;
    open?.abort.abort();
    open = undefined;
    const link = ready[0] === undefined ? undefined : context.links.get(ready[0]);
    if (!link || wanted.length === 0) return;
    const abort = new AbortController();
    open = { node: link.name, key, abort };
    const stream = openEventStream({
      url: link.node.url,
      name: link.name,
      topics: wanted,
      headers: link.node.headers,
      clock: context.clock,
      random: context.random,
      signal: abort.signal,
      onEvent: (event) => onEvent(event.topic, event.data),
      onState: (state) => {
        if (state.kind === "failed")
          context.log.debug({ node: link.name, failure: state.failure }, "extra event stream");
      },
    });
    stream.ended.catch((error: unknown) =>
      context.log.warn({ err: error, node: link.name }, "extra event stream ended"),
    );
  }

  return {
    want(topics) {
      wanted = [...topics].sort();
      update();
    },
    followView: update,
    stop() {
      wanted = [];
      open?.abort.abort();
      open = undefined;
    },
  };
}
