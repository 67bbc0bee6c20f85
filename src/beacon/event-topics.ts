/** One way to ask for events: a set of topics and how the query spells them. */
export interface TopicAttempt {
  topics: readonly string[];
  /** `topics=a&topics=b`, or `topics=a,b`: nodes differ in which they read. */
  encoding: "repeat" | "comma";
}

/** What health needs, and every node of the last years knows. */
const coreTopics: readonly string[] = ["head", "block", "chain_reorg", "finalized_checkpoint"];

/** Topics of the first Beacon-API versions with event streams; newer ones make an older node refuse the whole stream. */
const longKnownTopics: readonly string[] = [...coreTopics, "attestation", "voluntary_exit", "contribution_and_proof"];

/** The ways to open a stream, in order: everything asked for, then less and less, each tried when the one before gave a 4xx. */
export function topicAttempts(topics: readonly string[]): readonly TopicAttempt[] {
  const known = topics.filter((topic) => longKnownTopics.includes(topic));
  const core = coreTopics.filter((topic) => topics.includes(topic));
  const sets = [topics, known, core.length > 0 ? core : topics];
  const distinct = sets.filter(
    (set, index) => set.length > 0 && sets.findIndex((other) => sameTopics(set, other)) === index,
  );
  const last = distinct.at(-1) ?? topics;
  return [
    ...distinct.map((set): TopicAttempt => ({ topics: set, encoding: "repeat" })),
    { topics: last, encoding: "comma" },
  ];
}

/** The query string of an attempt. */
export function topicQuery(attempt: TopicAttempt): string {
  const escaped = attempt.topics.map(encodeURIComponent);
  return attempt.encoding === "comma"
    ? `topics=${escaped.join(",")}`
    : escaped.map((topic) => `topics=${topic}`).join("&");
}

function sameTopics(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((topic) => b.includes(topic));
}
