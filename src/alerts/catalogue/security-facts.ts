import { fact } from "./describe-fact.ts";

const minutes = (count: number) => count * 60_000;

/** What must never happen, and what partners and contracts ask for. */
export const securityFacts = [
  fact(
    "own_validators_slashed",
    "count",
    ["customer", "group"],
    minutes(20),
    "Own validators that were slashed, from when they are seen until a person has closed the incident.",
  ),
  fact(
    "keys_doubled",
    "count",
    ["place"],
    minutes(30),
    "Keys that two validator clients have loaded, or a client itself although a signer has them as well; and 1 while two clients of a gateway use the same validator.",
  ),
  fact(
    "keys_missing",
    "count",
    ["place"],
    minutes(30),
    "Keys that the inventory expects at a place that has not loaded them.",
    "a place that tells which keys it has loaded",
  ),
  fact(
    "keys_unexpected",
    "count",
    ["place"],
    minutes(30),
    "Keys that are loaded and that the inventory does not know.",
    "a place that tells which keys it has loaded",
  ),
  fact(
    "slashing_refusals",
    "count",
    ["group", "client"],
    minutes(30),
    "Slashable messages of the last hour that a gateway did not pass on.",
  ),
  fact(
    "wrong_fee_recipient",
    "count",
    ["customer"],
    minutes(60),
    "Own blocks of the last day that paid to an address that the customer does not list and no relay explains.",
  ),
  fact(
    "relay_policy_breaches",
    "count",
    ["customer"],
    minutes(60),
    "Own blocks of the last day that went against the customer's relay policy.",
    "relays",
  ),
  fact(
    "checkpoint_disagreements",
    "count",
    [],
    minutes(60),
    "Independent sources that name another finalized root than our nodes.",
    "references that are asked for their finalized root: not built yet",
  ),
  fact(
    "exit_requests_oldest_hours",
    "hours",
    ["customer"],
    minutes(60),
    "Age of the oldest exit request that is not fulfilled.",
    "an exit-request source",
  ),
  fact(
    "unplanned_exits",
    "count",
    ["customer"],
    minutes(60),
    "Own validators that began to exit, consolidate or withdraw in the last day without a plan that is known here.",
    "a list of planned exits: not built yet",
  ),
] as const;
