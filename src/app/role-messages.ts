import type { View } from "../upstream/types.ts";

/** How well a gateway serves, by group: what the process that takes over has to match. */
export type Standing = Readonly<Record<string, { view: View["kind"]; ready: number }>>;

/**
 * What a role tells its launcher over the IPC channel: that it serves, once, and every second that its event loop turns.
 * The channel's closing is a message too: the launcher died. In an upgrade the gateway answers the launcher's messages:
 * `standing` to `prepare`, `given-up` to `give-up`, `ready` to `take-over`; `warm` comes by itself. `cannot` may stand in
 * the place of any. `connection` carries an idle connection of a validator client.
 */
export type RoleMessage =
  | { kind: "ready" }
  | { kind: "alive" }
  | { kind: "standing"; groups: Standing }
  | { kind: "given-up" }
  | { kind: "warm" }
  | { kind: "cannot"; why: string }
  | { kind: "connection"; group: string };

/**
 * What the launcher tells a gateway in an upgrade. To the one that serves: `prepare` (refuse changes from now on), `give-up`
 * (write the state, close control and metrics), then `leave`, or `resume` where the other did not come up. To the new one:
 * `take-over`, and `leftovers` when the old one has gone. A kind that a version does not know is passed over.
 */
export type LauncherMessage =
  | { kind: "prepare" | "give-up" | "resume" | "leave" | "take-over" | "leftovers" }
  | { kind: "connection"; group: string };

/** Set for a gateway that is to take over from another one: the `Standing` of that one. */
export const takeOverEnv = "SLOTKEEPER_TAKE_OVER";
