import type { GroupContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";

/** One client's open event stream. */
export interface Reader {
  exchange: Exchange;
  topics: readonly string[];
}

/** The open event streams, by topic. */
export interface Readers {
  readonly size: number;
  all(): Iterable<Reader>;
  /** Does anybody read this topic? */
  has(topic: string): boolean;
  topics(): string[];
  add(reader: Reader): void;
  /** False where it had left already. */
  remove(reader: Reader): boolean;
  /** Sends an event to all who read its topic. */
  tell(topic: string, data: string): void;
  /** A comment, so that nobody on the way takes a quiet stream for a dead one. */
  heartbeat(): void;
}

const heartbeatFrame = Buffer.from(":\n\n");

export function createReaders(context: GroupContext): Readers {
  const { settings, counters } = context;
  const all = new Set<Reader>();
  const byTopic = new Map<string, Set<Reader>>();

  function send(reader: Reader, frame: Buffer): void {
    const { res, req, identity } = reader.exchange;
    if (res.writableLength + req.socket.writableLength > settings.maxEventBacklogBytes) {
      counters.slowReaders++;
      context.log.warn({ client: identity.name }, "an event stream's client reads too slowly: closed");
      req.socket.destroy();
      return;
    }
    res.write(frame);
  }

  return {
    get size() {
      return all.size;
    },
    all: () => all,
    has: (topic) => byTopic.has(topic),
    topics: () => [...byTopic.keys()],
    add(reader) {
      all.add(reader);
      for (const topic of reader.topics) {
        const set = byTopic.get(topic);
        if (set) set.add(reader);
        else byTopic.set(topic, new Set([reader]));
      }
    },
    remove(reader) {
      if (!all.delete(reader)) return false;
      for (const topic of reader.topics) {
        const set = byTopic.get(topic);
        if (set?.delete(reader) === true && set.size === 0) byTopic.delete(topic);
      }
      return true;
    },
    tell(topic, data) {
      const set = byTopic.get(topic);
      if (!set) return;
      // One buffer for all: a thousand clients must not cost a thousand encodings.
      const frame = Buffer.from(`event: ${topic}\n${dataLines(data)}\n\n`);
      counters.eventsSent += set.size;
      for (const reader of set) send(reader, frame);
    },
    heartbeat() {
      for (const reader of all) send(reader, heartbeatFrame);
    },
  };
}

/** A newline inside the data would end the event: each line gets its own field (HTML, server-sent events). */
function dataLines(data: string): string {
  return data.includes("\n") || data.includes("\r")
    ? `data: ${data.split(/\r\n|\n|\r/).join("\ndata: ")}`
    : `data: ${data}`;
}
