import { rule } from "./rule-row.ts";

/** What the chain does, whoever's fault it is. */
export const chainRules = [
  rule("FinalityLag", "network", "warning", "finality_lag_epochs > 3", {
    summary: "Finality is {{ $value }} epochs behind.",
    description: "The chain finalizes later than normal (2 epochs). Nothing is lost yet.",
    playbook:
      "1. Look at network participation: is it the chain or our view? 2. Compare our finalized root with outside sources. 3. Stop updates and maintenance until finality is back.",
  }),
  rule("FinalityLag", "network", "critical", "finality_lag_epochs > 5", {
    summary: "No finality for {{ $value }} epochs: the inactivity leak has begun.",
    description:
      "Above 5 epochs validators that do not vote for the chain that others follow lose stake, more every epoch.",
    playbook:
      "1. Is our chain the one that most follow? Compare with at least two outside sources. 2. If our nodes are on a minority fork because of a client bug, hold signing and wait for the client team. 3. Watch disks: without finality they fill fast. 4. Read the client teams' channels. Never resync all nodes at once.",
  }),
  rule("ChainSplit", "network", "critical", "chain_split_branches > 1", {
    for: "1m",
    summary: "Nodes of group {{ $labels.group }} are on {{ $value }} branches.",
    description: "Nodes of one group disagree on the chain. Voting on the wrong branch can lock validators onto it.",
    playbook:
      "1. Look which clients are on which branch, and which branch finalizes or has most of the vote. 2. Cordon the nodes on the wrong branch. 3. If it is not clear which is right, hold signing inputs of the group: missing votes is cheap, voting for a bad checkpoint is not. 4. Tell the client teams.",
  }),
  rule("NetworkParticipationLow", "network", "warning", "network_participation_ratio < 0.8", {
    summary: "Only {{ $value | humanizePercentage }} of the network's stake votes.",
    description: "Many validators of the whole network miss. Below two thirds nothing is finalized.",
    playbook:
      "1. It is not ours alone: change nothing in haste. 2. Look which client has trouble and whether we run it. 3. Prefer nodes of other clients.",
  }),
  rule("DeepReorg", "network", "warning", "reorg_depth_slots > 3", {
    summary: "{{ $value }} blocks in a row were orphaned.",
    description: "Deep reorgs point at a network in trouble or a node that follows a minority.",
    playbook:
      "1. Did all nodes see it? If one alone, it was on a wrong branch: look at its peers and execution client. 2. If all did, watch participation and finality.",
  }),
  rule("SlowBlocks", "slow-blocks", "warning", "blocks_seen_late_ratio > 0.04", {
    for: "10m",
    summary: "{{ $labels.node }} imports {{ $value | humanizePercentage }} of blocks too late.",
    description:
      "The node had these blocks after the attestation deadline, while others had them earlier. Its validators vote for old heads.",
    playbook:
      "1. Look at the execution client's import times, disk waits and CPU. 2. Look at peers and bandwidth. 3. Prefer another node meanwhile.",
  }),
  rule("ForkNear", "updates", "warning", "fork_epochs_left < 3150 and fork_unready_nodes > 0", {
    summary: "The fork {{ $labels.fork }} is {{ $value }} epochs away and nodes are not ready.",
    description: "Within two weeks a scheduled fork begins, and own nodes do not know it.",
    playbook:
      "1. List the nodes with their versions. 2. Plan updates one node at a time. 3. Check execution client, beacon node, validator client, signer and relay software alike.",
  }),
  rule("ForkNear", "updates", "critical", "fork_epochs_left < 450 and fork_unready_nodes > 0", {
    summary: "The fork {{ $labels.fork }} is {{ $value }} epochs away and nodes are not ready.",
    description: "Within two days own nodes will fall off the chain.",
    playbook:
      "Update the nodes named now, one at a time, standby first. A node that is not updated in time must be cordoned before the fork.",
  }),
  rule("ClientOutdated", "updates", "info", "client_versions_outdated > 0", {
    summary: "{{ $value }} nodes run an outdated {{ $labels.client }}.",
    description: "A newer recommended version is out.",
    playbook: "Read the release notes, look for migrations that cannot be undone, then plan the update.",
  }),
];
