import { connect, type Socket } from "node:net";

/** A validator client's event stream over a socket of its own. */
export interface TestStream {
  /** All that came so far, headers included. */
  text(): string;
  /** Resolves when this has come. */
  until(text: string): Promise<void>;
  readonly isClosed: boolean;
  readonly socket: Socket;
  close(): void;
}

/** Opens a stream and resolves when the gateway has sent its first bytes; rejects where it answers otherwise. */
export function openTestStream(gatewayUrl: string, query: string): Promise<TestStream> {
  const { port, hostname } = new URL(gatewayUrl);
  const socket = connect(Number(port), hostname);
  let text = "";
  let isClosed = false;
  const waiting = new Set<() => void>();
  const until = (wanted: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!text.includes(wanted)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  socket.on("error", () => undefined);
  socket.on("close", () => (isClosed = true));
  socket.on("data", (chunk) => {
    text += chunk.toString();
    for (const look of waiting) look();
  });
  const stream: TestStream = {
    text: () => text,
    until,
    get isClosed() {
      return isClosed;
    },
    socket,
    close: () => void socket.destroy(),
  };
  socket.write(`GET /eth/v1/events?${query} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.once("close", () => reject(new Error(`no event stream: ${text.slice(0, 200)}`)));
    void until("retry:").then(() => resolve(stream));
  });
}
