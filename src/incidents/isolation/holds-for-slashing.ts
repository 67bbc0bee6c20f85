/** An own validator that was slashed; `group`: of nodes that serve it, `undefined` where the inventory does not say. */
export interface SlashedKey {
  customer: string;
  group: string | undefined;
}

export interface SlashingHolds {
  /** What to hold at once. */
  holds: readonly { gateway: string; group: string; detail: string }[];
  /** Those whose group no gateway has: a person must stop their clients. */
  unplaced: readonly SlashedKey[];
}

/**
 * The groups to hold for own slashings, each once at every gateway that has it, reachable or not: one that does not answer now
 * is tried again. What is held already is named as well, so that the incident knows of it; holding twice is harmless.
 */
export function holdsForSlashing(
  slashed: readonly SlashedKey[],
  gateways: readonly { gateway: string; groups: readonly string[] }[],
): SlashingHolds {
  const customers = Map.groupBy(slashed, ({ group }) => group);
  const holds = gateways.flatMap(({ gateway, groups }) =>
    [...new Set(groups)].flatMap((group) => {
      const keys = customers.get(group);
      if (!keys) return [];
      const names = [...new Set(keys.map(({ customer }) => customer))].sort();
      return [{ gateway, group, detail: `Own validator slashed: ${names.join(", ")}` }];
    }),
  );
  const known = new Set(gateways.flatMap(({ groups }) => groups));
  return { holds, unplaced: slashed.filter(({ group }) => group === undefined || !known.has(group)) };
}
