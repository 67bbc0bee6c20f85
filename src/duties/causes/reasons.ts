import { defineReasons } from "../../lib/reason.ts";

/** Causes of lost duties: what each means, and what to do next. */
export const causeReasons = defineReasons({
  slashed: {
    short: "slashed",
    long: "The chain holds a slashing of this validator: it attests and earns nothing until it leaves. Find out which two signers used its key before any other key of theirs is started again.",
  },
  "validator-inactive": {
    short: "not active",
    long: "The validator was not active in this epoch: not yet, or no more. Nothing is to be done; take it out of the inventory once its balance is withdrawn.",
  },
  "stopped-before-exit": {
    short: "stopped before its exit",
    long: "The validator is leaving and has duties until its exit epoch, and it does not do them. Keep its validator client running until the exit epoch has passed.",
  },
  "network-wide": {
    short: "the whole network lost it",
    long: "Strangers lost the same duty at the same time: the trouble is the network's. Nothing is to be done here; watch whether it goes on.",
  },
  "next-slot-empty": {
    short: "empty slots after it",
    long: "The proposers after this slot made no block, so the vote could only be included later. Nothing is to be done.",
  },
  "late-block": {
    short: "late block",
    long: "The slot's block came to all of our nodes after the attestation was due, so validators voted for the block before it. The proposer or its relay was late. Nothing is to be done unless it happens far more often than to strangers; then look at the nodes' network.",
  },
  "slow-node": {
    short: "one node was slow",
    long: "The node that served the attestation data had not imported the slot's block, while others had it in time. Look at this node's CPU, disk and execution client; the gateway moves away from it when it lags behind.",
  },
  "stale-head-served": {
    short: "an old head was served",
    long: "The node had imported the slot's block and still gave attestation data of the block before it. Look at the node's log for a slow fork choice or a reorg in this slot.",
  },
  "vote-orphaned": {
    short: "voted for an orphaned block",
    long: "The vote names a block that the chain left behind in a reorg. Single cases happen to everybody; if strangers did not vote for it, look at the node that served the head.",
  },
  "wrong-skip-vote": {
    short: "voted past the newest block",
    long: "The slot was empty, and the vote names a block older than the newest one: the node had not seen that yet. If it happens again, look at the node's peers and its execution client.",
  },
  "off-fork": {
    short: "node on another branch",
    long: "The vote names a block that is not of the chain: the beacon node followed a branch of its own. Take the node out of service and find out whether it, or everybody else, is on the wrong side before it signs again.",
  },
  "node-syncing": {
    short: "node was syncing",
    long: "The node that served the attestation data was syncing and gave an old head. Leave it out of service until it is in sync.",
  },
  "node-optimistic": {
    short: "node was optimistic",
    long: "The node that served the attestation data had not verified its execution payloads. Look at its execution client.",
  },
  "el-offline": {
    short: "execution client offline",
    long: "The execution client of the serving node did not answer, so the node could not follow the chain. Bring the execution client back, and check its JWT secret and disk.",
  },
  "no-ready-node": {
    short: "no node was ready",
    long: "No beacon node of the group was fit to sign over, so the gateway served nothing. Bring a node back in sync; the evidence names what each of them lacked.",
  },
  "nodes-disagree": {
    short: "nodes disagreed",
    long: "The group's nodes gave different checkpoints, so the gateway served nothing to sign over. Find out which chain is right, then choose the branch: slotkeeper gateway status shows them.",
  },
  "source-regressed": {
    short: "source epoch went back",
    long: "Every node gave a justified epoch below one that was signed before, which would be slashable, so nothing was served. Check which chain the nodes are on; reset the watermark only when they are right.",
  },
  held: {
    short: "held by an operator",
    long: "A person or a guard withheld everything that validators sign over in this group. When its reason is gone, release it: slotkeeper gateway release.",
  },
  "slashable-refused": {
    short: "refused: it would be slashable",
    long: "The gateway did not publish this message, because with an earlier one of the same validator it is slashable. Two clients sign with this key, or one lost its slashing protection: stop one of them now.",
  },
  "attestation-data-failed": {
    short: "no attestation data in time",
    long: "The validator client asked for attestation data, and no node gave it before the deadline. The evidence names what each node did; look for a hung or overloaded one.",
  },
  "refused-by-nodes": {
    short: "refused by the nodes",
    long: "The message was published, and every node that spoke refused it; their words are in the evidence. Most often the signer is on another fork, or the node lacks the block that the message names.",
  },
  "publish-failed": {
    short: "no node took it",
    long: "The message was published, and every node was down, hung or failing, so it did not reach the network. Bring the nodes back; the evidence names what each of them did.",
  },
  "submitted-late": {
    short: "submitted late",
    long: "The validator client published when it was too late to be included well. Look at the client's clock, its load and its signer, and at how long the attestation data took.",
  },
  "sent-to-zero-peers": {
    short: "sent to a node without peers",
    long: "The message was taken by nodes that had no peers, so nobody heard it. Look at the node's network, its ports and its firewall.",
  },
  "orphaned-inclusion": {
    short: "included in an orphaned block",
    long: "The message was sent in time, and a block after it was left behind by the chain, which had most likely included it. Nothing is to be done.",
  },
  "not-included": {
    short: "accepted, not included",
    long: "A node took the message in time, and no block included it in time: the aggregator or the proposer left it out, or it did not spread. If one node or subnet is in all such cases, look at its peers.",
  },
  "client-silent": {
    short: "validator client silent",
    long: "The validator client of this validator sent no request to any gateway when the duty was due. It is down, frozen, cut off, or uses another beacon node: look at its process first.",
  },
  "not-asked": {
    short: "not asked for",
    long: "The validator client was there and did not ask for this duty. The key is not loaded or disabled in it, or it does not know the duty: compare its keys with the inventory.",
  },
  "not-signed": {
    short: "asked for, not signed",
    long: "The validator client got what it needed and published nothing of this validator. Its signer refused or failed, its slashing protection held it back, or it waits for doppelgangers: look at its log at this time.",
  },
  "key-not-loaded": {
    short: "key not loaded",
    long: "The place that should hold this key does not have it loaded. Load it there, after making sure that it is loaded nowhere else.",
  },
  doppelganger: {
    short: "waits for doppelgangers",
    long: "The validator client holds the key back for some epochs after its start, to see whether somebody else uses it. It begins by itself; restart validator clients one at a time.",
  },
  "gateway-down": {
    short: "gateway was down",
    long: "The gateway through which this validator works ended and was started again around the time of the duty. Look at its log for why it ended; give validator clients a second gateway as fallback.",
  },
  offline: {
    short: "offline for epochs",
    long: "The validator has missed every duty for some epochs, and no gateway tells why. Look at its validator client, and whether the key is loaded there.",
  },
  "fleet-at-slot": {
    short: "all of ours at one slot",
    long: "Every watched validator of this slot lost its duty, and strangers did not: the cause is on our side and common to them. Look at what they share: beacon node, host, network.",
  },
  "sync-not-published": {
    short: "no sync message",
    long: "The validator client was there and published no sync committee message of this validator. Check that it knows of its sync duty: a client that was restarted with another beacon node may lack the subscription.",
  },
  "block-production-failed": {
    short: "no block was built",
    long: "The validator client asked for a block, and no node built one in time. Look at the execution clients, and at the node's words in the evidence.",
  },
  "builder-failed": {
    short: "builder or relay failed",
    long: "The validator client asked for a block, and the node gave up because of a builder or relay. Make the nodes fall back to their own blocks sooner, and look at the relay's status.",
  },
  "block-published-late": {
    short: "block published late",
    long: "The block was published after attesters had voted without it. Look at how long building and signing took; a relay that answers late is the most common reason.",
  },
  "orphaned-late-block": {
    short: "orphaned, published late",
    long: "The block was published after attesters had voted without it, and the next proposer left it behind. Look at how long building and signing took; a relay that answers late is the most common reason.",
  },
  "block-orphaned": {
    short: "orphaned",
    long: "The block was seen, and the chain went on without it. If it was published in time, look at the nodes' peers; else at the client's clock.",
  },
  "block-not-adopted": {
    short: "published, not adopted",
    long: "A node took the block in time, and it is not on the chain nor seen beside it. It was invalid to others, or did not spread: look at the node's log and peers.",
  },
  "empty-payload": {
    short: "block without its payload",
    long: "The block is on the chain, and its payload was not revealed in time. The builder, or the node that built it, failed after the block was published.",
  },
  "wrong-fee-recipient": {
    short: "wrong fee recipient",
    long: "The block pays an address that its customer does not list. Correct the fee recipient of the validator client, and put the gateway's allow-list to use.",
  },
  "wrong-relay": {
    short: "against the relay policy",
    long: "The block came from a relay where none is allowed, or from none where one is required. Check the builder settings of the validator client and of the nodes.",
  },
  underpaid: {
    short: "paid less than promised",
    long: "The block paid less than the relay promised for it. Keep the evidence, and take it to the relay's operator.",
  },
  unknown: {
    short: "unknown",
    long: "Nothing that is known explains this loss. Put the validator's client behind a gateway, or bring the gateway's evidence back, and the next one will be explained.",
  },
});

export type CauseCode = keyof typeof causeReasons;
