import { AppError } from "../lib/app-error.ts";

/** What a 64-bit integer column gives: SQLite bigint (or number), PostgreSQL text. */
export type StoredInteger = number | bigint | string;

/** Largest value that both stores hold in a signed 64-bit column. Gwei of all ether ever is far below it. */
export const maxStoredInteger = 2n ** 63n - 1n;

/** For gwei amounts, balances and ids: exact, never through a double. */
export function toBigInt(value: StoredInteger): bigint {
  return BigInt(value);
}

/** For times and counts. Throws `AppError` where a double would round. */
export function toNumber(value: StoredInteger): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new AppError(`read ${String(value)} from the store: too large for a number, use toBigInt`, {
    code: "store-codec",
  });
}

export function toOptionalNumber(value: StoredInteger | null): number | undefined {
  return value === null ? undefined : toNumber(value);
}

/** For writing. Throws `AppError` on what would not fit: `FAR_FUTURE_EPOCH` (2^64-1) is stored as NULL by its table. */
export function fromBigInt(value: bigint): bigint {
  if (value <= maxStoredInteger && value >= -maxStoredInteger - 1n) return value;
  throw new AppError(`write ${value} to the store: over 64 signed bits`, { code: "store-codec" });
}
