import type { IncomingMessage } from "node:http";

/** How the reading of a request body ended. */
export type BodyOutcome = { kind: "whole"; body: Buffer } | { kind: "too-large" } | { kind: "gone" };

/** Reads a request body whole, up to `limit` bytes; calls `done` once. Nothing beyond the limit is kept. */
export function readBody(request: IncomingMessage, limit: number, done: (outcome: BodyOutcome) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let isDone = false;
  function finish(outcome: BodyOutcome): void {
    if (isDone) return;
    isDone = true;
    done(outcome);
  }
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) finish({ kind: "too-large" });
    else if (!isDone) chunks.push(chunk);
  });
  request.on("end", () =>
    finish({ kind: "whole", body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) }),
  );
  request.on("close", () => finish({ kind: "gone" }));
  request.on("error", () => finish({ kind: "gone" }));
}
