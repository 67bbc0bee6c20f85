import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A beacon node for tests: answers what Slotkeeper asks from a table that the test changes while it runs. */
export interface ScriptedNode {
  readonly url: string;
  /** Answers by path; a function may do anything to the response. */
  readonly answers: Map<string, unknown>;
  /** Calls by path. */
  readonly calls: Map<string, number>;
  /** When true, connections are taken and nothing is answered: a stopped process. */
  isFrozen: boolean;
  emit(topic: string, data: unknown): void;
  /** Cuts every event stream, leaving the rest. */
  cutStreams(): void;
  readonly openStreams: number;
  /** Drops every socket and stops listening, as a killed process does. */
  kill(): Promise<void>;
  /** Listens again on the same port. */
  revive(): Promise<void>;
}

export type Reply = (request: IncomingMessage, response: ServerResponse) => void;

export const fakeRoot = (label: string): string =>
  `0x${Buffer.from(label).toString("hex").padEnd(64, "0").slice(0, 64)}`;

/** Starts a scripted node on a free loopback port. `answers` holds the `data` of each path, or a `Reply`. */
export async function startScriptedNode(answers: Readonly<Record<string, unknown>>): Promise<ScriptedNode> {
  const table = new Map(Object.entries(answers));
  const calls = new Map<string, number>();
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let isFrozen = false;

  const server: Server = createServer((request, response) => {
    if (isFrozen) return;
    const path = new URL(request.url ?? "/", "http://x").pathname;
    calls.set(path, (calls.get(path) ?? 0) + 1);
    const answer = table.get(path);
    if (typeof answer === "function") return (answer as Reply)(request, response);
    if (path === "/eth/v1/events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(":\n\n");
      streams.add(response);
      response.on("close", () => streams.delete(response));
      return;
    }
    response.setHeader("content-type", "application/json");
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(JSON.stringify(answer === undefined ? { code: 404, message: "not found" } : { data: answer }));
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    answers: table,
    calls,
    get isFrozen() {
      return isFrozen;
    },
    set isFrozen(value) {
      isFrozen = value;
    },
    emit(topic, data) {
      for (const stream of streams)
        stream.write(`event: ${topic}\ndata: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
    },
    cutStreams() {
      for (const stream of streams) stream.destroy();
    },
    get openStreams() {
      return streams.size;
    },
    async kill() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
    revive: () => listen(port),
  };
}
