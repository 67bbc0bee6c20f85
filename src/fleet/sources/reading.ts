import type { SourceReasonCode } from "../reasons.ts";
import type { ValidatorId } from "../validator-key.ts";

/** Keys that one source may list, and bytes that it may send. */
export const maxSourceKeys = 2_000_000;
export const maxSourceBytes = 256 * 1024 * 1024;
const maxSkipsShown = 20;

export type Labels = Readonly<Record<string, string>>;

/** A validator as one source lists it. `held`: a validator client has the key itself, or asks a signer to sign. */
export interface ListedValidator extends ValidatorId {
  labels: Labels;
  held?: "local" | "remote";
}

export interface SourceError {
  code: SourceReasonCode;
  /** Names the action and what was wrong; never a secret, never a whole body. */
  message: string;
}

/** What one attempt to read a source came to. */
export type SourceReading =
  | { ok: true; validators: readonly ListedValidator[]; skipped: readonly string[]; skippedCount: number }
  | { ok: false; error: SourceError };

export function failedReading(code: SourceReasonCode, message: string): SourceReading & { ok: false } {
  return { ok: false, error: { code, message } };
}

/** Collects what is left out of a reading: the first ones with their place, the rest as a number. */
export class Skips {
  readonly #shown: string[] = [];
  #count = 0;

  add(place: string, why: string): void {
    this.#count += 1;
    if (this.#shown.length < maxSkipsShown) this.#shown.push(`${place}: ${why}`);
  }

  get count(): number {
    return this.#count;
  }

  /** At most 20 lines; the last one says how many are not shown. */
  list(): readonly string[] {
    if (this.#count <= maxSkipsShown) return this.#shown;
    return [...this.#shown.slice(0, -1), `and ${this.#count - maxSkipsShown + 1} more`];
  }
}

/** A piece of hostile text for a message: short, on one line, in quotes. */
export function quoted(text: string): string {
  const line = text.replace(/[^\x20-\x7e]+/g, "?");
  return `"${line.length > 40 ? `${line.slice(0, 37)}...` : line}"`;
}
