/** What a role tells its supervisor over the IPC channel. The channel's closing is the third message: the supervisor died. */
export type RoleMessage = { kind: "ready" };
