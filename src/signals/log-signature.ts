/**
 * `bad` needs a person now: slashing danger, a full disk, a damaged database. `warning` costs duties when it goes on.
 * `harmless` is an error line that means nothing: it is counted and not shown. Logs corroborate what the Beacon API says.
 */
export type LogSeverity = "bad" | "warning" | "harmless";

/** One line that is known from the field. */
export interface LogSignature {
  /** Stable, kebab-case, with the client first: "teku-doppelganger". */
  id: string;
  client: string;
  severity: LogSeverity;
  /** Any of these texts, as written in the log; upper and lower case matter. */
  texts: readonly string[];
  means: string;
  todo: string;
}

/** Builds a signature from its columns, so that the tables read as tables. */
export function signature(
  id: string,
  client: string,
  severity: LogSeverity,
  texts: readonly string[],
  means: string,
  todo: string,
): LogSignature {
  return { id, client, severity, texts, means, todo };
}
