import type { Socket } from "node:net";
import type { UpstreamGroup } from "../../upstream/types.ts";
import type { Standing } from "../role-messages.ts";

/** How a running gateway is replaced by another process of the same launcher; `LauncherMessage` has the order. */
export interface RoleHandover {
  /** Refuses changes through control from now on, ends faults, and tells how well it serves. */
  prepare(): Promise<Standing>;
  /** Writes its state, and closes control and metrics; validator clients are served as before. */
  giveUp(): Promise<void>;
  /** Takes back what `prepare` and `giveUp` gave away. */
  resume(): Promise<void>;
  /** Where the next drain sends idle connections. */
  passIdle(pass: (group: string, socket: Socket) => void): void;
  /** Serves a connection that came from another process; one of an unknown group is closed. */
  adopt(group: string, socket: Socket): void;
  /** Takes in what the other process was told while it left. */
  takeLeftovers(): Promise<void>;
}

/**
 * Called by a gateway that is to take over, before it opens anything: resolves when the other process has given up its
 * control and state. Rejects with `not-ready` when the nodes, seen from here, serve less well than seen from there.
 */
export type TakeOver = (upstreams: ReadonlyMap<string, UpstreamGroup>) => Promise<void>;
