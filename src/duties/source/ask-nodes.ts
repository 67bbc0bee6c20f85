import { createBeaconClient, type BeaconClient, type Traffic } from "../../beacon/beacon-client.ts";
import { callFailure } from "../../beacon/call-failure.ts";
import type { CallResult } from "../../beacon/call-result.ts";
import { createNodeDispatcher } from "../../beacon/dispatcher.ts";
import type { HttpDutySourceOptions } from "./types.ts";

/** How long a node is taken to lack a route, and to have lost old states. */
const lackingMs = 10 * 60_000;

/** Where 404 speaks of one block: it says nothing of what the node can answer next. */
const aboutOneBlock = new Set(["getBlockV2", "getBlockHeader", "getBlockRewards", "getSyncCommitteeRewards"]);

/** Undici's own limit of silence: deadlines are ours, and a weak node thinks long before a state's first byte. */
const silenceMs = 120_000;

/** One beacon node while it is asked. */
export interface AskedNode {
  readonly name: string;
  readonly client: BeaconClient;
  /** Asks for the same thing in several ways, best first: the next one where the node has no such route. */
  firstOffered<T>(ways: readonly OneWay<T>[]): Promise<CallResult<T>>;
}

export interface OneWay<T> {
  operationId: string;
  call: () => Promise<CallResult<T>>;
}

export interface NodeAsker {
  /** Makes an attempt at each ready node in turn until one succeeds. Never throws. */
  ask<T>(
    operationId: string,
    signal: AbortSignal,
    attempt: (node: AskedNode) => Promise<CallResult<T>>,
  ): Promise<CallResult<T>>;
  /** Makes it at all ready nodes at once. */
  askAll<T>(attempt: (node: AskedNode) => Promise<CallResult<T>>): Promise<readonly CallResult<T>[]>;
  close(): Promise<void>;
}

/**
 * Beacon nodes in order. A node that answered 404 for a route (it lost the state) is asked last for that route for a while;
 * one that has no such route (405, 501) is not asked again in that while.
 */
export function createNodeAsker(
  { nodes, isReady, clock, log }: Pick<HttpDutySourceOptions, "nodes" | "isReady" | "clock" | "log">,
  traffic: Traffic,
): NodeAsker {
  const opened = nodes.map((node) => {
    const dispatcher = createNodeDispatcher(node.url, 2, silenceMs);
    const lacking = new Map<string, { untilMs: number; status: number }>();
    const client = createBeaconClient({ ...node, clock, dispatcher, traffic });
    /** The status that said so, within that while. */
    const lacks = (operationId: string): number | undefined => {
      const known = lacking.get(operationId);
      return known !== undefined && known.untilMs > clock.monotonic() ? known.status : undefined;
    };
    const note = (operationId: string, status: number) =>
      void lacking.set(operationId, { untilMs: clock.monotonic() + lackingMs, status });
    const asked: AskedNode = {
      name: node.name,
      client,
      async firstOffered(ways) {
        let result: CallResult<never> | undefined;
        const refused: string[] = [];
        for (const [i, { operationId, call }] of ways.entries()) {
          if (lacks(operationId) !== undefined && i < ways.length - 1) continue;
          const answer = await call();
          if (answer.ok || !isLacking(answer)) {
            // The thing is there: whoever said 404 before has no such route.
            if (answer.ok) for (const other of refused) note(other, 501);
            return answer;
          }
          refused.push(operationId);
          result = answer;
        }
        return result ?? unoffered(ways[0]?.operationId ?? "call", node.name);
      },
    };
    return { asked, dispatcher, lacks, note };
  });
  const ready = () => opened.filter(({ asked }) => isReady?.(asked.name) ?? true);

  return {
    async ask(operationId, signal, attempt) {
      const candidates = ready();
      const inOrder = [
        ...candidates.filter(({ lacks }) => lacks(operationId) === undefined),
        ...candidates.filter(({ lacks }) => lacks(operationId) !== undefined),
      ];
      let failed: Awaited<ReturnType<typeof attempt>> | undefined;
      for (const { asked, lacks, note } of inOrder) {
        const isRefused = [405, 501].includes(lacks(operationId) ?? 0);
        const result = isRefused ? unoffered(operationId, asked.name) : await attempt(asked);
        if (result.ok || result.failure.kind === "aborted" || signal.aborted) return result;
        const status = result.failure.status ?? 0;
        const isLasting = isLacking(result) && !(status === 404 && aboutOneBlock.has(operationId));
        if (isLasting && !isRefused) note(operationId, status);
        log.debug({ node: asked.name, operationId, failure: result.failure.message }, "a beacon node gave no answer");
        // "Not there" is only said where every node says so.
        if (failed === undefined || (isLacking(failed) && !isLacking(result))) failed = result;
      }
      return failed ?? noneReady(operationId);
    },
    askAll: (attempt) => Promise.all(ready().map(({ asked }) => attempt(asked))),
    async close() {
      await Promise.all(opened.flatMap(({ asked, dispatcher }) => [asked.client.close(), dispatcher.destroy()]));
    },
  };
}

/** The node has no such route, or not what was asked for. */
export function isLacking(result: CallResult<unknown>): boolean {
  return !result.ok && [404, 405, 501].includes(result.failure.status ?? 0);
}

export function failed(operationId: string, node: string, detail: string): CallResult<never> {
  return { ok: false, failure: callFailure(`${operationId} of ${node}`, "wrong-shape", detail), latencyMs: 0 };
}

function unoffered(operationId: string, node: string): CallResult<never> {
  return { ok: false, failure: callFailure(`${operationId} of ${node}`, "status", "not offered", 501), latencyMs: 0 };
}

/** What is answered where no node may be asked. */
export function noneReady(operationId: string): CallResult<never> {
  return { ok: false, failure: callFailure(operationId, "unreachable", "no beacon node is ready"), latencyMs: 0 };
}
