/** What the tripwire needs of one attestation in a request body. */
export interface Vote {
  /** Who signed: validator indices, or (before Electra) slot, committee and position in it. */
  signers: readonly (string | number)[];
  /** Known from Electra on. */
  validatorIndex: number | undefined;
  slot: number;
  sourceEpoch: number;
  targetEpoch: number;
  /** All fields of its `AttestationData`: two votes are the same vote exactly if these are equal. */
  data: string;
}

/** The items of a body of `POST …/pool/attestations`. */
export interface AttestationItems {
  /** `undefined`: an item that could not be read. */
  votes: readonly (Vote | undefined)[];
  /** The body without some items. */
  without(dropped: ReadonlySet<number>): Buffer;
}

/** A vote of whom is not known yet; `roots`: head, source and target, lower case. */
export function voteOf(slot: number, index: number, sourceEpoch: number, targetEpoch: number, roots: string): Vote {
  const data = `${slot}|${index}|${sourceEpoch}|${targetEpoch}|${roots}`;
  return { signers: [], validatorIndex: undefined, slot, sourceEpoch, targetEpoch, data };
}

/** One name for each set bit of a bit list; its highest set bit only marks its length. */
export function positions(slot: number, committee: number, bits: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < 8 * bits.length; at++)
    if (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) found.push(`${slot}/${committee}/${at}`);
  found.pop();
  return found;
}

/** Decimal text, or a number of SSZ, as far as JavaScript counts exactly. */
export function uint(value: unknown): number | undefined {
  if (typeof value === "bigint") return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
  if (typeof value !== "string" || !/^[0-9]{1,16}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
