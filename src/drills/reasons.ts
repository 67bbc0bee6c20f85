import { defineReasons } from "../lib/reason.ts";

/** Why a drill may not begin, was ended early, or came out as it did. */
export const drillReasons = defineReasons({
  "faults-not-allowed": {
    short: "drills are not allowed here",
    long: "This gateway shows no faults. Set gateway.allowFaults to true in its configuration, and start or upgrade the gateway.",
  },
  "gateway-unknown-state": {
    short: "gateway not reached",
    long: "The gateway does not answer its monitor, so that nobody could stop the drill. Find out why first.",
  },
  "no-other-ready-node": {
    short: "no other ready node",
    long: "Without this node no ready node would be left to take over. Bring another node back first.",
  },
  "view-not-serving": {
    short: "group is not serving normally",
    long: "The group has no agreed view: it is degraded, split, or has no node. A drill now would add to a real fault.",
  },
  "signing-held": {
    short: "signing inputs are held",
    long: "A person or a guard withholds signing inputs of this group. Find out why, and release the hold before a drill.",
  },
  "fault-already-shown": {
    short: "another fault is being shown",
    long: "One group shows one fault at a time, so that another node can always take over. Wait for it, or abort it.",
  },
  "drain-running": {
    short: "a node is being drained",
    long: "A node of this group is on its way out of service. Wait until it has left or is returned.",
  },
  "maintenance-running": {
    short: "a node is in maintenance",
    long: "Somebody works at a node of this group. Who insists may begin the drill all the same, on what is left.",
  },
  "gateway-just-started": {
    short: "gateway started a moment ago",
    long: "In its first epoch a gateway still learns which validators propose when. Who insists may begin the drill all the same.",
  },
  "proposal-near": {
    short: "own block proposal is near",
    long: "A validator behind this group proposes a block during the drill or within two slots of it. No drill is worth a block: try again after it.",
  },
  "own-clock-suspect": {
    short: "own clock is in doubt",
    long: "Every node looks off by the same time, so that this machine's clock may be wrong. Check it before any drill.",
  },
  "node-not-ready": {
    short: "the node is not in service",
    long: "Nothing is sent to this node now, so that a fault at it proves little. Who insists may begin the drill all the same.",
  },
  "gateway-refused": {
    short: "the gateway refused",
    long: "The gateway would not begin the fault, or could not. The detail says why.",
  },
  "duty-failed": {
    short: "a duty request failed",
    long: "A validator client got an error for a duty request during the drill. The fault was lifted at once; see the evidence.",
  },
  "view-lost": {
    short: "group stopped serving normally",
    long: "During the drill the group lost its agreed view. The fault was lifted at once.",
  },
  "other-node-left": {
    short: "another node failed",
    long: "Another node of the group left service during the drill. The fault was lifted at once, so that both are not away together.",
  },
  "lease-lost": {
    short: "the fault ended at the gateway",
    long: "The gateway lifted the fault by itself: it stopped, its configuration changed the node, or its lease was not renewed.",
  },
  "ended-by-person": { short: "ended by a person", long: "Somebody asked for the end of the drill." },
  "monitor-stopping": {
    short: "the monitor stopped",
    long: "The process that watched the drill was stopped, and lifted the fault before it left.",
  },
  "node-not-back": {
    short: "node did not come back in time",
    long: "The fault was lifted, and the node did not become ready again. Look at it on the Nodes page: it may have a fault of its own.",
  },
  "no-request-met-the-fault": {
    short: "no request met the fault",
    long: "While the fault was shown, no duty request was sent to the node. Nothing was lost, and nothing is proven about switching.",
  },
  "stayed-in-service": {
    short: "node stayed in service",
    long: "The gateway did not take the node out of service while the fault was shown. For some kinds that is right; see docs/drills.md.",
  },
});

export type DrillReasonCode = keyof typeof drillReasons;
