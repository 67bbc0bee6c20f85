import { defineReasons } from "../lib/reason.ts";

/** Why a scope was judged as it was, why something is offered or refused, and why an incident may not change so. */
export const incidentReasons = defineReasons({
  "incident-over": {
    short: "already over",
    long: "The incident is resolved or declined. Notes and tasks can still be added, and it can be put under embargo. If it goes on, declare a new one.",
  },
  "incident-merged": {
    short: "merged",
    long: "The incident was merged into another one, and everything goes on there. Make the change there.",
  },
  "status-not-so": {
    short: "not by an update",
    long: "An update can set investigating, identified, isolated or monitoring. Resolving, declining and merging are steps of their own, and nothing goes back to triage.",
  },
  "decline-too-late": {
    short: "too late to decline",
    long: "Only an incident that nobody took can be declined. This one is being worked on: resolve it, and say in the summary what it was.",
  },
  "text-missing": {
    short: "text is missing",
    long: "A title, note, task, or reason is empty. Write one.",
  },
  "text-too-long": {
    short: "text is too long",
    long: "A text is longer than what is kept. Shorten it, or link to the rest.",
  },
  "text-not-plain": {
    short: "not plain text",
    long: "A text holds a NUL character, which cannot be stored. It is probably no text: attach the file elsewhere, and link to it.",
  },
  "embargo-is-final": {
    short: "embargoed for good",
    long: "A vulnerability stays one: changing its type would show its content to everybody. Declare another incident for what may be told.",
  },
  "merge-with-itself": {
    short: "same incident",
    long: "An incident cannot be merged into itself. Name the other one.",
  },
  "merge-embargoed": {
    short: "would break the embargo",
    long: "What is embargoed cannot be merged into an incident that everybody may read. Merge the other one into the embargoed one.",
  },
  "merge-slashing": {
    short: "a slashing stands alone",
    long: "A slashing is merged only into another slashing, so that it is not resolved without a written summary. Merge the other incident into the slashing.",
  },
  "summary-needed": {
    short: "needs a summary",
    long: "A slashing, or an incident whose group of nodes is still held, is resolved only with a summary: what happened, why it is safe now, and what becomes of the hold.",
  },
  "person-needed": {
    short: "a person decides",
    long: "Slotkeeper does not do this by itself. A slashing, and a hold once it was done, wait for a person.",
  },
  "task-unknown": {
    short: "no such task",
    long: "The incident has no task of this name. Look at its list of tasks.",
  },
  "tasks-too-many": {
    short: "too many tasks",
    long: "An incident keeps 200 tasks. Put the rest into your own tracker, and link to it from a note.",
  },
  "group-unknown": {
    short: "no such alert group",
    long: "This alert group does not belong to the incident.",
  },
  "hold-not-so": {
    short: "not from this state",
    long: "A hold is wanted first, then done or failed, then released. This step does not follow from the state it is in.",
  },
  "cannot-slash": {
    short: "safe",
    long: "Nothing of this signs, starts or moves a key. Other beacon nodes of the group are ready and serve its validators.",
  },
  "hold-cannot-slash": {
    short: "safe, and costs duties",
    long: "Signing inputs are withheld, so the validators of the group sign nothing: a missed duty costs little, and what is not signed cannot be slashed. A person releases it.",
  },
  "hold-after-slashing": {
    short: "hold: own key slashed",
    long: "A validator of this group was slashed. Whatever signs twice may go on doing so, and each further validator makes every penalty larger. Hold the group until two people know why.",
  },
  "last-ready-node": {
    short: "last ready node",
    long: "Afterwards the group would have no beacon node left that is ready and on the same branch, and its validators would lose all duties. If nothing should be signed, hold the group instead: that says so, and one step takes it back.",
  },
  "already-so": {
    short: "done already",
    long: "It is in this state already, by somebody's decision. There is nothing to do.",
  },
  "state-unknown": {
    short: "state unknown",
    long: "The gateway does not answer, or does not say how the node stands. Unknown is not safe: bring the gateway's control connection back first.",
  },
  "scope-not-known": {
    short: "scope not known yet",
    long: "Not enough is known to say how far this reaches. It is judged again with each epoch and each new fact.",
  },
  "finality-stale": {
    short: "finality stands still",
    long: "The chain finalizes more than two epochs later than usual, so it is the network's trouble, not ours alone. Change nothing in haste, stop maintenance, and see that ours follow the branch that most follow.",
  },
  "network-falls": {
    short: "the network loses too",
    long: "Validators that are not ours lose their duties as well, far beyond the usual. Look which client has trouble and whether we run it; restarting ours rarely helps.",
  },
  "branches-confirmed": {
    short: "the chain is divided",
    long: "Nodes of different clients, or outside references, confirm each of two branches. No single client or node explains it. Withhold signing where it is not clear which branch is right.",
  },
  "own-key-slashed": {
    short: "own validator slashed",
    long: "The chain holds a slashing of a validator of ours. Whatever signed twice may go on: stop every place that has keys of this owner, and start nothing elsewhere.",
  },
  "one-key": {
    short: "one validator",
    long: "A single validator of ours loses its duties, and the network does not. Look whether its key is loaded, and its cause on the Validators page.",
  },
  "label-set-explains": {
    short: "what the victims share",
    long: "Several validators of ours lose duties while the network does not, and nearly all of them share the labels that are named. Begin there.",
  },
  "no-label-set": {
    short: "nothing in common",
    long: "Several validators of ours lose duties while the network does not, and no label is shared by nine in ten of them without being shared by the others as well. Look at the causes.",
  },
  "no-duty-lost": {
    short: "no duty lost yet",
    long: "No judged duty of ours was lost since the impact is thought to have begun. Epochs are judged when the next one has ended; it is judged again then.",
  },
  "losses-ordinary": {
    short: "no more than usual",
    long: "Some duties were lost, but no more than chance takes on any day. It is judged again with each epoch.",
  },
  "network-not-known": {
    short: "network not known",
    long: "Duties of ours were lost, and nothing is known of other validators in these epochs, so that nobody can say whether it is ours alone.",
  },
});

export type IncidentReasonCode = keyof typeof incidentReasons;
