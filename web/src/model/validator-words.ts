/** "customer acme · host fra-1": the labels that Slotkeeper knows first. */
export function labelWords(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels).map(([key, value]) => `${key} ${value}`);
  return entries.length === 0 ? "no labels" : entries.join(" · ");
}
