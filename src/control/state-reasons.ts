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
    long: "Signing inputs are withheld, because signing on the wrong branch can be slashable. Find out which branch is right, and cordon the nodes on the other one.",
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
