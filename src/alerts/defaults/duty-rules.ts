import { rule } from "./rule-row.ts";

const fleetPlaybook =
  "1. Read the scope: one validator client, one node, one host, or the network. 2. Open Validators and look at the cause with most losses. 3. If one beacon node stands out, cordon it. 4. If the network shows the same share, change nothing and watch finality. Never start a second validator client for the same keys.";

/** Duties that are lost, late or paid badly. */
export const dutyRules = [
  rule("Underperforming", "performance", "critical", 'underperforming_ratio{scope="all", by="count"} > 0.05', {
    summary: "{{ $value | humanizePercentage }} of all validators underperform.",
    description:
      "More than 5 % of all watched validators missed, or voted for the wrong target, in at least 2 of the last 3 epochs, more often than the network.",
    playbook: fleetPlaybook,
  }),
  rule("UnderperformingStake", "performance", "critical", 'underperforming_ratio{scope="all", by="stake"} > 0.05', {
    summary: "Validators with {{ $value | humanizePercentage }} of the stake underperform.",
    description:
      "More than 5 % of the watched stake missed, or voted for the wrong target, in at least 2 of the last 3 epochs, more often than the network. Few large validators can be behind it.",
    playbook: fleetPlaybook,
  }),
  rule("UnderperformingCustomer", "performance", "critical", 'underperforming_ratio{customer="*"} > 0.05', {
    summary: "{{ $value | humanizePercentage }} of {{ $labels.customer }} underperforms.",
    description:
      "More than 5 % of one customer's validators, by count or by stake, missed or voted for the wrong target in at least 2 of the last 3 epochs, more often than the network.",
    playbook: `${fleetPlaybook} 5. Look at the customer's SLA forecast and tell whoever speaks with them.`,
  }),
  rule("MissedAttestations", "missed", "warning", 'missed_attestations_ratio{validatorClient="*"} > 0.02', {
    for: "13m",
    summary: "{{ $labels.validatorClient }} misses {{ $value | humanizePercentage }} of its attestations.",
    description: "For two epochs and more, over 2 % of one validator client's attestations were in no block.",
    playbook:
      "1. Is the validator client running, and does it ask the gateway? 2. Are all its keys loaded? 3. Look at the cause of the newest misses on Validators. 4. Read its log for refusals of slashing protection: those are never overruled.",
  }),
  rule("ProposalMissed", "missed", "critical", "missed_proposals > 0", {
    summary: "An own block was missed or orphaned.",
    description:
      "A block of an own validator is not in the chain. One block is worth as much as weeks of attestations.",
    playbook:
      "1. Open the proposal and read its cause: not built, relay failed, published late, or orphaned. 2. If a relay or builder failed, take it out. 3. If it was published late, look at the node's and the signer's timings. 4. Look when the next own proposal is, and keep maintenance away from it.",
  }),
  rule("SyncParticipationLow", "performance", "warning", "sync_participation_below_network > 0.05", {
    summary: "Own sync-committee participation is {{ $value | humanizePercentage }} below the network's.",
    description:
      "An own validator is in the sync committee and signs less than others, over 3 epochs. The duty lasts about a day, and each missed bit is paid for.",
    playbook:
      "1. Look which validator it is and which node it uses. 2. Is that node late in importing blocks? Prefer another. 3. Restart nothing without need before the period ends.",
  }),
  rule(
    "SyncParticipationLow",
    "missed",
    "critical",
    "sync_participation_ratio < 0.5 and sync_participation_below_network > 0.2",
    {
      summary: "Own validators sign only {{ $value | humanizePercentage }} of their sync-committee duties.",
      description:
        "Own validators in the sync committee miss more than half of their messages while the network signs.",
      playbook:
        "1. Is the validator client running with this key? 2. Does its node serve sync duties? 3. Move the client to another beacon node: that cannot slash.",
    },
  ),
  rule("BalanceFalling", "performance", "warning", "balance_falling_ratio > 0.05 unless finality_lag_epochs > 5", {
    for: "13m",
    summary: "The balance of {{ $value | humanizePercentage }} of validators falls.",
    description:
      "Balances fell over 6 epochs with withdrawals left out: these validators lose more than they earn. In an inactivity leak that is so for everybody, and this rule rests.",
    playbook:
      "1. Look at which cohort it is. 2. Compare with missed attestations: a falling balance without misses points at wrong votes. 3. Check that the node is on the right fork.",
  }),
  rule("WrongHeadVotes", "performance", "warning", "wrong_head_above_network > 0.1", {
    for: "20m",
    summary: "Wrong head votes are {{ $value | humanizePercentage }} above the network's.",
    description:
      "Own validators vote for another head than the chain more often than others: their node sees blocks late.",
    playbook:
      "1. Compare block arrival of the nodes. 2. Look at peers, disk waits and CPU of the late one. 3. Prefer the faster node.",
  }),
  rule(
    "LateAttestations",
    "late",
    "warning",
    "late_attestations_above_baseline > 3 and late_attestations_ratio > 0.05",
    {
      for: "13m",
      summary: "Late attestations are {{ $value }} times as frequent as usual.",
      description: "Attestations are included later than the next block, three times as often as in the last 7 days.",
      playbook:
        "1. Is the whole network late? Then wait. 2. Look at the gateway's and the nodes' answer times. 3. Look at the signer's timings. 4. Check the clocks of all machines.",
    },
  ),
  rule("UnknownCauses", "performance", "info", "unknown_cause_ratio > 0.2", {
    for: "1h",
    summary: "{{ $value | humanizePercentage }} of lost duties have no known cause.",
    description:
      "Of the last day's lost duties more than a fifth could not be explained. What is not explained comes again.",
    playbook:
      "1. Look which evidence is missing: gateway, logs, host figures. 2. Configure it for the hosts and clients concerned.",
  }),
];
