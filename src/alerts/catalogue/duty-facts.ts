import { fact } from "./describe-fact.ts";

const subject = ["customer", "group", "operator", "region", "validatorClient", "provider"];
/** An epoch is judged when the next has ended: two of them and a margin. */
const threeEpochsMs = 20 * 60_000;

/** What became of duties. Labels of a cohort are absent where the fact is about all watched validators. */
export const dutyFacts = [
  fact(
    "underperforming_ratio",
    "ratio",
    ["by", "scope", ...subject],
    threeEpochsMs,
    "Share of validators that underperform: missed, or wrong target, in at least 2 of the last 3 epochs. `by` is count or stake; `scope` is all, or the name of the label that the cohort shares. 0 where fewer than 3 keys underperform, or no more than in the whole network.",
  ),
  fact(
    "missed_attestations_ratio",
    "ratio",
    subject,
    threeEpochsMs,
    "Share of the last epoch's attestations that no block included.",
  ),
  fact(
    "late_attestations_ratio",
    "ratio",
    subject,
    threeEpochsMs,
    "Share of the last epoch's included attestations that came later than the next block.",
  ),
  fact(
    "late_attestations_above_baseline",
    "multiple",
    subject,
    threeEpochsMs,
    "Slots that attestations of the last hour were included later than the next block (empty slots excused), as a multiple of the usual of the last 7 days. Known once a day was judged.",
  ),
  fact(
    "wrong_head_above_network",
    "ratio",
    subject,
    threeEpochsMs,
    "Share of included attestations of the last 3 epochs whose head vote was wrong or late, less the network's own share. Of cohorts of 20 validators and more.",
  ),
  fact(
    "missed_proposals",
    "count",
    subject,
    threeEpochsMs,
    "Own blocks of the last hour that were missed or orphaned. Each validator is counted once, with all of these labels that it has.",
  ),
  fact(
    "sync_participation_ratio",
    "ratio",
    ["customer", "group"],
    threeEpochsMs,
    "Share of own sync-committee seats that signed, over the last 3 epochs. Known only while an own validator is in the committee.",
  ),
  fact(
    "sync_participation_below_network",
    "ratio",
    ["customer", "group"],
    threeEpochsMs,
    "Network's sync participation less our own, over the last 3 epochs; 0 while no own validator is in the committee.",
  ),
  fact(
    "balance_falling_ratio",
    "ratio",
    subject,
    threeEpochsMs,
    "Share of validators that were paid less than they lost over the last 6 epochs: rewards and penalties, so that withdrawals and consolidations do not count. Of cohorts of 20 validators and more.",
  ),
  fact(
    "unknown_cause_ratio",
    "ratio",
    [],
    60 * 60_000,
    "Share of the last day's lost duties for which no cause was found; 0 where fewer than 10 were lost.",
  ),
  fact(
    "duties_unjudged_epochs",
    "epochs",
    [],
    threeEpochsMs,
    "Epochs that have ended and could be judged, and are not. The source of truth is lost or behind.",
  ),
  fact(
    "penalties_gwei_hour",
    "gwei",
    subject,
    threeEpochsMs,
    "Net loss of the last hour: penalties less rewards, 0 where rewards are larger.",
  ),
] as const;
