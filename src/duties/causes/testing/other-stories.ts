import { story, type CauseStory } from "./cause-story.ts";
import {
  asked,
  blockRoot,
  imported,
  lostBlock,
  lostSync,
  message,
  messages,
  record,
  root,
  sight,
  slot,
} from "./story.ts";

const refusal = (reason: string, detail = "") => ({
  status: 503,
  node: undefined,
  headRoot: undefined,
  refusal: { reason, detail },
});
const parent = blockRoot(slot - 1);
const block = (ms: number, change = {}) => message(ms, { kind: "block", headRoot: parent, ...change });
const syncVote = (ms: number, change = {}) => message(ms, { kind: "sync-message", ...change });

/** The same for proposals and sync duties. */
export const otherStories: readonly CauseStory[] = [
  story(
    "no block was built",
    "block-production-failed",
    "certain",
    lostBlock(),
    record({ sight: sight({ blocks: [asked(10, refusal("deadline"))] }) }),
  ),
  story(
    "the relay failed",
    "builder-failed",
    "certain",
    lostBlock(),
    record({
      sight: sight({
        blocks: [
          asked(10, {
            ...{ status: 500, headRoot: undefined },
            answers: [{ node: "bn1", outcome: "answered", status: 500, durationMs: 900, words: "builder timed out" }],
          }),
        ],
      }),
    }),
  ),
  story(
    "a block in a hold",
    "held",
    "certain",
    lostBlock(),
    record({ sight: sight({ blocks: [asked(10, refusal("held"))] }) }),
  ),
  story("built, not signed", "not-signed", "likely", lostBlock(), record({ sight: sight({ blocks: [asked(10)] }) })),
  story("no block asked for", "not-asked", "likely", lostBlock(), record()),
  story(
    "a second block of one slot",
    "slashable-refused",
    "certain",
    lostBlock(),
    record({
      sight: sight({
        messages: messages(
          block(500, { status: 400, isAccepted: false, refusal: { reason: "double-proposal", detail: "" } }),
        ),
      }),
    }),
  ),
  story(
    "published late",
    "block-published-late",
    "certain",
    lostBlock(),
    record({ sight: sight({ messages: messages(block(6_000)) }) }),
  ),
  story(
    "published late and left behind",
    "orphaned-late-block",
    "certain",
    lostBlock({ outcome: "orphaned" }),
    record({ sight: sight({ messages: messages(block(6_000)) }) }),
  ),
  story(
    "published in time and left behind",
    "block-orphaned",
    "likely",
    lostBlock({ outcome: "orphaned", root: root("orphan") }),
    record({ sight: sight({ messages: messages(block(500)) }) }),
  ),
  story(
    "taken and never seen",
    "block-not-adopted",
    "likely",
    lostBlock(),
    record({ sight: sight({ messages: messages(block(500)) }) }),
  ),
  ...(["wrong-fee-recipient", "wrong-relay", "underpaid"] as const).map((code) =>
    story(code, code, "certain", lostBlock({ outcome: code, relay: "relay1" }), record()),
  ),
  story("no payload", "empty-payload", "likely", lostBlock({ outcome: "empty-payload" }), record()),

  story(
    "few seats signed",
    "network-wide",
    "likely",
    lostSync({ network: { hits: 200, duties: 512 } }),
    record({ sight: sight({ messages: messages(syncVote(4_000)) }) }),
  ),
  story(
    "a block that would sign genesis",
    "network-wide",
    "certain",
    lostSync({ missedSlots: [1], network: { hits: 0, duties: 32 }, detail: 32 }),
    record(),
  ),
  story("no sync message", "sync-not-published", "likely", lostSync(), record()),
  story(
    "a sync message in time",
    "not-included",
    "likely",
    lostSync(),
    record({ sight: sight({ messages: messages(syncVote(4_000)) }) }),
  ),
  story(
    "a late sync message",
    "submitted-late",
    "certain",
    lostSync(),
    record({ sight: sight({ messages: messages(syncVote(9_000)) }) }),
  ),
  story(
    "a sync message for the block before",
    "late-block",
    "likely",
    lostSync(),
    record({
      sight: sight({
        messages: messages(syncVote(4_000, { headRoot: parent })),
        arrivals: [imported("bn1", 6_000), imported("bn2", 5_500)],
      }),
    }),
  ),
];
