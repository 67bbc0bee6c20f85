import { defineReasons } from "../lib/reason.ts";

/** Why a request was let through or refused. */
export const accessReasons = defineReasons({
  allowed: { short: "allowed", long: "" },
  "host-unknown": {
    short: "Host header not allowed",
    long: "The request names a host that this server is not known by, as DNS rebinding does. Use the address that Slotkeeper printed.",
  },
  "origin-foreign": {
    short: "request from another site",
    long: "A page of another origin sent this request. Change things only from Slotkeeper's own page, the command line or a script.",
  },
  "token-missing": {
    short: "token missing",
    long: "Send the API token as `Authorization: Bearer …`. It is in the data folder (api-token), or what the config sets as server.apiToken.",
  },
  "token-wrong": {
    short: "token wrong",
    long: "The token is not the one of this Slotkeeper. Read it again from its data folder or config.",
  },
});

export type AccessReasonCode = keyof typeof accessReasons;
