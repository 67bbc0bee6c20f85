import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface Storm {
  asked: number;
  /** Streams that opened. */
  served: number;
  /** Streams that the gateway closed before we did. */
  closed: number;
}

/** Opens event streams all at once, reads them for a while, and leaves: half of them politely, half with a reset. */
export async function storm(url: string, count: number, holdMs: number): Promise<Storm> {
  const { hostname, port } = new URL(url);
  let closed = 0;
  const sockets = await Promise.all(Array.from({ length: count }, () => open(hostname, Number(port))));
  const served = sockets.filter((socket): socket is Socket => socket !== undefined);
  const onClose = () => closed++;
  for (const socket of served) socket.once("close", onClose);
  await sleep(holdMs);
  for (const socket of served) socket.removeListener("close", onClose);
  await Promise.all(
    served.map(
      (socket, index) =>
        new Promise<void>((resolve) => {
          if (socket.destroyed) return resolve();
          socket.once("close", () => resolve());
          if (index % 2 === 0) socket.resetAndDestroy();
          else socket.destroy();
        }),
    ),
  );
  return { asked: count, served: served.length, closed };
}

/** Resolves with the socket when the stream is open, with nothing where it does not open within ten seconds. */
function open(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const giveUp = setTimeout(() => socket.destroy(), 10_000);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      clearTimeout(giveUp);
      resolve(undefined);
    });
    socket.once("data", (chunk: Buffer) => {
      clearTimeout(giveUp);
      if (!chunk.toString("latin1", 0, 12).endsWith("200")) return socket.destroy();
      socket.resume();
      resolve(socket);
    });
    socket.write("GET /eth/v1/events?topics=head,block,chain_reorg,attestation HTTP/1.1\r\nHost: x\r\n\r\n");
  });
}
