import { inspect } from "node:util";

/** Who asks to see embargoed content; `verb`: a change of the incident that puts the content back under embargo. */
export type EmbargoReader = "responder" | "admin" | "store" | "verb";

const placeholder = "[embargoed]";

/** Holds what must not get out by accident: printing it, logging it or turning it into JSON shows a placeholder. */
export class Embargoed<T> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  /** The one way out. Whoever calls it names for whom. */
  revealTo(_reader: EmbargoReader): T {
    return this.#value;
  }
  toString(): string {
    return placeholder;
  }
  toJSON(): string {
    return placeholder;
  }
  [inspect.custom](): string {
    return placeholder;
  }
}
