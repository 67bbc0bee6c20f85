import { createBeaconClient, type BeaconClient } from "../../beacon/beacon-client.ts";
import type { BeaconRoute } from "../../beacon/route.ts";
import type { BlockRef } from "../../chain/types.ts";
import { describeError } from "../../lib/app-error.ts";
import { slotMs, type GroupContext } from "../context.ts";
import type { NodeLink } from "../send/node-pools.ts";
import type { HeadGate } from "./head-gate.ts";

/**
 * The view may reach a head of which no node sent an event: their streams were cut, or the head was found by a probe. Clients
 * would learn neither of the head nor of dependent roots that changed with it, so the event is made from a node's answers.
 * And it may fall back to an older head: clients are told when it stays there.
 */
export interface MissingHead {
  /** The view has changed: if its head is not told soon, it is asked for. */
  watch(): void;
  stop(): void;
}

/** Events of a head come within milliseconds of each other; by then none is on its way any more. */
const patienceMs = 400;
const callTimeoutMs = 1_000;

export function createMissingHead(
  context: GroupContext,
  gate: HeadGate,
  tell: (topic: string, data: string) => void,
): MissingHead {
  const { clock, upstream } = context;
  const stopping = new AbortController();
  let watchedRoot: string | undefined;
  let toldSlot: number | undefined;

  async function make(head: BlockRef): Promise<void> {
    const isOlder = toldSlot !== undefined && head.slot < toldSlot;
    await clock.sleep(isOlder ? slotMs(context) / 2 : patienceMs, stopping.signal);
    if (stopping.signal.aborted || upstream.view().head?.root !== head.root) return;
    for (const { topic, data } of gate.onStay()) tell(topic, data);
    for (const link of holders(context, head.root).slice(0, 2)) {
      if (stopping.signal.aborted || upstream.view().head?.root !== head.root || gate.hasTold("head")) return;
      const data = await askFor(head, link);
      const now = data && gate.onHeadEvent("head", data);
      if (now !== undefined) {
        context.log.info({ node: link.name, slot: head.slot }, "no node sent an event for the head: made one");
        return tell("head", now);
      }
    }
  }

  async function askFor(head: BlockRef, link: NodeLink): Promise<string | undefined> {
    const slotsPerEpoch = upstream.network()?.spec.slotsPerEpoch;
    if (slotsPerEpoch === undefined) return undefined;
    const client = createBeaconClient({
      ...{ url: link.address, name: link.name, headers: link.node.headers, clock, dispatcher: link.duty },
    });
    const epoch = Math.floor(head.slot / slotsPerEpoch);
    const [state, previous, current] = await Promise.all([
      ask(client, stateRootOf, { root: head.root }),
      // Duties of an epoch depend on the last block before the epoch that precedes it.
      ask(client, dependentRootOf, { epoch: String(epoch) }, ["0"]),
      ask(client, dependentRootOf, { epoch: String(epoch + 1) }, ["0"]),
    ]);
    if (state === undefined || previous === undefined || current === undefined) return undefined;
    const isTransition = toldSlot !== undefined && Math.floor(toldSlot / slotsPerEpoch) !== epoch;
    return JSON.stringify({
      slot: String(head.slot),
      block: head.root,
      state,
      epoch_transition: isTransition,
      previous_duty_dependent_root: previous,
      current_duty_dependent_root: current,
      execution_optimistic: false,
    });
  }

  async function ask(
    client: BeaconClient,
    route: BeaconRoute<string>,
    params: Record<string, string>,
    body?: unknown,
  ): Promise<string | undefined> {
    const options = { timeoutMs: callTimeoutMs, signal: stopping.signal };
    const result = await client.call(route, params, body === undefined ? options : { ...options, body });
    return result.ok && result.executionOptimistic !== true ? result.value : undefined;
  }

  return {
    watch() {
      const { head, kind } = upstream.view();
      if (!head || kind === "split" || head.root === watchedRoot) return;
      const before = watchedRoot;
      watchedRoot = head.root;
      // The first head is where the gateway came in: nobody has missed it.
      if (before !== undefined)
        make(head)
          .catch((error: unknown) => context.log.warn({ error: describeError(error) }, "making a head event failed"))
          .finally(() => {
            if (gate.hasTold("head")) toldSlot = upstream.view().head?.slot;
          });
      else toldSlot = head.slot;
    },
    stop: () => stopping.abort(),
  };
}

/** Ready nodes that have this head, best first. */
function holders(context: GroupContext, root: string): NodeLink[] {
  return context.upstream.view().ready.flatMap((name) => {
    const link = context.links.get(name);
    return link && context.upstream.status(name)?.head?.root === root ? [link] : [];
  });
}

const rootForm = /^0x[0-9a-fA-F]{64}$/;

function rootRoute(
  facts: Pick<BeaconRoute<string>, "operationId" | "method" | "path">,
  find: (json: Fields) => unknown,
): BeaconRoute<string> {
  return {
    ...facts,
    maxBytes: 64 * 1024,
    isCheap: false,
    decode(json) {
      const fields = fieldsOf(json);
      const root = find(fields);
      if (typeof root !== "string" || !rootForm.test(root))
        return { ok: false, problem: "no root where one should be" };
      return { ok: true, value: root.toLowerCase(), executionOptimistic: fields["execution_optimistic"] === true };
    },
  };
}

const stateRootOf = rootRoute(
  { operationId: "getBlockHeader", method: "GET", path: "/eth/v1/beacon/headers/{root}" },
  (json) => fieldsOf(fieldsOf(fieldsOf(json["data"])["header"])["message"])["state_root"],
);

const dependentRootOf = rootRoute(
  { operationId: "getAttesterDuties", method: "POST", path: "/eth/v1/validator/duties/attester/{epoch}" },
  (json) => json["dependent_root"],
);

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
