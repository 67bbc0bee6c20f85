/** One place that holds keys against what the inventory expects there. */
export interface KeyReconciliation {
  place: string;
  kind: "validator-client" | "signer";
  checkedAt: number | undefined;
  expected: number;
  /** `undefined`: it could not be read. */
  loaded: number | undefined;
  /** At most 20 of each. */
  missing: readonly string[];
  unexpected: readonly string[];
  /** Also loaded elsewhere: the most dangerous state there is. */
  doubled: readonly { pubkey: string; places: readonly string[] }[];
  /** How many there are of each, listed or not. */
  counts: { missing: number; unexpected: number; doubled: number };
  error?: { code: string; message: string };
}
