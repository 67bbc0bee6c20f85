import { defineReasons } from "../lib/reason.ts";

/** Why an alert changed, why a notice was made or withheld, and why an inbound alert was refused. */
export const alertReasons = defineReasons({
  "condition-began": {
    short: "condition began",
    long: "The rule's condition holds, but not yet for as long as the rule asks. Nobody is told until then.",
  },
  "condition-holds": {
    short: "condition holds",
    long: "The rule's condition has held for as long as the rule asks. The alert fires.",
  },
  "condition-ended": {
    short: "condition ended",
    long: "The facts are fresh and the rule's condition no longer holds. The alert is resolved.",
  },
  "condition-passed": {
    short: "ended before it fired",
    long: "The condition ended before it had held for as long as the rule asks. Nobody was told.",
  },
  "facts-lost": {
    short: "facts are missing or old",
    long: "What the rule is judged by is missing or too old. The alert keeps its state, marked unknown: missing data is no all-clear. Find out why the facts stopped.",
  },
  "facts-back": {
    short: "facts are back",
    long: "What the rule is judged by is known again. The alert is judged as usual.",
  },
  "pending-facts-lost": {
    short: "facts stayed away",
    long: "The alert was only pending, and its facts stayed away for an hour. It is dropped; the missing facts are an alarm of their own.",
  },
  "rule-removed": {
    short: "rule removed",
    long: "The rule is no longer configured, so its alerts are resolved. Nothing is known about the condition itself.",
  },
  "subject-removed": {
    short: "no longer watched",
    long: "What the alert is about was removed from the configuration or the inventory, so the alert is resolved.",
  },
  "no-facts": {
    short: "facts not known",
    long: "No fact that this rule needs is known. The rule is on, and blind: see the facts it names and what supplies them.",
  },
  "no-answer": {
    short: "Prometheus has not answered",
    long: "The rule is evaluated by Prometheus, and no fresh answer is known. Check the Prometheus that is configured.",
  },
  "too-many-alerts": {
    short: "too many alerts of one rule",
    long: "The rule holds for more label sets than are followed one by one. Those that came last are counted and not shown: make the rule coarser.",
  },
  "group-new": { short: "new", long: "The first notice of this alert group." },
  "group-more": {
    short: "more alerts",
    long: "Alerts joined a group that people were told about; some may have ended.",
  },
  "group-worse": {
    short: "more severe",
    long: "An alert more severe than those told before joined the group. It is told at once.",
  },
  "group-repeat": {
    short: "still firing",
    long: "Nothing has changed since the last notice, and the repeat interval is over.",
  },
  "group-resolved": {
    short: "resolved",
    long: "Every alert of the group that people were told about has ended. It is told even if the alert is silenced by now.",
  },
  silenced: {
    short: "silenced by a person",
    long: "A silence matches this alert. Nobody is told that it fires until the silence ends; that it ended is told where the firing was.",
  },
  "inhibited-by-alert": {
    short: "another alert explains it",
    long: "An alert that says the same and more is firing. Nobody is told about this one meanwhile.",
  },
  "inhibited-by-incident": {
    short: "part of an open incident",
    long: "An open incident covers this alert, and the alert is not more severe. People are at work on it.",
  },
  "in-maintenance": {
    short: "in maintenance",
    long: "The host, node or group that this alert is about is in a maintenance window. Alerts of class security are never muted by one.",
  },
  "silence-no-matcher": {
    short: "silence matches everything",
    long: "A silence needs at least one matcher that an alert without labels would not fulfil. Name the alert, node or customer.",
  },
  "silence-bad-times": {
    short: "silence ends before it begins",
    long: "A silence must end after it begins, and within 90 days. Use a rule change for what is to be quiet for good.",
  },
  "silence-no-author": {
    short: "silence without author or comment",
    long: "A silence says who made it and why. Add both.",
  },
  underperforming: {
    short: "underperforming",
    long: "These validators missed, or voted for the wrong target, in at least 2 of the last 3 epochs, more often than the network.",
  },
  "few-keys": {
    short: "fewer than 3 keys",
    long: "Fewer than 3 validators underperform. Each lost duty is recorded; this is no matter of the fleet.",
  },
  "like-network": {
    short: "no worse than the network",
    long: "The share of validators that underperform is no larger than the network's own: look at the chain first.",
  },
  "performance-unknown": {
    short: "not enough known",
    long: "For half of these validators or more, too few of the last 3 epochs are judged. Nothing is said about them.",
  },
  "inbound-too-large": {
    short: "payload too large",
    long: "The payload is larger than 512 KB, nested too deeply, or holds more alerts than one request may. Send it in parts.",
  },
  "inbound-flooded": {
    short: "too many requests",
    long: "This token has sent more than 600 requests within a minute. Send again after the time that the answer names, and several alerts in one request.",
  },
  "inbound-busy": {
    short: "too many at once",
    long: "More requests are being read than fit at once. Nothing of this one was taken: send it again.",
  },
  "inbound-no-room": {
    short: "no room for more alerts",
    long: "10,000 alerts of other systems are open, and there is no room for more. Resolve old ones, then send again. Alerts that are known are kept up to date.",
  },
  "inbound-not-stored": {
    short: "could not be stored",
    long: "The alerts could not be written to the store, so they do not count as taken. Send them again; the log says what is wrong.",
  },
  "inbound-not-json": { short: "not JSON", long: "The body is not valid JSON text. Send a JSON document in UTF-8." },
  "inbound-bad-shape": {
    short: "payload not understood",
    long: "The payload does not have the shape of the interface that it was sent to. The message says where.",
  },
});

export type AlertReasonCode = keyof typeof alertReasons;
