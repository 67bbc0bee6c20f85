import type { Socket } from "node:net";
import type { ClientSocket } from "./exchange.ts";

/** The open client connections, each with what is under way on it. */
export interface ClientSockets {
  open(socket: Socket): void;
  of(socket: Socket): ClientSocket;
  readonly size: number;
  /** Makes every answer under way the last of its connection. */
  leave(): void;
  /** Ends idle connections; with `isHard`, all of them. */
  close(isHard: boolean): void;
}

const key = Symbol("slotkeeper client");
type Marked = Socket & { [key]?: ClientSocket };

export function createClientSockets(): ClientSockets {
  const all = new Set<ClientSocket>();
  function track(socket: Marked): ClientSocket {
    const client: ClientSocket = { socket, active: [] };
    socket[key] = client;
    all.add(client);
    socket.once("close", () => {
      all.delete(client);
      for (const exchange of client.active.slice()) exchange.gone();
    });
    return client;
  }
  return {
    open: (socket) => void track(socket),
    of: (socket: Marked) => socket[key] ?? track(socket),
    get size() {
      return all.size;
    },
    leave() {
      for (const { active } of all) for (const exchange of active) exchange.res.shouldKeepAlive = false;
    },
    close(isHard) {
      for (const client of all) if (isHard || client.active.length === 0) client.socket.destroy();
    },
  };
}
