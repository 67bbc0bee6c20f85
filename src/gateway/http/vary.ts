/** Adds to a node's `Vary` (RFC 9110, 12.5.5) what the gateway negotiates itself; each name once, `*` stays alone. */
export function withVary(value: string | string[] | undefined, ...added: readonly string[]): string {
  const names = [value ?? []].flat().flatMap((text) => text.split(",").map((name) => name.trim()));
  if (names.includes("*")) return "*";
  for (const name of added) if (!names.some((other) => other.toLowerCase() === name.toLowerCase())) names.push(name);
  return names.filter((name) => name !== "").join(", ");
}
