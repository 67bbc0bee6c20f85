import { topicKind } from "./topics.ts";

/** An upstream stream that is open for some topics of one node. */
export interface OpenTopics {
  node: string;
  topics: readonly string[];
}

export interface TopicSources {
  wanted: readonly string[];
  /** Nodes that may be listened to, best first. */
  nodes: readonly string[];
  open: readonly OpenTopics[];
  /** Did the node refuse this topic, or just fail? Both for a while. */
  isRefused(node: string, topic: string): boolean;
  hasFailed(node: string): boolean;
}

/**
 * Which topics should be read from which node, by node. A topic stays with the node that carries it as long as that one is
 * fit: moving it would lose events. With every node failing the failing ones are tried all the same.
 */
export function planTopics(sources: TopicSources): ReadonlyMap<string, readonly string[]> {
  const { wanted, nodes, open, isRefused } = sources;
  const calm = nodes.filter((node) => !sources.hasFailed(node));
  const usable = calm.length > 0 ? calm : nodes;
  const plan = new Map<string, string[]>();
  const give = (node: string | undefined, topic: string) => {
    if (node !== undefined) plan.set(node, [...(plan.get(node) ?? []), topic]);
  };
  for (const topic of wanted) {
    const fit = usable.filter((node) => !isRefused(node, topic));
    if (topicKind(topic) === "everywhere") for (const node of fit) give(node, topic);
    else give(fit.find((node) => open.some((one) => one.node === node && one.topics.includes(topic))) ?? fit[0], topic);
  }
  return plan;
}
