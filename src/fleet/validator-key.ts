/** One validator as it was written down: by its key, by its index, or by both. */
export interface ValidatorId {
  pubkey: string | undefined;
  index: number | undefined;
}

/** Validator indices are kept in 32 bits; the chain is far below. */
export const maxValidatorIndex = 0xffff_ffff;

const keyForm = /^(?:0x|\\x)?[0-9a-f]{96}$/;

/** A BLS key in any usual spelling (with `0x`, without, PostgreSQL's `\x`) as 0x-prefixed lower case, or `undefined`. */
export function parsePubkey(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (!keyForm.test(lower)) return undefined;
  if (lower.length === 96) return `0x${lower}`;
  return lower.startsWith("0x") ? lower : `0x${lower.slice(2)}`;
}

/** A validator index, or `undefined`. */
export function parseIndex(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const index = Number(text);
  return index <= maxValidatorIndex ? index : undefined;
}

/** A key or an index; `undefined` where it is neither. */
export function parseValidatorId(text: string): ValidatorId | undefined {
  const index = parseIndex(text);
  if (index !== undefined) return { pubkey: undefined, index };
  const pubkey = parsePubkey(text);
  return pubkey === undefined ? undefined : { pubkey, index: undefined };
}

/** As conflicts and messages name a validator: its key, or `#index`. */
export function validatorName({ pubkey, index }: ValidatorId): string {
  return pubkey ?? `#${index ?? "?"}`;
}
