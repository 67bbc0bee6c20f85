import type { ServerResponse } from "node:http";
import type { Cancel } from "../../lib/clock.ts";
import type { SimBlock } from "../chain/types.ts";
import { fail } from "./reply.ts";
import type { NodeContext, Reply, Sight } from "./types.ts";

const topicsKnown = new Set(
  "head block block_gossip attestation single_attestation voluntary_exit bls_to_execution_change proposer_slashing attester_slashing finalized_checkpoint chain_reorg contribution_and_proof light_client_finality_update light_client_optimistic_update payload_attributes blob_sidecar data_column_sidecar".split(
    " ",
  ),
);
const heartbeatMs = 15_000;
const maxUnsentBytes = 1024 * 1024;

/** The event streams of one node. */
export interface EventHub {
  /** Opens a stream, or returns the refusal. */
  open(query: URLSearchParams, res: ServerResponse): Reply | undefined;
  /** Sends an event to those who asked for its topic. */
  emit(topic: string, data: unknown): void;
  /** Looks at the head and tells what changed since the last look. */
  observe(): void;
  readonly openStreams: number;
  closeStreams(): void;
  stop(): void;
}

interface Stream {
  topics: ReadonlySet<string>;
  res: ServerResponse;
}

export function createEventHub(node: NodeContext, blockDelayMs: number): EventHub {
  const { chain, clock } = node;
  const streams = new Set<Stream>();
  let last: Sight | undefined;
  let cancelTick: Cancel = () => undefined;
  const cancelHeartbeat = clock.every(heartbeatMs, () => {
    if (node.sight().view.events === "open") for (const { res } of streams) res.write(":\n\n");
  });

  function send(text: string, topic: string): void {
    for (const stream of streams) {
      if (!stream.topics.has(topic)) continue;
      if (stream.res.writableLength > maxUnsentBytes) stream.res.destroy();
      else stream.res.write(text);
    }
  }

  function emit(topic: string, data: unknown): void {
    const { events } = node.sight().view;
    if (events === "open") send(`event: ${topic}\ndata: ${JSON.stringify(data)}\n\n`, topic);
    if (events === "garbage") send(`event: ${topic}\ndata: {"slot":[],"block":17,"trunc\n\n`, topic);
  }

  function observe(): void {
    const before = last;
    const now = node.sight();
    last = now;
    if (now.view.events === "refused") closeStreams();
    if (!before || before.head.root === now.head.root) return;
    tellNewHead(before, now);
    const { finalized } = now.state;
    if (before.state.finalized.epoch !== finalized.epoch || before.state.finalized.root !== finalized.root) {
      const state = chain.checkpointBlock(finalized)?.stateRoot ?? finalized.root;
      emit("finalized_checkpoint", {
        block: finalized.root,
        state,
        epoch: String(finalized.epoch),
        execution_optimistic: now.view.isOptimistic,
      });
    }
  }

  function tellNewHead(before: Sight, now: Sight): void {
    const optimistic = { execution_optimistic: now.view.isOptimistic };
    const { head } = now;
    const ancestor = commonAncestor(before.head, head);
    for (const block of blocksAfter(ancestor, head)) {
      emit("block_gossip", { slot: String(block.slot), block: block.root });
      emit("block", { slot: String(block.slot), block: block.root, ...optimistic });
    }
    if (ancestor && ancestor.root !== before.head.root) {
      emit("chain_reorg", {
        slot: String(head.slot),
        depth: String(before.head.slot - ancestor.slot),
        old_head_block: before.head.root,
        new_head_block: head.root,
        old_head_state: before.head.stateRoot,
        new_head_state: head.stateRoot,
        epoch: String(chain.epochOf(head.slot)),
        ...optimistic,
      });
    }
    const epoch = chain.epochOf(head.slot);
    emit("head", {
      slot: String(head.slot),
      block: head.root,
      state: head.stateRoot,
      epoch_transition: epoch > chain.epochOf(before.head.slot),
      previous_duty_dependent_root: chain.dependentRoot(head, epoch, "attester"),
      current_duty_dependent_root: chain.dependentRoot(head, epoch, "proposer"),
      ...optimistic,
    });
  }

  function commonAncestor(a: SimBlock, b: SimBlock): SimBlock | undefined {
    let left: SimBlock | undefined = a;
    let right: SimBlock | undefined = b;
    while (left && right && left.root !== right.root) {
      if (left.slot >= right.slot) left = chain.blockByRoot(left.parentRoot);
      else right = chain.blockByRoot(right.parentRoot);
    }
    return left && right ? left : undefined;
  }

  /** At most an epoch of them: a node that catches up does not tell thousands. */
  function blocksAfter(ancestor: SimBlock | undefined, head: SimBlock): SimBlock[] {
    const found: SimBlock[] = [];
    let block: SimBlock | undefined = head;
    while (block && block.root !== ancestor?.root && found.length < chain.slotsPerEpoch) {
      found.unshift(block);
      block = chain.blockByRoot(block.parentRoot);
    }
    return found;
  }

  function closeStreams(): void {
    for (const { res } of streams) res.destroy();
    streams.clear();
  }

  function tick(): void {
    observe();
    const at = chain.slotAt(clock.now() - blockDelayMs);
    const lateMs = chain.blockAt(at, chain.visibleBranch(at, last?.view.branch))?.lateMs;
    const lateAt = lateMs === undefined ? 0 : chain.startOfSlot(at) + lateMs;
    const nextAt = lateAt > clock.now() ? lateAt : chain.startOfSlot(at + 1) + blockDelayMs;
    cancelTick = clock.after(Math.max(1, nextAt - clock.now()), tick);
  }

  tick();
  return {
    open(query, res) {
      const topics = query
        .getAll("topics")
        .flatMap((text) => text.split(","))
        .filter(Boolean);
      const unknown = topics.find((topic) => !topicsKnown.has(topic));
      if (topics.length === 0 || unknown !== undefined) return fail(400, `Invalid topic: ${unknown ?? "none given"}`);
      if (node.sight().view.events === "refused") return fail(503, "Event streams are not available");
      res.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-cache",
        "x-accel-buffering": "no",
      });
      res.flushHeaders();
      const stream = { topics: new Set(topics), res };
      streams.add(stream);
      res.once("close", () => streams.delete(stream));
      res.on("error", () => res.destroy());
      return undefined;
    },
    emit,
    observe,
    get openStreams() {
      return streams.size;
    },
    closeStreams,
    stop() {
      cancelTick();
      cancelHeartbeat();
      closeStreams();
    },
  };
}
