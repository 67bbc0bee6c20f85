import { defineReasons } from "../lib/reason.ts";

/** Why the gateway itself answered, refused or degraded a request; the code is in the body and in the headers. */
export const gatewayReasons = defineReasons({
  "duplicate-host": {
    short: "more than one Host header",
    long: "The request carries two Host headers, a form used to smuggle requests past proxies. Fix the client.",
  },
  "bad-transfer-encoding": {
    short: "unknown Transfer-Encoding",
    long: "Only chunked is understood as a Transfer-Encoding, alone and once. Fix the client or the proxy in front of it.",
  },
  "length-conflict": {
    short: "conflicting body length",
    long: "The request gives its body length in two ways that can disagree. Fix the client or the proxy in front of it.",
  },
  "bad-path": {
    short: "path changes when normalised",
    long: "The path holds an escape, a double slash, a backslash or a dot segment. Send it in its plain form.",
  },
  "bad-request": {
    short: "not a valid HTTP request",
    long: "The bytes received are not a valid HTTP/1.1 request. Check which client connects to this address.",
  },
  "headers-too-large": {
    short: "headers too large",
    long: "The request headers exceed 16 KiB. Send fewer or shorter headers.",
  },
  "request-too-slow": {
    short: "request arrived too slowly",
    long: "The request was not received whole in time. Check the network between validator client and gateway.",
  },
  "unknown-expectation": {
    short: "unknown Expect",
    long: "Only Expect: 100-continue is understood. Remove the header.",
  },
  "method-not-allowed": {
    short: "method not allowed",
    long: "The Beacon API uses GET, HEAD and POST; this method is refused. Check the client's configuration.",
  },
  "method-unknown": { short: "method unknown", long: "This method is not part of the Beacon API. Check the client." },
  "too-many-pipelined": {
    short: "too many unanswered requests",
    long: "More than 8 requests wait for answers on this connection. Open more connections instead of pipelining.",
  },
  "body-too-large": {
    short: "body too large",
    long: "The request body exceeds the limit of this route. Send it in smaller parts.",
  },
  "body-not-understood": {
    short: "body not understood",
    long: "The body is not a list in the form that the Beacon API gives for this route. Check the client's version.",
  },
  "route-not-allowed": {
    short: "route not allowed",
    long: "Debug and client-specific routes are refused by default. Allow them in the gateway's settings if they are needed.",
  },
  "route-denied": {
    short: "route on the deny list",
    long: "This route is closed to this client by the gateway's allow and deny lists. Change gateway.routes, or use another address.",
  },
  "client-unknown": {
    short: "client not known",
    long: "Only clients named in gateway.clients are served here, and neither token nor address is one of theirs. Add the client, or correct its token.",
  },
  "topics-missing": {
    short: "no topics",
    long: "An event stream needs at least one topic. Add ?topics=head, for example.",
  },
  "bad-parameter": {
    short: "bad parameter",
    long: "A query parameter has a value that the Beacon API does not allow.",
  },
  "fee-recipient-refused": {
    short: "fee recipient not on the allow-list",
    long: "The fee recipient is not on this group's allow-list. Correct the validator client, or add the address to the list.",
  },
  "no-node": {
    short: "no beacon node can answer",
    long: "No beacon node of this group answers usefully. Look at the nodes' states and bring one back.",
  },
  "no-signing-node": {
    short: "no node fit for signing",
    long: "No beacon node is in sync and non-optimistic within 8 slots of the head, so nothing is served to sign over. Bring a node back in sync.",
  },
  split: {
    short: "nodes disagree on finality",
    long: "The beacon nodes follow branches with different justified or finalized checkpoints. Nothing is served to sign over until a person picks the branch; publishing stays open.",
  },
  held: {
    short: "signing inputs are held",
    long: "A person or a guard withholds everything that a validator signs over in this group; publishing stays open. Find out why it was held, then: slotkeeper gateway release.",
  },
  "no-agreement": {
    short: "client families disagree",
    long: "Beacon nodes of different client families that follow the same head give different sources or targets for this attestation, so none is served. Find out which client is right before signing with either.",
  },
  "agreed-by-view": {
    short: "served without a second client family",
    long: "Only nodes of one client family gave attestation data on the group's head in time; the others were silent, behind or on another branch. The duty was served all the same. Look at the other nodes.",
  },
  "source-regressed": {
    short: "source epoch went back",
    long: "Every answer has a justified epoch below one that this group served before, which signing would make slashable. Check which chain the nodes are on; a person may reset the watermark when the nodes are right: slotkeeper gateway watermark reset.",
  },
  "double-vote": {
    short: "second vote for one target",
    long: "This validator has already sent a different attestation for the same target epoch: both together are slashable. It was not published. Two clients sign with this key, or a client lost its slashing protection: stop one of them now.",
  },
  "surround-vote": {
    short: "vote surrounds another",
    long: "This attestation and an earlier one of the same validator surround each other: both together are slashable. It was not published. Stop the client that sent it and check its slashing protection.",
  },
  "double-proposal": {
    short: "second block for one slot",
    long: "This proposer has already sent a different block for the same slot: both together are slashable. It was not published. Two clients sign with this key: stop one of them now.",
  },
  "duplicate-key": {
    short: "two clients use one validator",
    long: "Two clients named the same validator index within an epoch. If both hold its key, it will be slashed. Find out which client should have it and stop the other; a client that has just moved to another address is harmless.",
  },
  "no-allowed-block": {
    short: "no block pays an allowed fee recipient",
    long: "Every block that was built pays a fee recipient that is not on the allow-list. Check the fee recipients of the beacon nodes; validator clients set them each epoch.",
  },
  "too-few-for-liveness": {
    short: "too few nodes for liveness",
    long: "Doppelganger protection needs the word of two nodes that were ready for the whole epoch. Wait an epoch, or add a second beacon node to the group.",
  },
  "node-failed": {
    short: "every node failed this call",
    long: "Each beacon node that was asked failed. The nodes' own logs say why; the request may be sent again.",
  },
  deadline: {
    short: "no answer in time",
    long: "No beacon node answered before this route's deadline. Look for a hung or overloaded node.",
  },
  overloaded: {
    short: "gateway at its limit",
    long: "The gateway's own bounds on calls to its nodes are reached. Look for a client that sends far more than usual.",
  },
  draining: { short: "gateway is leaving", long: "This gateway is being stopped or replaced. Connect again." },
  internal: {
    short: "gateway fault",
    long: "The gateway failed by its own fault. Report it together with the log line of this request id.",
  },
});

export type GatewayReasonCode = keyof typeof gatewayReasons;
