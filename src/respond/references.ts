/** "INC-17" of 17. */
export function incidentReference(count: number): string {
  return `INC-${count}`;
}

/** 17 of "INC-17"; 0 of anything else. */
export function incidentNumber(reference: string): number {
  return Number(/^INC-(\d{1,12})$/.exec(reference)?.[1] ?? 0);
}

/** The episode that a message speaks of: its dedup key begins with it. */
export function episodeIdOf(dedupKey: string): string {
  return dedupKey.split(" ")[0] ?? "";
}

/** The alert group of an incident that a person declared, and by which people are paged. */
export function declaredGroupKey(reference: string): string {
  return `declared-${reference}`;
}
