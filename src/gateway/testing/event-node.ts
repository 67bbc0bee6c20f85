import type { ServerResponse } from "node:http";
import type { FakeNode } from "./fake-node.ts";

/** One open event stream at a fake node. */
export interface NodeStream {
  topics: readonly string[];
  response: ServerResponse;
}

/** A fake node's event streams: which are open, and what goes out on them. */
export interface EventNode {
  answer: FakeNode["answer"];
  readonly open: readonly NodeStream[];
  /** Topics of open streams, all together, sorted. */
  topics(): string[];
  emit(topic: string, data: string): void;
  cut(): void;
}

/** Serves `/eth/v1/events`; asked for a topic that it does not know it refuses all of them, as older nodes do. */
export function createEventNode(unknown: readonly string[] = []): EventNode {
  let open: NodeStream[] = [];
  return {
    get open() {
      return open;
    },
    topics: () => open.flatMap((stream) => stream.topics).sort(),
    answer({ url }, response) {
      if (!url.startsWith("/eth/v1/events")) return void response.writeHead(404).end();
      const topics = new URL(url, "http://x").searchParams.getAll("topics").flatMap((text) => text.split(","));
      if (topics.some((topic) => unknown.includes(topic))) return void response.writeHead(400).end("invalid topic");
      const stream = { topics, response };
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(":\n\n");
      open.push(stream);
      response.once("close", () => (open = open.filter((other) => other !== stream)));
    },
    emit(topic, data) {
      for (const { topics, response } of open)
        if (topics.includes(topic)) response.write(`event: ${topic}\ndata: ${data}\n\n`);
    },
    cut() {
      for (const { response } of open) response.destroy();
    },
  };
}
