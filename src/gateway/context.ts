import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Ring } from "../lib/ring.ts";
import type { EvidenceRecord } from "../control/types.ts";
import type { UpstreamGroup } from "../upstream/types.ts";
import type { GatewaySettings } from "./settings.ts";
import type { GroupCounters } from "./counters.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { NodeLink } from "./send/node-pools.ts";
import type { AnswerHeaders } from "./send/attempt.ts";
import type { Route } from "./routes/route.ts";
import type { Safety } from "./safety/group-safety.ts";
import type { TimerSweep } from "./timer-sweep.ts";

/** What the requests of one group share. */
export interface GroupContext {
  readonly name: string;
  readonly version: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly upstream: UpstreamGroup;
  readonly settings: GatewaySettings;
  readonly sweep: TimerSweep;
  readonly counters: GroupCounters;
  readonly evidence: Ring<EvidenceRecord>;
  /** Bodies held in memory. */
  readonly memory: MemoryBudget;
  /** Hold, watermark and tripwire of the group. */
  readonly safety: Safety;
  /** By node name, in the operator's order. */
  readonly links: Map<string, NodeLink>;
  /** Hears each 200 answer of proposer duties that a node gave, once however many clients share it: for the duty calendar. */
  readonly onDutyAnswer?: (route: Route, param: string, headers: AnswerHeaders, body: Buffer) => void;
  /** Hears the body of each attester-duty request: a list of validator indices. */
  readonly onDutyRequest?: (body: Buffer) => void;
}

/** Length of a slot; until the network is known, mainnet's, which only makes deadlines longer. */
export function slotMs(context: GroupContext): number {
  return context.upstream.network()?.spec.slotDurationMs ?? 12_000;
}

/** Wall-clock slot, or `undefined` before the network is known. */
export function currentSlot(context: GroupContext): number | undefined {
  const network = context.upstream.network();
  if (!network) return undefined;
  return Math.max(0, Math.floor((context.clock.now() - network.genesis.genesisTimeMs) / network.spec.slotDurationMs));
}

/** The links of the named nodes, those that just failed last; unknown names are left out. */
export function linksOf(context: GroupContext, names: readonly string[]): NodeLink[] {
  const now = context.clock.monotonic();
  const calm: NodeLink[] = [];
  let avoided: NodeLink[] | undefined;
  for (const name of names) {
    const link = context.links.get(name);
    if (!link) continue;
    if (link.avoidUntil > now) (avoided ??= []).push(link);
    else calm.push(link);
  }
  return avoided ? calm.concat(avoided) : calm;
}
