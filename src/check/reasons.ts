import { defineReasons } from "../lib/reason.ts";
import { hostReasons } from "../signals/host-reasons.ts";

const notRunning = "Start it, or look at its service log and at the machine: systemctl status, docker ps, journalctl.";

/** Every reason for an answer of `slotkeeper check`. */
export const checkReasons = defineReasons({
  "not-given": { short: "not asked", long: "Nothing was named to ask. See the option in the line." },
  "not-answered": {
    short: "no answer",
    long: "It was asked and not answered, so it is unknown. The line says why; ask again once that is mended.",
  },
  "node-unavailable": {
    short: "no answer",
    long: "Nothing can be asked of a node that does not answer. Bring the node back first.",
  },

  "node-up": { short: "up", long: "The node answers the Beacon API." },
  "node-partly": {
    short: "answers in part",
    long: "The node answers some calls and not others: it is starting, overloaded or damaged. Look at its log.",
  },
  "node-starting": {
    short: "not ready",
    long: "The server answers 503: the node is not initialised yet, or a proxy has no node to ask. Look at its log when that takes more than a minute.",
  },
  "node-refused": { short: "connection refused", long: `Nothing listens on this address. ${notRunning}` },
  "node-reset": {
    short: "connection closed",
    long: "Something listens here and closes the connection without an answer: https was meant, a proxy has nothing behind it, or the node is just stopping. Try https, then look at the log of whatever listens there.",
  },
  "node-unreachable": {
    short: "unreachable",
    long: "The machine cannot be reached: check its name, the network, the firewall, and whether the machine is on.",
  },
  "node-hangs": {
    short: "hangs",
    long: "The connection opens, but no answer comes in time. A process that hangs needs a restart; look at disk and CPU first.",
  },
  "node-not-beacon": {
    short: "not a beacon node",
    long: "Something answers here, but it does not speak the Beacon API. Check host, port and path, and that the node's REST interface is on.",
  },
  "node-tls": {
    short: "TLS failed",
    long: "The certificate is not accepted (its name, its date, or who signed it), or plain http is spoken here: then write http. For an authority of your own, set NODE_EXTRA_CA_CERTS to its PEM file.",
  },
  "node-denied": {
    short: "access denied",
    long: "The server wants credentials: write them into the URL (https://user:password@host), or use another address.",
  },
  "node-behind-proxy": {
    short: "server error",
    long: "The server answers with an error of its own. If this address is a proxy or load balancer, the node behind it is down; else look at the node's log.",
  },
  "node-failed": { short: "call failed", long: `The call failed in an unusual way. ${notRunning}` },

  "version-known": { short: "version known", long: "Compare it with the client's newest release." },

  synced: { short: "synced", long: "The node says that it follows the head of the chain." },
  syncing: {
    short: "syncing",
    long: "The node is catching up. Validators must use another node until it is done; if it does not get closer, look at peers, disk and the execution client.",
  },

  verified: { short: "verified", long: "The head is verified by the execution client." },
  optimistic: {
    short: "optimistic",
    long: "The execution client has not verified the head: attesting to it is refused or unsafe. Look at the execution client: is it synced?",
  },
  "optimistic-unsaid": {
    short: "not said",
    long: "The node does not say whether its head is verified. Upgrade it, or ask its execution client.",
  },

  "el-online": { short: "online", long: "The execution client answers the beacon node." },
  "el-inferred": {
    short: "online (inferred)",
    long: "The node does not say so itself, but its head is new and verified, which takes a working execution client.",
  },
  "el-offline": {
    short: "OFFLINE",
    long: "The beacon node cannot reach its execution client: no block can be verified or built. Check that it runs, its address, and the JWT secret.",
  },
  "el-unsaid": {
    short: "not said",
    long: "The node does not say whether its execution client is online, and its head is no proof. Ask the execution client itself.",
  },

  "head-fresh": {
    short: "head is new",
    long: "The newest block that the node knows is of the current slot or shortly before.",
  },
  "head-behind": {
    short: "head is late",
    long: "The newest block is a few slots old: slots were empty, or blocks arrive late. Compare with another node.",
  },
  "head-stale": {
    short: "head is old",
    long: "The node does not follow the chain: its view is too old to attest with. Look at peers, execution client, disk and clock.",
  },
  "head-in-future": {
    short: "head is in the future",
    long: "The node's newest block is later than our clock: one of the two clocks is wrong. Check the time service on both machines.",
  },
  "before-genesis": { short: "before genesis", long: "The network has not started yet. Ask again after its genesis." },

  "peers-enough": { short: "enough peers", long: "The node is connected to the network." },
  "peers-few": {
    short: "few peers",
    long: "With few peers blocks come late and messages spread slowly. Check open ports, firewall and the peer limit.",
  },
  "peers-none": {
    short: "no peers",
    long: "The node is cut off: what validators send through it reaches nobody. Check the network, ports, clock, and that it is on the right network.",
  },

  "clock-good": { short: "clock agrees", long: "The node's clock and ours agree." },
  "clock-off": {
    short: "clock differs",
    long: "The node's clock and ours differ. A second costs head votes; more costs everything. Check the time service (chronyc tracking, timedatectl) on both.",
  },
  "clock-ours": {
    short: "OUR clock differs",
    long: "All servers agree with each other and not with the machine that runs this check: fix the clock here first, then check again.",
  },
  "clock-unsaid": {
    short: "no time in the answer",
    long: "The server does not tell its time, and its head is not new enough to tell. Look on its machine: chronyc tracking, timedatectl.",
  },

  "network-known": { short: "right network", long: "Genesis and fork schedule agree everywhere." },
  "network-alone": { short: "network", long: "Only one node was asked; the network is the one that it names." },
  "network-wrong": {
    short: "WRONG NETWORK",
    long: "This one is on another network than the others. Take it away from the validators at once and correct its configuration.",
  },
  "network-split": {
    short: "networks differ",
    long: "The servers name different networks and no majority says which is meant. Check each one's configuration.",
  },
  "network-fork-missed": {
    short: "fork schedule differs",
    long: "A fork that has already happened differs from the others: the node follows another chain. Upgrade it or correct its configuration.",
  },
  "network-future-fork": {
    short: "coming fork differs",
    long: "A fork that is still to come differs from the others. Upgrade before that epoch, or the node falls off the chain.",
  },
  "reference-other-network": {
    short: "other network",
    long: "This reference is on another network than your nodes, so that it proves nothing. Check which of the two was meant.",
  },

  "fork-same": { short: "same chain", long: "All hold the same blocks at the compared slots." },
  "fork-differs": {
    short: "OTHER CHAIN",
    long: "This node holds other blocks than the majority. Take it away from the validators; find out whether client, version or execution client set it apart.",
  },
  "fork-split": {
    short: "CHAIN SPLIT",
    long: "The servers hold different blocks, and no majority says which is right. Do not switch validators from one to the other: compare with outside references, and let a person decide.",
  },
  "fork-too-far-behind": {
    short: "cannot compare yet",
    long: "The node is too far behind to have the compared slots. Compare again when it is synced.",
  },

  "fork-not-comparable": {
    short: "cannot be compared",
    long: "The server is on another network, or there is no slot that all of them have. Correct the network first.",
  },

  "finality-moving": { short: "finalizing", long: "The last finalized epoch is as new as it can be." },
  "finality-in-future": {
    short: "later than our clock",
    long: "The node's finalized epoch has not begun by our clock: one of the two clocks is wrong. Check the time service on both machines.",
  },
  "finality-late": {
    short: "finality is late",
    long: "Finality is an epoch later than it should be. Check again in an epoch; look at participation on the network.",
  },
  "finality-stalled": {
    short: "NOT FINALIZING",
    long: "The network does not finalize. Keep nodes and disks healthy, do not wipe databases, do not switch between branches, and watch the community's channels.",
  },
  "finality-node-behind": {
    short: "finality behind others",
    long: "Other servers have finalized later epochs than this node: the trouble is this node, not the network.",
  },

  "vc-up": { short: "up", long: "The validator client answers on its metrics page." },
  "vc-down": {
    short: "metrics page does not answer",
    long: `The validator client is down, or its metrics are switched off or on another address. ${notRunning}`,
  },
  "vc-not-recognised": {
    short: "no validator client metrics",
    long: "The page answers, but no known validator client's metrics are on it. Check the port: a beacon node has a page of its own.",
  },
  "vc-restart-files": {
    short: "open files near the limit",
    long: "The process has nearly used up its open files. Raise the limit of its service (LimitNOFILE) and restart it between duties.",
  },

  "keys-as-expected": { short: "as expected", long: "The validator clients have loaded as many keys as you said." },
  "keys-too-few": {
    short: "KEYS MISSING",
    long: "Fewer keys are loaded than expected: those validators do no duty. Look for keystores that failed to load, or a signer that does not offer them.",
  },
  "keys-too-many": {
    short: "TOO MANY KEYS",
    long: "More keys are loaded than expected. A key that is loaded twice gets slashed: find out at once which keys are extra and where else they run.",
  },
  "keys-none": {
    short: "NO KEYS",
    long: "The validator client has loaded no key: it does no duty. Check the keystore folder or the signer.",
  },
  "keys-counted": {
    short: "counted, not compared",
    long: "Say how many keys you expect with --expect-keys, so that the count can be judged.",
  },
  "keys-in-total": {
    short: "counted in the total",
    long: "The expected number is for all validator clients together: see that line.",
  },
  "keys-unknown": {
    short: "count unknown",
    long: "The validator client does not tell how many keys it has. Prysm: start it without --disable-account-metrics.",
  },
  "keys-inactive": {
    short: "some keys not active",
    long: "Some loaded keys are not active on chain: deposits still wait, or validators have left. Take out the keys of those that have left; the others wait for the chain.",
  },
  "keys-slashed": {
    short: "SLASHED",
    long: "A validator of this client is slashed. Stop the client, find where the same keys ran a second time, and start nothing until a person has understood why.",
  },

  "vc-nodes-good": { short: "has beacon nodes", long: "The validator client has usable beacon nodes." },
  "vc-nodes-some": {
    short: "some beacon nodes unusable",
    long: "Not every beacon node of the validator client can be used: what is left may be the last one.",
  },
  "vc-nodes-none": {
    short: "NO USABLE BEACON NODE",
    long: "The validator client has no usable beacon node: no duty can be done. Check the nodes that it is configured with.",
  },

  ...hostReasons,

  "log-clean": { short: "nothing known", long: "No known error is in the last hour of the log." },
  "log-known-error": { short: "known error", long: "A known error is in the last hour of the log." },
  "log-unexplained-errors": {
    short: "errors",
    long: "The log has errors that no known signature explains. Read them.",
  },
  "log-old": {
    short: "not written to",
    long: "Nothing was written to this log for a while: the client has stopped, or this is not the current file.",
  },
  "log-unreadable": {
    short: "not readable",
    long: "The log could not be read, so its errors are unknown. Name a text file that this user may read; for journald: journalctl -u UNIT --since -2h > bn.log.",
  },
  "log-unrecognised": {
    short: "not a log",
    long: "No line has a time, a level or a known message. Name the client's log file.",
  },
  "log-empty": {
    short: "empty",
    long: "The log is empty: it was just rotated, or this is not the current file. Name the one that is being written.",
  },
});

export type CheckReasonCode = keyof typeof checkReasons;
