import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A loopback server for tests that does to a client whatever the test says. */
export interface HostileServer {
  readonly url: string;
  readonly port: number;
  /** Sockets that are open now. */
  readonly openSockets: number;
  /** Resolves when the last socket has closed. */
  allClosed(): Promise<void>;
  stop(): Promise<void>;
}

export async function startHostileServer(listener: RequestListener): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  let onEmpty: (() => void)[] = [];
  const server = createServer(listener);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const resolve of onEmpty) resolve();
      onEmpty = [];
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get openSockets() {
      return sockets.size;
    },
    allClosed: () => new Promise((resolve) => (sockets.size === 0 ? resolve() : onEmpty.push(resolve))),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
