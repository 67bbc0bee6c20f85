import { defineReasons } from "../lib/reason.ts";

/** How the budget of a window looks. */
export const slaReasons = defineReasons({
  "budget-used-up": {
    short: "breached",
    long: "More attestations were missed than the agreed uptime allows in this window. Later duties can only bring the uptime back up if more of them come than were projected.",
  },
  "budget-running-out": {
    short: "breaches at this burn",
    long: "If attestations go on being missed as in the last hour, the agreed uptime of this window is breached before its end. Find the cause on the Validators page.",
  },
  "budget-holds": {
    short: "budget holds",
    long: "At the burn of the last hour the budget lasts to the end of the window.",
  },
  "burn-unknown": {
    short: "burn unknown",
    long: "Nothing is known of the last hour, so that nothing can be forecast. What is shown is the state before. See why duties are not judged.",
  },
  "nothing-asked": {
    short: "no duties",
    long: "No duty of this customer is known in the window, and none is expected: it has no active validators, or nothing was judged yet.",
  },
});

export type SlaReasonCode = keyof typeof slaReasons;
