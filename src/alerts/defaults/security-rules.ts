import { rule } from "./rule-row.ts";

const owner = "security";

/** What must never happen, and what customers, partners and contracts ask for. */
export const securityRules = [
  rule("ValidatorSlashed", "security", "critical", "own_validators_slashed > 0", {
    owner,
    summary: "{{ $value }} OWN VALIDATORS SLASHED.",
    description:
      "Own validators signed contradicting messages. Whatever signs twice may go on doing so: every further validator makes each penalty larger.",
    playbook:
      "1. The group is held: leave it held. 2. Find every place where these keys are loaded and stop the clients there: a stopped validator loses cents. 3. Do not restart, move or import anything. 4. Find out how two signers came to be: a restored backup, a standby, a lost slashing-protection database. 5. Call the customer and the partners. 6. A person releases the hold, with a second one looking.",
  }),
  rule("KeyDoubled", "security", "critical", "keys_doubled > 0", {
    owner,
    summary: "{{ $value }} keys are loaded twice, at {{ $labels.place }}.",
    description: "Two places could sign for the same validator. That is how slashings happen.",
    playbook:
      "1. Stop the place that should not have them, at once. 2. Then remove the keys there, with their slashing-protection data exported first. 3. Find out who loaded them.",
  }),
  rule("KeysMissing", "missed", "warning", "keys_missing > 0", {
    for: "10m",
    summary: "{{ $value }} expected keys are not loaded at {{ $labels.place }}.",
    description: "The inventory expects these validators there; nobody else has them. Their duties are being lost.",
    playbook:
      "1. Was it a planned move? Then correct the inventory. 2. Read the client's log for keys that failed to load. 3. Before loading any key, prove that no other place has it.",
  }),
  rule("KeysUnexpected", "security", "warning", "keys_unexpected > 0", {
    owner,
    for: "10m",
    summary: "{{ $value }} keys at {{ $labels.place }} are not in the inventory.",
    description: "Nobody watches these validators, and nobody knows whether another place has them as well.",
    playbook: "1. Find out whose they are. 2. Add them to the inventory, or have their owner remove them.",
  }),
  rule("SlashingRefusals", "security", "critical", "slashing_refusals > 0", {
    owner,
    summary: "{{ $value }} slashable messages were refused in group {{ $labels.group }}.",
    description:
      "A validator client sent a message that could have slashed a validator. It was not passed on; its cause is still there.",
    playbook:
      "1. Are two validator clients running with the same keys? Stop one. 2. Did a clock or a database go back? 3. Never delete or edit a slashing-protection database.",
  }),
  rule("WrongFeeRecipient", "security", "critical", "wrong_fee_recipient > 0", {
    owner,
    summary: "{{ $value }} blocks of {{ $labels.customer }} paid to a wrong address.",
    description: "The block's fees went to an address that the customer does not list, and no relay explains it.",
    playbook:
      "1. Look up the address. 2. Compare the fee recipient in validator client, node and relay registration. 3. Correct it before the next proposal. 4. If nobody set this address, treat it as an attack. 5. Tell the customer: the amount is owed.",
  }),
  rule("RelayPolicyBreach", "compliance", "warning", "relay_policy_breaches > 0", {
    owner: "compliance",
    summary: "{{ $value }} blocks of {{ $labels.customer }} went against the relay policy.",
    description: "A block came from a relay that the customer does not allow, or from none where one is asked for.",
    playbook:
      "1. Look up the block and its relay. 2. Compare the relay list of the validator client with the customer's. 3. Note it for the customer's report.",
  }),
  rule("CheckpointDisagreement", "security", "critical", "checkpoint_disagreements > 0", {
    owner,
    for: "5m",
    summary: "{{ $value }} independent sources name another finalized root.",
    description: "Our nodes may follow a chain that others do not, or a source lies.",
    playbook:
      "1. Compare with at least two more sources. 2. If ours is alone, cordon our nodes and hold signing. 3. Sync nothing from a checkpoint that is in doubt.",
  }),
  rule("SecurityRelease", "security", "critical", "security_release_pending > 0", {
    owner,
    summary: "{{ $value }} nodes need a security release of {{ $labels.client }}.",
    description: "A release closes a hole whose details may be withheld. Attackers read releases too.",
    playbook:
      "1. Read the release note, and ask the client team over the direct channel where it says too little. 2. Update standbys first, then one node at a time. 3. Speak of it in private channels only.",
  }),
  rule("ExitRequestsWaiting", "contract", "warning", "exit_requests_oldest_hours > 48", {
    owner: "compliance",
    summary: "An exit request of {{ $labels.customer }} is {{ $value }} hours old.",
    description: "Partners ask that requests are fulfilled within 96 hours; after that a charge is due for each key.",
    playbook:
      "1. List the open requests. 2. Submit the exits in the order asked for. 3. Tell the partner where that is not possible.",
  }),
  rule("ExitRequestsWaiting", "contract", "critical", "exit_requests_oldest_hours > 84", {
    owner: "compliance",
    summary: "An exit request of {{ $labels.customer }} is {{ $value }} hours old.",
    description: "Within hours it is late, and a charge is due for each key.",
    playbook: "Submit the exits now, and tell the partner.",
  }),
  rule("UnplannedExit", "contract", "warning", "unplanned_exits > 0", {
    owner: "compliance",
    summary: "{{ $value }} validators of {{ $labels.customer }} leave without a plan.",
    description:
      "Validators began to exit, consolidate or withdraw and nothing here says why. Who holds the withdrawal key may do so without asking; so may a thief.",
    playbook:
      "1. Ask the customer whether they did it. 2. If nobody did, the withdrawal key is in other hands: call the customer's security contact. 3. Enter the exit as a plan.",
  }),
];
