import { defineReasons } from "../lib/reason.ts";

/** Caveats of a judged epoch: why its result is less than complete. */
export const dutyReasons = defineReasons({
  "no-rewards": {
    short: "no rewards",
    long: "No beacon node tells rewards for this epoch, and the stake of the whole network is not known, so that gwei could not be computed. Hits, misses and delays are exact. Use a node with the rewards endpoints to see gwei.",
  },
  "rewards-incomplete": {
    short: "some rewards missing",
    long: "The node told rewards for some of the validators only, or some that cannot be. Those without count as 0 earned of 0. Check the node's version and log.",
  },
  "phase0-rewards": {
    short: "rewards of phase 0",
    long: "Rewards before Altair are not computed here; only a node's own answer is shown.",
  },
  "inactivity-leak": {
    short: "inactivity leak",
    long: "The chain had not finalized for more than 4 epochs: attestations earn nothing, and validators that miss lose more each epoch. The growing part of that loss is known only where a node tells rewards.",
  },
  "finality-unknown": {
    short: "finality unknown",
    long: "No node told which epoch was finalized, so rewards were computed as if the chain was not in an inactivity leak.",
  },
  "gloas-payload-unknown": {
    short: "payload unknown",
    long: "From Gloas on, some head votes depend on whether the payload of the block before was delivered, and no node told it. Those votes count as not timely for the head. Slots with an empty payload show as proposed.",
  },
  "proposers-unknown": {
    short: "proposers unknown",
    long: "No node told whose turn the slots were. Blocks that exist are counted; whom a missed slot belongs to is not known.",
  },
  "sync-committee-unknown": {
    short: "sync committee unknown",
    long: "No node told the sync committee of this epoch, so its duties are not counted. Nodes forget old states; ask an archive node.",
  },
  "balances-unknown": {
    short: "balances unknown",
    long: "No node told the balances of the watched validators at this epoch. Values weighed by stake are 0.",
  },
  "relay-unknown": {
    short: "relay unknown",
    long: "A block pays to an address that its customer does not list, and no relay could be asked whether a builder made it. It is not counted as a wrong fee recipient. Configure the relays in use.",
  },
  "rewards-failed": {
    short: "rewards not answered",
    long: "The node offers rewards but did not answer for this epoch. It is asked once more when the epoch becomes final.",
  },
  "too-far-behind": {
    short: "too far behind",
    long: "The monitor was down for longer than it reads back, or began later. These epochs were never judged; they count neither as up nor as down.",
  },
  "state-pruned": {
    short: "state no longer held",
    long: "No beacon node that was asked still holds the states of these epochs, so they can no longer be judged. An archive node could; add one to the nodes that duties are read from.",
  },
  unreadable: {
    short: "answers unreadable",
    long: "What the beacon nodes answered about these epochs could not be read or contradicted itself. The detail says what; check the nodes' versions and logs.",
  },
});
