import type { Readable } from "node:stream";
import { createParser } from "eventsource-parser";
import type { Clock } from "../lib/clock.ts";
import type { CallFailureKind } from "./call-result.ts";
import type { StreamEvent } from "./event-stream.ts";

interface ReadEventsOptions {
  clock: Clock;
  maxEventBytes: number;
  silenceMs: number;
  onEvent: (event: StreamEvent) => void;
}

/**
 * Reads a Server-Sent-Events body until it ends, falls silent or sends an event that is too large, and says which.
 * Throws what the connection throws. Comments count as life; events without a name are dropped: the Beacon API names all.
 */
export async function readEvents(
  body: Readable,
  options: ReadEventsOptions,
): Promise<{ kind: CallFailureKind; detail: string }> {
  const { clock } = options;
  const decoder = new TextDecoder();
  let isTooLarge = false;
  let isSilent = false;
  let lastByteAt = clock.monotonic();
  const parser = createParser({
    maxBufferSize: options.maxEventBytes,
    onEvent: (event) => {
      if (event.event === undefined) return;
      options.onEvent({ topic: event.event, data: event.data, receivedAt: clock.now() });
    },
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") isTooLarge = true;
    },
  });
  // One slow watch instead of a timer for each chunk.
  const stopWatch = clock.every(Math.max(50, options.silenceMs / 4), () => {
    if (clock.monotonic() - lastByteAt < options.silenceMs) return;
    isSilent = true;
    body.destroy();
  });
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      lastByteAt = clock.monotonic();
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (isTooLarge) return { kind: "too-large", detail: `an event of more than ${options.maxEventBytes} characters` };
    }
    return isSilent
      ? { kind: "timeout", detail: "the stream fell silent" }
      : { kind: "reset", detail: "the node ended the stream" };
  } catch (error) {
    if (isSilent) return { kind: "timeout", detail: "the stream fell silent" };
    throw error;
  } finally {
    stopWatch();
  }
}
