import { readMatchers, type MatcherText, type MatchOperator } from "../../alerts/expr/matcher.ts";

/** A matcher as people write it: `node=bn1`, `customer!=acme`, `node=~"bn[12]"`; or why it is none. */
export function readMatcher(text: string): { kind: "read"; matcher: MatcherText } | { kind: "refused"; why: string } {
  const found = /^\s*([A-Za-z_][\w.]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(text);
  const [, name, op, written = ""] = found ?? [];
  if (name === undefined || op === undefined)
    return { kind: "refused", why: `"${text}" is no matcher: write node=bn1, customer!=acme, or node=~"bn[12]"` };
  const value = /^".*"$|^'.*'$/s.test(written) && written.length > 1 ? written.slice(1, -1) : written;
  const matcher = { name, op: op as MatchOperator, value };
  const read = readMatchers([matcher]);
  return read.kind === "refused" ? { kind: "refused", why: `${text}: ${read.message}` } : { kind: "read", matcher };
}
