import { fact } from "./describe-fact.ts";

const minutes = (count: number) => count * 60_000;

/** Slotkeeper's own health. */
export const ownFacts = [
  fact(
    "gateway_unreachable_seconds",
    "seconds",
    ["gateway"],
    minutes(2),
    "Time for which the gateway has not answered its monitor; 0 while it answers.",
  ),
  fact(
    "store_failing_seconds",
    "seconds",
    [],
    minutes(2),
    "Time for which the store has taken no write; 0 while it does.",
  ),
  fact(
    "own_clock_offset_ms",
    "milliseconds",
    [],
    minutes(10),
    "How far this machine's clock is off at least, by what most nodes say, without its sign. Known where two nodes agree.",
  ),
  fact(
    "messages_undelivered",
    "count",
    ["channel"],
    minutes(5),
    "Messages that were given up, or wait longer than 5 minutes.",
    "a channel (channels)",
  ),
  fact("facts_stale", "count", ["source"], minutes(5), "Facts that a source supplied once and no longer renews."),
  fact(
    "evidence_gaps",
    "count",
    ["gateway"],
    minutes(30),
    "Gaps of the last hour in the gateway's evidence: requests that nobody can look up.",
  ),
] as const;
