/** Names and values in turn, without those that may not stand in a header (RFC 9110, 5.5). */
export function sendable(list: readonly (string | string[])[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < list.length; i += 2) {
    const name = list[i];
    for (const value of [list[i + 1] ?? ""].flat())
      if (typeof name === "string" && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value))
        kept.push(name, value);
  }
  return kept;
}
