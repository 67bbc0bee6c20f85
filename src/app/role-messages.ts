/**
 * What a role tells its supervisor over the IPC channel: that it serves, once, and every second that its event loop turns.
 * The channel's closing is a message too: the supervisor died.
 */
export type RoleMessage = { kind: "ready" } | { kind: "alive" };
