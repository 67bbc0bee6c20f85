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
  "unused-channel": {
    short: "channel that nobody is told through",
    long: "No contact and no route names the channel, and it has no place of its own, so nothing is ever sent to it. Give it an `address`, or name it in `people[].contacts` or `alerts.routes[].tell`.",
  },
  "shadowed-route": {
    short: "route that is never reached",
    long: "An earlier route has no matchers and takes everything. Move that route to the end.",
  },
  "unused-policy": {
    short: "escalation policy that nothing uses",
    long: "No route names the policy, and the last route, which takes what is left, pages by another, so nobody is ever paged by this one. Name it in `alerts.routes[].policy`, or remove it.",
  },
  "page-at-nobody": {
    short: "a page may reach nobody",
    long: "At some time a page would have no reader. The detail says when and why; correct the schedule, the policy or the contacts.",
  },
  "undeclared-host": {
    short: "host not in `hosts`",
    long: "The name is not one of `hosts`, so its provider and region are not known. Add it there, or correct its spelling.",
  },
  "undeclared-provider": {
    short: "provider not in `providers`",
    long: "The name is not one of `providers`, so two spellings may stand for one provider. Add it there, or correct its spelling.",
  },
  "undeclared-customer": {
    short: "customer not in `customers`",
    long: "The name is not one of `customers`, so no agreement is measured for it. Add it there, or correct its spelling.",
  },
});
export type FleetReasonCode = keyof typeof fleetReasons;

/** What may be wrong with the list of our validators while Slotkeeper runs. */
export const inventoryReasons = defineReasons({
  "unknown-customer": {
    short: "customer not in `customers`",
    long: "Validators carry a label `customer` that `customers` does not list, so no agreement is measured for them. Add the customer, or correct the label.",
  },
  "unknown-host": {
    short: "host not in `hosts`",
    long: "Validators carry a label `host` that `hosts` does not list, so their provider and region are not known. Add the host, or correct the label.",
  },
  "unknown-provider": {
    short: "provider not in `providers`",
    long: "Validators carry a label `provider` that `providers` does not list, so two spellings may stand for one provider. Add it, or correct the label.",
  },
  "empty-source": {
    short: "source lists nobody",
    long: "The source was read well and lists no validator, so nobody is watched because of it. Check that the file, query or client is the right one.",
  },
  "skipped-entries": {
    short: "entries left out",
    long: "Some lines or items of the source could not be understood and are not watched. The source's state names them; correct them.",
  },
  "key-conflicts": {
    short: "sources contradict each other",
    long: "Sources give one validator to two owners, or list one key in two validator clients. A key that two clients sign with gets slashed: stop one of them first, then correct the sources.",
  },
  "too-many-validators": {
    short: "too many validators",
    long: "The sources together list more validators than are kept. The ones beyond are not watched. Split them over several monitors.",
  },
});
export type InventoryReasonCode = keyof typeof inventoryReasons;

/** Why a source of validators could not be read. What it listed before stays in force. */
export const sourceReasons = defineReasons({
  "source-unreadable": {
    short: "file cannot be read",
    long: "The file of the source does not exist or may not be read. Check its path, and that the Slotkeeper user may read it.",
  },
  "source-too-large": {
    short: "more than can be read",
    long: "The source gives more bytes or rows than are read. Check that it is the right one, or split it.",
  },
  "source-bad-columns": {
    short: "columns not understood",
    long: "The first line of the file, or the columns of the query, name neither `pubkey` nor `index`, or one name twice. Correct them.",
  },
  "source-unauthorized": {
    short: "not allowed to ask",
    long: "The validator client, signer or database refuses the credentials. Check the token or password, and where it is read from.",
  },
  "source-unreachable": {
    short: "no connection",
    long: "The validator client, signer or database cannot be reached, or broke off. Check its address, and that it runs.",
  },
  "source-timeout": {
    short: "no answer in time",
    long: "The source did not answer in time. Check its load; give a query an index.",
  },
  "source-status": {
    short: "answered with an error",
    long: "The validator client or signer answered with an HTTP error. Its log says why.",
  },
  "source-wrong-shape": {
    short: "answer not understood",
    long: "The answer is not what this API gives. Check that the URL is that of the API, not of another service.",
  },
  "source-query-failed": {
    short: "query failed",
    long: "The database refused the query. Run it by hand with the same user: it must be one SELECT that only reads.",
  },
});
export type SourceReasonCode = keyof typeof sourceReasons;
