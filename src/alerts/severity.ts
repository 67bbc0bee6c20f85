export const severities = ["critical", "warning", "info"] as const;

/** `critical` wakes a person, `warning` waits for the working day, `info` is read with the rest. */
export type Severity = (typeof severities)[number];

/** Higher is worse. What is no known severity counts as a warning: not a page, and not nothing. */
export function severityRank(severity: string): number {
  if (severity === "critical") return 3;
  return severity === "info" ? 1 : 2;
}

/** The worst of them; "info" for none. */
export function worstSeverity(all: readonly string[]): Severity {
  const rank = Math.max(1, ...all.map(severityRank));
  return rank === 3 ? "critical" : rank === 2 ? "warning" : "info";
}
