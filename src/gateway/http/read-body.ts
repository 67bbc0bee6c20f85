import type { IncomingMessage } from "node:http";

/** How the reading of a request body ended. */
export type BodyOutcome =
  { kind: "whole"; body: Buffer } | { kind: "too-large" } | { kind: "no-room" } | { kind: "gone" };

/**
 * Reads a request body whole, up to `limit` bytes, and as long as `hold` says that there is room for more; calls `done`
 * once. Nothing beyond the limit is kept.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  hold: (bytes: number) => boolean,
  done: (outcome: BodyOutcome) => void,
): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let isDone = false;
  function finish(outcome: BodyOutcome): void {
    if (isDone) return;
    isDone = true;
    chunks = [];
    done(outcome);
  }
  request.on("data", (chunk: Buffer) => {
    if (isDone) return;
    size += chunk.length;
    if (size > limit) return finish({ kind: "too-large" });
    chunks.push(chunk);
    if (!hold(chunk.length)) finish({ kind: "no-room" });
  });
  request.on("end", () =>
    finish({ kind: "whole", body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) }),
  );
  request.on("close", () => finish({ kind: "gone" }));
  request.on("error", () => finish({ kind: "gone" }));
}
