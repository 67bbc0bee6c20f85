import type { Fact } from "../../alerts/fact.ts";
import type { LogSignature } from "../../signals/log-signature.ts";
import type { LogEvent, LogState } from "../../signals/logs/log-state.ts";

const recentMs = 15 * 60_000;

/** Bad lines of the last 15 minutes for each log that is read, by signature; a log that is not read says nothing. */
export function logFacts(
  logs: readonly LogState[],
  signatures: readonly LogSignature[],
  events: readonly Pick<LogEvent, "at" | "source" | "signature" | "severity">[],
  now: number,
): Fact[] {
  const bad = signatures.filter(({ severity }) => severity === "bad");
  const counts = new Map<string, number>();
  for (const { at, source, signature, severity } of events) {
    if (severity !== "bad" || now - at > recentMs) continue;
    const key = `${source} ${signature}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return logs
    .filter(({ state }) => state === "log-followed")
    .flatMap(({ name, client }) =>
      bad
        .filter((signature) => client === undefined || signature.client === client)
        .map(({ id }) => ({
          name: "log_bad_lines",
          labels: { log: name, signature: id },
          value: counts.get(`${name} ${id}`) ?? 0,
          at: now,
        })),
    );
}
