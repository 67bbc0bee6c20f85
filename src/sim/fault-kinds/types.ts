import type { Clock } from "../../lib/clock.ts";
import type { ReasonText } from "../../lib/reason.ts";
import type { SimChain } from "../chain/types.ts";
import type { NodeView, Sight } from "../node/types.ts";

/** Every fault that a simulated node can show, with its settings. Several may be set at once, one of each kind. */
export type SimFault =
  /** The head stands still `behindSlots` before the head of the start (default 0), and the node claims to be synced. */
  | { kind: "stale-head"; behindSlots?: number }
  /** Another branch from `depthSlots` before the head on (default 1). Nodes that name one branch share it. */
  | { kind: "wrong-fork"; branch?: string; depthSlots?: number }
  /** Another branch for so many epochs (default 3) that justified and finalized checkpoints differ. */
  | { kind: "split"; branch?: string; epochs?: number }
  /** 206 and 503: the head stands `distance` slots back (default 64). */
  | { kind: "syncing"; distance?: number }
  | { kind: "optimistic" }
  | { kind: "el-offline" }
  /** Every answer, or those whose path holds `path`, waits. */
  | { kind: "slow"; delayMs: number; path?: string }
  | { kind: "hang"; path?: string }
  /** Default 500. */
  | { kind: "status"; status?: number; path?: string }
  | { kind: "no-finality" }
  | { kind: "garbage"; shape?: SimGarbageShape; path?: string }
  | { kind: "wrong-network" }
  /** Default one hour ahead. */
  | { kind: "clock-off"; offsetMs?: number }
  | { kind: "no-event-stream" }
  | { kind: "event-garbage" }
  | { kind: "event-silence" }
  | { kind: "peers-zero" }
  | { kind: "old-client" };

export type SimFaultKind = SimFault["kind"];
export type SimFaultOf<K extends SimFaultKind> = Extract<SimFault, { kind: K }>;
export type SimGarbageShape = "html" | "truncated" | "wrong-types" | "empty" | "endless";

/** What a fault does instead of, or before, an honest answer. */
export type Interference =
  | { kind: "none" }
  | { kind: "wait"; delayMs: number }
  | { kind: "hang" }
  | { kind: "answer"; status: number; contentType: string; body: string; isEndless?: boolean };

/** A fault at work. Absent hooks leave the node honest. */
export interface ActiveSimFault {
  view?: (view: NodeView) => NodeView;
  interfere?: (path: string) => Interference;
}

export interface SimFaultStart {
  nodeName: string;
  chain: SimChain;
  clock: Clock;
  /** What the node saw just before. */
  sight: Sight;
}

/** One kind of fault: one file in this folder, one line in `registry.ts`. */
export interface SimFaultDefinition<K extends SimFaultKind> {
  kind: K;
  text: ReasonText;
  start: (fault: SimFaultOf<K>, start: SimFaultStart) => ActiveSimFault;
}

export function defineSimFault<K extends SimFaultKind>(definition: SimFaultDefinition<K>): SimFaultDefinition<K> {
  return definition;
}

/** Does a fault that is limited to some paths hold for this one? */
export function concerns(fault: { path?: string }, path: string): boolean {
  return fault.path === undefined || path.includes(fault.path);
}
