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
  "token-expired": {
    short: "token expired",
    long: "This API token is past its date. Make a new one and put it in the old one's place.",
  },
  "login-wrong": {
    short: "name or password wrong",
    long: "No user has this name with this password. An admin can set a new one.",
  },
  "login-throttled": {
    short: "too many failed logins",
    long: "This name or address has failed too often. Wait as long as the answer says, then try again.",
  },
  "session-unknown": { short: "not logged in", long: "Log in to go on." },
  "session-expired": {
    short: "session over",
    long: "The session was unused for too long, is a week old, or the password was changed since. Log in again.",
  },
  "csrf-wrong": {
    short: "page out of date",
    long: "The request did not come from this session's own page. Reload the page and try again.",
  },
  "user-disabled": { short: "user disabled", long: "An admin has disabled this user." },
  "role-too-low": {
    short: "not allowed for this role",
    long: "This needs a higher role than yours: viewers look, responders act, admins change who may. Ask an admin.",
  },
  "password-too-short": { short: "password too short", long: "Use at least 12 characters: four random words will do." },
  "password-too-long": { short: "password too long", long: "Use at most 256 characters." },
  "password-too-simple": {
    short: "password too simple",
    long: "The password repeats a few characters or holds the user's name. Use four random words.",
  },
  "user-exists": { short: "user exists", long: "There is a user of this name already. Choose another name." },
  "user-unknown": {
    short: "no such user",
    long: "No user has this name. See the list of users for how it is spelled.",
  },
  "user-name-bad": {
    short: "not a user name",
    long: "A name has 1 to 64 lower-case letters, digits, dots, dashes or underscores, and begins with a letter or digit.",
  },
  "setup-over": {
    short: "already set up",
    long: "There are users: log in, or ask an admin to add you. The link for the first admin no longer works.",
  },
  "setup-code-wrong": {
    short: "set-up link not valid",
    long: "Slotkeeper prints a new link at each start as long as it has no user; only the newest works. Copy it whole.",
  },
  "setup-code-expired": {
    short: "set-up link too old",
    long: "The link works for 24 hours. Restart the monitor: it prints a new one.",
  },
  "last-admin": {
    short: "the last admin",
    long: "Nobody could manage users any more. Make somebody else an admin first.",
  },
});

export type AccessReasonCode = keyof typeof accessReasons;
