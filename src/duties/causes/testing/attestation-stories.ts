import { story, type CauseStory } from "./cause-story.ts";
import {
  asked,
  blockRoot,
  chainContext,
  counts,
  facts,
  imported,
  index,
  lostVote,
  message,
  messages,
  place,
  record,
  root,
  sample,
  sight,
  slot,
  startAt,
  wrongHeadVote,
} from "./story.ts";

const refusal = (reason: string, detail = "") => ({
  status: 503,
  node: undefined,
  headRoot: undefined,
  refusal: { reason, detail },
});
const silent = sight({ clients: new Set<string>() });
const parent = blockRoot(slot - 1);
const accepted = (ms: number) => sight({ asked: [asked(ms - 10)], messages: messages(message(ms)) });
const key = (state: "missing" | "doppelganger") => ({ state, place: "vc1", at: startAt });
const gone = {
  status: 503,
  isAccepted: false,
  answers: [{ node: "bn1", outcome: "refused", status: undefined, durationMs: 1 }],
};

/** One story of each rule for attestations, with everything known that bears on it. */
export const attestationStories: readonly CauseStory[] = [
  story("slashed", "slashed", "certain", lostVote({ outcome: "slashed" }), record()),
  story("exited", "validator-inactive", "certain", lostVote(), record({ facts: facts({ exitEpoch: 30 }) })),
  story("pending", "validator-inactive", "certain", lostVote(), record({ facts: facts({ activationEpoch: 32 }) })),
  story(
    "most strangers were not included either",
    "network-wide",
    "certain",
    lostVote({ slotNetwork: counts(1_000, 200) }),
    record({ sight: accepted(4_100) }),
  ),
  story(
    "a fifth of the strangers was not included",
    "network-wide",
    "likely",
    lostVote({ slotNetwork: counts(1_000, 800) }),
    record({ sight: null, facts: facts({ homes: [] }) }),
  ),
  story(
    "empty slots after it",
    "next-slot-empty",
    "certain",
    lostVote({ outcome: "late", detail: 3, emptySlots: 2, firstChance: { slot: slot + 3, root: blockRoot(slot + 3) } }),
    record({ sight: accepted(4_000) }),
  ),
  story(
    "the tripwire kept a second vote back",
    "slashable-refused",
    "certain",
    lostVote(),
    record({
      sight: sight({
        messages: messages(message(4_000, { status: 400, isAccepted: false, refused: "double-vote: two clients" })),
      }),
    }),
  ),
  story(
    "every node refused it",
    "refused-by-nodes",
    "certain",
    lostVote(),
    record({
      sight: sight({ messages: messages(message(4_000, { status: 400, isAccepted: false, refused: "unknown head" })) }),
    }),
  ),
  story(
    "no node took it",
    "publish-failed",
    "certain",
    lostVote(),
    record({ sight: sight({ messages: messages(message(4_000, gone)) }) }),
  ),
  story(
    "a client gave up waiting",
    "publish-failed",
    "likely",
    lostVote(),
    record({ sight: sight({ messages: messages(message(4_000, { ...gone, status: 499, answers: [] })) }) }),
  ),
  story(
    "all our nodes imported the block after the deadline",
    "late-block",
    "certain",
    wrongHeadVote(parent),
    record({
      sight: sight({
        asked: [asked(4_000, { headRoot: parent })],
        messages: messages(message(4_050, { headRoot: parent })),
        arrivals: [imported("bn1", 6_000), imported("bn2", 5_500)],
      }),
    }),
  ),
  story(
    "the serving node alone imported it late",
    "slow-node",
    "certain",
    wrongHeadVote(parent),
    record({
      sight: sight({
        asked: [asked(4_000, { headRoot: parent })],
        messages: messages(message(4_050, { headRoot: parent })),
        arrivals: [imported("bn1", 7_000), imported("bn2", 900)],
      }),
    }),
  ),
  story(
    "it had the block and served the one before",
    "stale-head-served",
    "likely",
    wrongHeadVote(parent),
    record({
      sight: sight({
        asked: [asked(4_000, { headRoot: parent })],
        arrivals: [imported("bn1", 800), imported("bn2", 900)],
      }),
    }),
  ),
  ...(
    [
      ["is-syncing", "node-syncing", { isSyncing: true }],
      ["is-optimistic", "node-optimistic", { isOptimistic: true }],
      ["el-offline", "el-offline", { elOffline: true }],
    ] as const
  ).map(([reason, code, change]) =>
    story(
      `the serving node: ${reason}`,
      code,
      "certain",
      wrongHeadVote(parent),
      record({
        sight: sight({ asked: [asked(4_000, { headRoot: parent })] }),
        nodes: {
          bn1: [sample(), sample({ at: startAt - 100, health: "syncing", reason, ...change })],
          bn2: [sample()],
        },
      }),
    ),
  ),
  story(
    "the serving node followed a branch of its own",
    "off-fork",
    "certain",
    wrongHeadVote(root("other"), { outcome: "wrong-target" }),
    record({
      sight: sight({ asked: [asked(4_000, { headRoot: root("other") })] }),
      nodes: { bn1: [sample({ health: "down", reason: "minority-branch" })], bn2: [sample()] },
    }),
  ),
  story(
    "a vote for no block of the chain was taken and never included",
    "off-fork",
    "likely",
    lostVote(),
    record({ sight: sight({ messages: messages(message(4_000, { headRoot: root("other") })) }) }),
  ),
  story(
    "the block that it voted for was left behind",
    "vote-orphaned",
    "certain",
    wrongHeadVote(root("orphan")),
    record({
      sight: sight({ asked: [asked(4_000, { headRoot: root("orphan") })] }),
      change: { chain: chainContext({ orphans: [{ slot, root: root("orphan"), proposerIndex: 3 }] }) },
    }),
  ),
  story(
    "strangers voted for the same block that is not of the chain",
    "vote-orphaned",
    "likely",
    wrongHeadVote(root("orphan"), { slotVotes: [{ headRoot: root("orphan"), votes: 600 }] }),
    record({ sight: null, facts: facts({ homes: [] }) }),
  ),
  story(
    "an empty slot, and a vote for a block older than the newest",
    "wrong-skip-vote",
    "likely",
    wrongHeadVote(blockRoot(slot - 2), { expected: { headRoot: parent, targetRoot: blockRoot(31 * 32) } }),
    record({ sight: null, facts: facts({ homes: [] }), change: { chain: chainContext({}, [slot]) } }),
  ),
  story(
    "few strangers had the head in time, and no gateway tells more",
    "late-block",
    "likely",
    wrongHeadVote(parent, { slotNetwork: { ...counts(1_000, 990), timelyHead: 300 } }),
    record({ sight: null, facts: facts({ homes: [] }) }),
  ),
  story("published after the aggregates", "submitted-late", "certain", lostVote(), record({ sight: accepted(9_000) })),
  story(
    "published between the deadlines",
    "submitted-late",
    "likely",
    lostVote({ outcome: "late", detail: 2 }),
    record({ sight: accepted(6_500) }),
  ),
  story(
    "all nodes were without peers",
    "sent-to-zero-peers",
    "certain",
    lostVote(),
    record({ sight: accepted(4_000), nodes: { bn1: [sample({ peers: 0 })] } }),
  ),
  story(
    "the next time that peers were asked for, there were none",
    "sent-to-zero-peers",
    "likely",
    lostVote(),
    record({ sight: accepted(4_000), nodes: { bn1: [sample(), sample({ at: startAt + 13_000, peers: 0 })] } }),
  ),
  story(
    "peers went long after it",
    "not-included",
    "likely",
    lostVote(),
    record({ sight: accepted(4_000), nodes: { bn1: [sample(), sample({ at: startAt + 17_000, peers: 0 })] } }),
  ),
  story(
    "the block after it was left behind",
    "orphaned-inclusion",
    "likely",
    lostVote({ outcome: "late", detail: 2 }),
    record({
      sight: accepted(4_000),
      change: { chain: chainContext({ orphans: [{ slot: slot + 1, root: root("o"), proposerIndex: 3 }] }, [slot + 1]) },
    }),
  ),
  story("taken in time, in no block", "not-included", "likely", lostVote(), record({ sight: accepted(4_000) })),
  ...(
    [
      ["held", "held"],
      ["no-signing-node", "no-ready-node"],
      ["split", "nodes-disagree"],
      ["no-agreement", "nodes-disagree"],
      ["source-regressed", "source-regressed"],
      ["node-failed", "attestation-data-failed"],
      ["deadline", "attestation-data-failed"],
    ] as const
  ).map(([reason, code]) =>
    story(
      `attestation data refused: ${reason}`,
      code,
      "certain",
      lostVote(),
      record({ sight: sight({ asked: [asked(4_000, refusal(reason)), asked(4_500, refusal(reason))] }) }),
    ),
  ),
  story(
    "a hold was in force and the client asked nothing",
    "held",
    "likely",
    lostVote(),
    record({
      change: {
        holds: [{ ...place, reason: "split", by: "alice", fromAt: startAt - 1, untilAt: undefined }],
      },
    }),
  ),
  story(
    "its client was not heard for two epochs",
    "client-silent",
    "certain",
    lostVote(),
    record({ sight: silent, heard: [slot - 40, slot + 20] }),
  ),
  story(
    "its client was not heard in this slot",
    "client-silent",
    "likely",
    lostVote(),
    record({ sight: silent, heard: [slot - 2, slot + 2] }),
  ),
  story(
    "no key where it should be",
    "key-not-loaded",
    "certain",
    lostVote(),
    record({ facts: facts({ key: key("missing") }) }),
  ),
  story(
    "its client waits for doppelgangers",
    "doppelganger",
    "certain",
    lostVote(),
    record({ facts: facts({ key: key("doppelganger") }) }),
  ),
  story(
    "its client got the data and sent the others' votes",
    "not-signed",
    "likely",
    lostVote(),
    record({ sight: sight({ asked: [asked(4_000)], messages: new Map([[index + 1, [message(4_010)]]]) }) }),
  ),
  story("its client was there and did not ask", "not-asked", "likely", lostVote(), record()),
  story(
    "the gateway was started anew",
    "gateway-down",
    "likely",
    lostVote(),
    record({
      sight: silent,
      change: {
        coverage: [
          {
            ...{ gateway: "main", groups: ["g"], fromAt: 0, toAt: startAt + 3_600_000 },
            gaps: [{ fromAt: startAt - 60_000, toAt: startAt + 60_000, isRestart: true }],
          },
        ],
      },
    }),
  ),
  story(
    "nobody behind a gateway: offline for epochs",
    "offline",
    "likely",
    lostVote(),
    record({ sight: null, facts: facts({ homes: [], missedSinceEpoch: 28 }) }),
  ),
  story(
    "nobody behind a gateway: on its way out",
    "stopped-before-exit",
    "likely",
    lostVote(),
    record({ sight: null, facts: facts({ homes: [], exitEpoch: 40 }) }),
  ),
  story(
    "nobody behind a gateway: all of ours at once",
    "fleet-at-slot",
    "likely",
    lostVote({ slotOwn: counts(10, 0) }),
    record({ sight: null, facts: facts({ homes: [] }) }),
  ),
  story(
    "nobody behind a gateway: most of the committee late",
    "not-included",
    "possible",
    lostVote({ outcome: "late", detail: 4, committeeNetwork: { ...counts(60, 60), timelySource: 3 } }),
    record({ sight: null, facts: facts({ homes: [] }) }),
  ),
  story(
    "nobody behind a gateway: nothing speaks",
    "unknown",
    "possible",
    lostVote(),
    record({ sight: null, facts: facts({ homes: [] }) }),
  ),
];
