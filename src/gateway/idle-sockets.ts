import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { ClientSockets } from "./client-sockets.ts";

/**
 * The connections on which nothing is under way and of whose next request not one byte has been read, in the order in
 * which they came: another process may go on with them. Only Node's own parser knows the second, and tells it by what
 * it would close; so it is asked to, with closing turned into listing. New connections have no parser state to ask.
 */
export function idleSockets(servers: readonly Server[], sockets: ClientSockets): readonly Socket[] {
  const candidates = sockets.idle().filter((socket) => !socket.destroyed && socket.writableLength === 0);
  const idle = new Set<Socket>(candidates.filter((socket) => socket.bytesRead === 0));
  for (const socket of candidates)
    socket.destroy = () => {
      idle.add(socket);
      return socket;
    };
  try {
    for (const server of servers) server.closeIdleConnections();
  } finally {
    // The method of the class shows again.
    for (const socket of candidates) delete (socket as Partial<Socket>).destroy;
  }
  return candidates.filter((socket) => idle.has(socket));
}
