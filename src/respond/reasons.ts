import { defineReasons } from "../lib/reason.ts";

/** Why a person was paged or not, and what became of an incident by itself. In brackets at the end of a timeline's line. */
export const respondReasons = defineReasons({
  "page-written": {
    short: "paged",
    long: "The escalation policy named this person, and a page was written. Whether the provider took it stands on the page itself.",
  },
  "page-in-bundle": {
    short: "waits for a bundle",
    long: "The person has had as many pages as alerts.throttle allows at once. This one goes with others in one message as soon as the next is allowed.",
  },
  "bundle-written": {
    short: "told in a bundle",
    long: "The page waited, and was told with others in one message. Acknowledging it acknowledges all of them.",
  },
  "page-without-place": {
    short: "nowhere to send it",
    long: "The person is gone from the configuration or has no contact, and there is no place of last resort. Nobody got this page; the next step of the policy follows.",
  },
  "no-policy": {
    short: "no escalation policy",
    long: "The alarm is critical, but its route names no escalation policy, or one that is not configured. Nobody is paged. Set policy: in alerts.routes.",
  },
  "acknowledgement-over": {
    short: "acknowledgement ran out",
    long: "Somebody had it, and it did not end in the time that the policy gives. People are paged again.",
  },
  "nobody-left": {
    short: "nobody acknowledged",
    long: "Every step and round of the policy is over and nobody acknowledged. The places of last resort were told.",
  },
  "fires-on": {
    short: "paged anew",
    long: "A person had resolved the incident, and then the alarm grew or came again. That is a new incident, and people are paged for it.",
  },
  "closed-untaken": {
    short: "closed by itself",
    long: "All alarms of the incident had ended, nobody had taken it, and the time of alerts.close_untaken_after was over.",
  },
  "began-together": {
    short: "one page for what began together",
    long: "Within two minutes an alarm about the same thing, or about duties or the chain as well, began in the same incident, and the same people are being paged for it. Once somebody has answered, or later, a new alarm pages again.",
  },
});

export type RespondReasonCode = keyof typeof respondReasons;
