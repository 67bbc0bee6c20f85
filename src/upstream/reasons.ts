import { defineReasons } from "../lib/reason.ts";

/** Every reason for a node's health or a group's view: one per row of the health table, and one per way to fail it. */
export const upstreamReasons = defineReasons({
  "not-probed-yet": {
    short: "not probed yet",
    long: "Slotkeeper has just started and has no answer from this node yet. Wait a few seconds.",
  },
  "in-sync": {
    short: "in sync",
    long: "The node answers, follows the head on the group's branch, and does not say that its execution client is offline (some clients never tell). Nothing to do.",
  },

  // reachable
  "connection-refused": {
    short: "connection refused",
    long: "Nothing listens at the node's address: the beacon node is stopped or restarting. Check its service and its log.",
  },
  "connection-reset": {
    short: "connection reset",
    long: "The node closed connections in the middle of calls: it may be crashing, or something between cuts them. Check its log for a restart.",
  },
  "host-unreachable": {
    short: "host unreachable",
    long: "The node's host cannot be reached or its name cannot be resolved. Check the host, the network and DNS.",
  },
  "tls-failed": {
    short: "TLS failed",
    long: "No secure connection to the node: check its certificate, its name and its expiry.",
  },
  "stream-broken": {
    short: "event stream broke",
    long: "The node's event stream ended. Slotkeeper probes the node and opens the stream again; if it stays down, check its log.",
  },
  "call-failed": {
    short: "calls fail",
    long: "Calls of validator clients to this node failed. Slotkeeper probes it at once; if that repeats, check the node's load and log.",
  },

  // hang
  "slow-answer": {
    short: "slow to answer",
    long: "The node has not answered a cheap call in time. If it goes on, look at its processor, disk and memory.",
  },
  "no-answer": {
    short: "does not answer",
    long: "The node takes connections but does not answer: it hangs or is frozen. Look at its processor, disk and memory, then restart it.",
  },

  // answers that are no answers
  "not-a-beacon-node": {
    short: "not a beacon node",
    long: "Something answers at this URL, but it is not a Beacon API. Check the URL and port, or the reverse proxy in front of the node.",
  },
  "answer-unreadable": {
    short: "unreadable answers",
    long: "The node's answers are not what the Beacon API says: cut off, of wrong types, or too large. Check its version and any proxy between.",
  },
  "events-unreadable": {
    short: "unreadable events",
    long: "The node's event stream holds events that are not what the Beacon API says. They were dropped. Check its version and any proxy between.",
  },
  "http-error": { short: "HTTP errors", long: "The node answers its own health calls with errors. Check its log." },

  // synced
  "not-ready-status": {
    short: "says it is not ready",
    long: "The node answers with HTTP 206 or 503: it is starting, syncing or overloaded. Wait, or check its log if it lasts.",
  },
  "is-syncing": {
    short: "syncing",
    long: "The node is catching up with the chain. It is used again when it has caught up; compare its head over a few minutes.",
  },
  "is-optimistic": {
    short: "optimistic",
    long: "The node follows blocks that its execution client has not checked yet, so it must not serve duties. Check the execution client.",
  },
  "el-offline": {
    short: "execution client offline",
    long: "The node cannot reach its execution client. Check that it runs, that the Engine API port is open and that the JWT secret is the same on both sides.",
  },
  "sync-state-unknown": {
    short: "sync state unknown",
    long: "The node does not say whether it is syncing or optimistic, and what is unknown is not taken as good. Upgrade the node.",
  },

  // head
  "head-behind": {
    short: "head behind",
    long: "The node says it is in sync, but its head is behind the head of other nodes. Check its peers, its processor and its clock.",
  },
  "head-in-future": {
    short: "head in the future",
    long: "The node's head is of a slot that has not begun, while other nodes are on time. Check the clock of its host (NTP).",
  },
  "head-uncorroborated": {
    short: "head on its own",
    long: "For two slots no other node has had this node's head nor a block before it. It may follow a chain of its own; compare it with a block explorer.",
  },
  "own-clock-suspect": {
    short: "our clock looks wrong",
    long: "Every beacon node is off from Slotkeeper's clock by the same time, so the clock of Slotkeeper's host is probably wrong. Check NTP there. No node was taken out.",
  },
  "node-clock-off": {
    short: "clock of the node is off",
    long: "The node's clock differs from Slotkeeper's and from other nodes'. Check NTP on its host before it starts to miss duties.",
  },

  // branch
  "minority-branch": {
    short: "on another branch",
    long: "The node follows a branch of the chain that fewer client families of this group follow. Find out which branch is right before using it.",
  },
  split: {
    short: "chain split",
    long: "Nodes of this group follow branches with different justified or finalized checkpoints. Signing inputs are held, also while one side cannot be seen. Find the right branch (client teams, explorers), then: slotkeeper gateway branch choose NODE. Cordoning the nodes of the wrong one does the same.",
  },
  "branch-chosen": {
    short: "branch chosen by a person",
    long: "The nodes are split, and a person chose the branch that is served. This lasts until every node agrees again or the others are taken out.",
  },
  "branch-switched": {
    short: "switched branch",
    long: "More client families follow another branch than the one that was served, so the group serves that one now. Compare with a block explorer.",
  },

  // network
  "wrong-network": {
    short: "wrong network",
    long: "The node is on another network than this group: its genesis differs. Check the node's network flag, or the group's nodes in the configuration.",
  },
  "fork-schedule-differs": {
    short: "fork schedule differs",
    long: "A fork that is already in force differs from the other nodes', so this node cannot follow the chain. Upgrade it, or check its network configuration.",
  },
  "future-fork-differs": {
    short: "future fork differs",
    long: "The node's schedule of coming forks differs from the other nodes'. Upgrade it before the fork; until then it serves.",
  },
  "network-not-agreed": {
    short: "network not agreed",
    long: "The nodes do not agree which network this is, or too few have answered. Name the network in the configuration if this lasts.",
  },
  "network-unreadable": {
    short: "network unknown",
    long: "The node has not yet told its genesis and specification. If this lasts, check its version.",
  },

  // peers
  "peers-zero": {
    short: "no peers",
    long: "The node has had no peers for 30 seconds: it accepts messages and sends them nowhere. Check its port forwarding, firewall and discovery.",
  },

  // readmission
  "warming-replay": {
    short: "coming back",
    long: "The node is back; stored preparations, registrations and subscriptions are being sent to it before it serves. This takes a second.",
  },

  // view and operator
  "view-serving": { short: "serving", long: "At least one node is ready and serves this group." },
  "nobody-ready": {
    short: "no node ready",
    long: "No node of this group is ready. Reads come from the least bad node; look at each node's reason and mend the one that is nearest to ready.",
  },
  "nobody-reachable": {
    short: "no node usable",
    long: "No node of this group can be used at all. Check the hosts and the network between Slotkeeper and them.",
  },
  "signing-held": {
    short: "signing inputs held",
    long: "No node may serve signing inputs: all are optimistic or more than 8 slots behind. Check the nodes' heads, peers and Slotkeeper's clock.",
  },
  "operator-request": { short: "asked by a person", long: "A person changed how this node is used." },
});

export type UpstreamReasonCode = keyof typeof upstreamReasons;
