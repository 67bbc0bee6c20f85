/** Topics that the health machine's own streams carry for every node. */
export const sharedTopics: readonly string[] = ["block", "block_gossip", "chain_reorg", "finalized_checkpoint"];

/** `topics` of an event request: repeated, comma-separated or both, in order and once each; at most 32. */
export function readTopics(target: string): string[] {
  const query = target.indexOf("?");
  if (query === -1) return [];
  const topics = new Set<string>();
  for (const value of new URLSearchParams(target.slice(query + 1)).getAll("topics"))
    for (const topic of value.split(",")) if (/^[a-z0-9_]{1,64}$/.test(topic.trim())) topics.add(topic.trim());
  return [...topics].slice(0, 32);
}
