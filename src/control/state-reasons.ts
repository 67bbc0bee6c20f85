import { defineReasons } from "../lib/reason.ts";

/** Why the page opens with the sentence it opens with. `long` says what to do next. */
export const stateReasons = defineReasons({
  "all-in-sync": { short: "all in sync", long: "" },
  "nothing-watched": {
    short: "nothing is watched",
    long: "Start a gateway (`slotkeeper up` or `slotkeeper gateway`), or name one under `monitor.gateways` in the config.",
  },
  starting: {
    short: "starting",
    long: "Wait some seconds. If it stays, look at the nodes' reasons on the Nodes page.",
  },
  "gateway-unreachable": {
    short: "gateway unreachable",
    long: "Look whether the gateway process runs and its control address is right. Validator clients may still be served: ask one of them.",
  },
  "status-stale": { short: "status is old", long: "The gateway stopped telling. Look at its log and its load." },
  "no-node-ready": {
    short: "no node ready",
    long: "Bring one beacon node back in sync. Run `slotkeeper check` to see what is wrong with each.",
  },
  "only-degraded": {
    short: "no node in sync",
    long: "Bring one beacon node back in sync. Reads are answered by the least bad node and marked as degraded.",
  },
  split: {
    short: "nodes disagree on finality",
    long: "Signing inputs are withheld, because signing on the wrong branch can be slashable. Find out which branch is right, compare with outside sources, then choose it on the Nodes page.",
  },
  "slashable-refused": {
    short: "slashable message refused",
    long: "The same key may run in two validator clients. Stop one of them now, before it signs where nobody refuses it; hold signing on the Nodes page if you cannot tell which.",
  },
  "duplicate-key": {
    short: "two clients use one validator",
    long: "If both hold its key, it will be slashed. Find out which should have it and stop the other; hold signing on the Nodes page if you cannot tell. A client that has just moved to another address is harmless.",
  },
  "signing-on-hold": {
    short: "signing is on hold",
    long: "Duties are missed until it is released. When the reason is gone, release it on the Nodes page.",
  },
  "branch-chosen": {
    short: "a person chose the branch",
    long: "It ends by itself when the nodes agree again. Bring the nodes of the other branch back to the right one.",
  },
  "drain-waits": {
    short: "a drain cannot end",
    long: "Bring another node back first, or return this one to service.",
  },
  "drill-running": {
    short: "a drill is running",
    long: "It ends by itself. To end it now, abort it on the Nodes page.",
  },
  "finality-stalled": {
    short: "finality stalled",
    long: "Compare with a block explorer. If the whole network stalls, keep every node running and follow the client teams' channels.",
  },
  "finality-late": { short: "finality late", long: "Watch it: more than 5 epochs back, inactivity penalties begin." },
  "head-late": {
    short: "no new block",
    long: "Compare the head slot with a block explorer, and this machine's clock with a time server.",
  },
  "node-not-ready": {
    short: "a node is not ready",
    long: "Duties are served. Repair the node before the next one fails.",
  },
  "no-spare": {
    short: "no spare node",
    long: "If the last ready node fails, duties are lost. Bring a second one back first.",
  },
  "node-warning": {
    short: "a node needs attention soon",
    long: "Nothing is lost yet. Read the node's warning on the Nodes page.",
  },
  "config-not-taken-over": {
    short: "config file refused",
    long: "The gateway runs on with the old config. Correct the file; `slotkeeper config validate` shows where.",
  },
});

export type StateReasonCode = keyof typeof stateReasons;
