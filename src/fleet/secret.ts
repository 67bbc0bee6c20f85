const hidden = "***";

/**
 * A value that must not be seen: every way of printing it gives `***`. The one way to the text is `reveal`, to be called
 * where the value is used and nowhere else.
 */
export class Secret {
  readonly #text: string;
  /** Where it came from ("env BN1_TOKEN", "file /run/secrets/token"): may be printed. */
  readonly origin: string;

  constructor(text: string, origin: string) {
    this.#text = text;
    this.origin = origin;
  }

  reveal(): string {
    return this.#text;
  }

  equals(other: Secret | undefined): boolean {
    return other !== undefined && other.#text === this.#text;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.toPrimitive](): string {
    return hidden;
  }

  /** What `console.log` and `util.inspect` print in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return hidden;
  }
}

/** Request headers as they are sent: to be called where they are, and nowhere else. */
export function revealHeaders(headers: Readonly<Record<string, string | Secret>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}
