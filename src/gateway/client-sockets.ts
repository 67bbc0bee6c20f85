import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ClientBook, ClientIdentity } from "./clients/client-book.ts";
import type { ClientSocket } from "./client-connection.ts";

/** The open client connections, each with what is under way on it and whose it is. */
export interface ClientSockets {
  /** A new connection; closes it at once where its client has more than its part of nearly all that may be open. */
  open(socket: Socket): void;
  of(socket: Socket): ClientSocket;
  /** Who sends a request on this connection; remembered for as long as the header value stays the same. */
  identify(client: ClientSocket, authorization: string | undefined): ClientIdentity;
  readonly size: number;
  /** Makes the last answer under way on each connection its end. */
  leave(): void;
  /** The connections on which no request is under way. */
  idle(): readonly Socket[];
  /** Ends idle connections; with `isHard`, all of them. */
  close(isHard: boolean): void;
}

const key = Symbol("slotkeeper client");

interface Tracked extends ClientSocket {
  address: string;
  certificateName: string | undefined;
  authorization: string | undefined;
  generation: number;
}

type Marked = Socket & { [key]?: Tracked };

/** `maxConnections` is what the server accepts at all; the last quarter of it is kept for those who have few. */
export function createClientSockets(book: ClientBook, maxConnections = Infinity): ClientSockets {
  const all = new Set<Tracked>();
  const holders = new Map<string, number>();

  function track(socket: Marked): Tracked {
    const address = socket.remoteAddress ?? "";
    const certificateName = verifiedName(socket);
    const identity = book.find({ address, certificateName, authorization: undefined });
    const client: Tracked = {
      ...{ socket, active: [], identity, address, certificateName },
      ...{ authorization: undefined, generation: book.generation },
    };
    socket[key] = client;
    all.add(client);
    book.opened(identity);
    count(address, 1);
    socket.once("close", () => {
      all.delete(client);
      count(address, -1);
      book.closed(client.identity);
      client.lane?.waiting?.gone();
      for (const exchange of client.active.slice()) exchange.gone();
    });
    return client;
  }

  function count(address: string, by: number): void {
    const now = (holders.get(address) ?? 0) + by;
    if (now <= 0) holders.delete(address);
    else holders.set(address, now);
  }

  return {
    open(socket) {
      const { address } = track(socket);
      const isNearlyFull = all.size > maxConnections * 0.75;
      if (isNearlyFull && (holders.get(address) ?? 0) > maxConnections / (holders.size + 1)) socket.destroy();
    },
    of: (socket: Marked) => socket[key] ?? track(socket),
    identify(client, authorization) {
      const known = client as Tracked;
      if (known.authorization === authorization && known.generation === book.generation) return known.identity;
      const { address, certificateName } = known;
      const identity = book.find({ address, certificateName, authorization });
      book.opened(identity);
      book.closed(known.identity);
      known.identity = identity;
      known.authorization = authorization;
      known.generation = book.generation;
      return identity;
    },
    get size() {
      return all.size;
    },
    leave() {
      for (const { active } of all) {
        const last = active.at(-1);
        if (last) last.res.shouldKeepAlive = false;
      }
    },
    idle: () => [...all].filter(isIdle).map(({ socket }) => socket),
    close(isHard) {
      for (const client of all) if (isHard || isIdle(client)) client.socket.destroy();
    },
  };
}

/** Is nothing of a request known that is not answered? */
function isIdle({ active, lane }: ClientSocket): boolean {
  return active.length === 0 && (!lane || (lane.waiting === undefined && !lane.isServing));
}

/** The subject's common name in a client certificate that our authority signed. */
function verifiedName(socket: Socket): string | undefined {
  const tls = socket as Partial<TLSSocket>;
  if (tls.encrypted !== true || tls.authorized !== true) return undefined;
  const name = tls.getPeerCertificate?.().subject?.CN;
  return Array.isArray(name) ? name[0] : name;
}
