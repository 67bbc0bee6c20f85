import { gunzip, inflate, type ZlibOptions } from "node:zlib";

/** How the unpacking of a request body ended. */
export type UnpackOutcome = { kind: "whole"; body: Buffer } | { kind: "too-large" } | { kind: "garbage" };

type Unpack = (packed: Buffer, options: ZlibOptions, done: (error: Error | null, body: Buffer) => void) => void;

const codings: Readonly<Record<string, Unpack>> = { gzip: gunzip, "x-gzip": gunzip, deflate: inflate };

/** Can a body of this `Content-Encoding` be unpacked here? Anything else is for the node to understand or refuse. */
export function canUnpack(coding: string): boolean {
  return Object.hasOwn(codings, coding);
}

/**
 * Unpacks a request body, to at most `limit` bytes: the gateway looks into what is published, and not every node accepts
 * packed bodies. `done` is called once, later.
 */
export function unpackBody(
  coding: string,
  packed: Buffer,
  limit: number,
  done: (outcome: UnpackOutcome) => void,
): void {
  codings[coding]?.(packed, { maxOutputLength: limit }, (error, body) => {
    if (!error) return done({ kind: "whole", body });
    done({ kind: (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? "too-large" : "garbage" });
  });
}
