import { observedTopics } from "../../upstream/observed-topics.ts";

/** Topics that the health machine's own streams carry for every node. `head` goes through the head gate. */
const sharedTopics: readonly string[] = observedTopics.filter((topic) => topic !== "head");

/** A few events a slot that clients act upon: asked of every ready node, so that none is missed when one goes. */
const everywhereTopics: readonly string[] = [
  "head_v2",
  "execution_payload",
  "execution_payload_gossip",
  "execution_payload_available",
  "fast_confirmation",
  "light_client_finality_update",
  "light_client_optimistic_update",
];

/** Many events a slot, or such that differ from node to node: asked of one node at a time, when somebody wants them. */
const singleNodeTopics: readonly string[] = [
  "attestation",
  "single_attestation",
  "contribution_and_proof",
  "payload_attributes",
  "blob_sidecar",
  "data_column_sidecar",
  "execution_payload_bid",
  "payload_attestation_message",
  "proposer_preferences",
];

/** Topics of which every node on the chain sends some in every slot: silence on these is a fault. */
export const everySlotTopics: ReadonlySet<string> = new Set(["attestation", "single_attestation", "head_v2"]);

export type TopicKind = "head" | "shared" | "everywhere" | "single-node";

const kinds: ReadonlyMap<string, TopicKind> = new Map([
  ["head", "head"] as const,
  ...sharedTopics.map((topic) => [topic, "shared"] as const),
  ...everywhereTopics.map((topic) => [topic, "everywhere"] as const),
  ...singleNodeTopics.map((topic) => [topic, "single-node"] as const),
]);

/** `undefined` for a topic that the Beacon API does not know (yet). */
export function topicKind(topic: string): TopicKind | undefined {
  return kinds.get(topic);
}

/**
 * `topics` of an event request: repeated, comma-separated or both, in order and once each; at most 64. Whatever could be a
 * topic of a fork to come is among them; what could never be one is left out.
 */
export function readTopics(target: string): string[] {
  const query = target.indexOf("?");
  if (query === -1) return [];
  const topics = new Set<string>();
  for (const value of new URLSearchParams(target.slice(query + 1)).getAll("topics"))
    for (const topic of value.split(",")) if (/^[a-z0-9_]{1,64}$/.test(topic.trim())) topics.add(topic.trim());
  return [...topics].slice(0, 64);
}
