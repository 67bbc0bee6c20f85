import { defineReasons } from "../lib/reason.ts";

/** Why a topology that is allowed may still not survive the failure it is there for. */
export const fleetReasons = defineReasons({
  "single-node-group": {
    short: "one node in the group",
    long: "The group has a single beacon node, so nothing takes over when it fails. Add a second node, best on another host with another client.",
  },
  "shared-host": {
    short: "all nodes on one host",
    long: "Every node of the group runs on the same host: one reboot or disk takes them all. Put one of them on another host.",
  },
  "shared-provider": {
    short: "all nodes at one provider",
    long: "Every node of the group is at the same provider: one outage or account problem there takes them all. Put one of them elsewhere.",
  },
  "shared-client": {
    short: "all nodes run one consensus client",
    long: "Every node of the group runs the same consensus client: one bug takes them all, and a wrong chain cannot be told from the right one. Run another client on one of them.",
  },
  "shared-execution-client": {
    short: "all nodes run one execution client",
    long: "Every node of the group runs the same execution client: one bug takes them all, or finalizes a wrong chain. Run another client under one of them.",
  },
  "only-backups": {
    short: "no primary node in the group",
    long: "Every node of the group is marked as backup, so the mark says nothing. Make at least one of them primary.",
  },
  "unused-node": {
    short: "node in no group",
    long: "The node is in no group, so nothing watches or uses it. Add it to a group or remove it.",
  },
  "unknown-client": {
    short: "client name not known",
    long: "The client name is not one that Slotkeeper knows, so it counts as a client of its own when diversity is judged. Check its spelling.",
  },
});
export type FleetReasonCode = keyof typeof fleetReasons;
