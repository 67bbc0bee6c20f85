import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import type { RoleMessage } from "../role-messages.ts";

/** The operating system's end of a socket. Node passes it between processes as it is (`subprocess.send`). */
export interface NativeHandle {
  readStop(): void;
  close(): void;
}

const handleOf = (socket: Socket): NativeHandle | undefined =>
  (socket as unknown as { _handle?: NativeHandle })._handle;

/**
 * Sends an idle connection to the launcher. Reading stops first: bytes that come meanwhile stay in the kernel for the next
 * process. Then this process's copy is closed, which the client does not see. TLS has keys in this process: it is closed.
 */
export function passConnection(
  channel: Pick<NodeJS.Process, "connected" | "send">,
  group: string,
  socket: Socket,
): void {
  const handle = handleOf(socket);
  if (!handle || !channel.connected || "encrypted" in socket) return void socket.destroy();
  socket.pause();
  handle.readStop();
  const message: RoleMessage = { kind: "connection", group };
  channel.send?.(message, handle as unknown as Socket, { keepOpen: true }, () => socket.destroy());
}

/** In the launcher: passes it on, or closes it where nobody takes it. */
export function forwardConnection(to: ChildProcess | undefined, group: string, handle: NativeHandle): void {
  if (!to?.connected) return handle.close();
  to.send({ kind: "connection", group }, handle as unknown as Socket, { keepOpen: true }, () => handle.close());
}

/** In the next process: the connection as the HTTP server's own would be, which may be half closed by its client. */
export function receiveConnection(handle: NativeHandle): Socket {
  const options = { handle, readable: true, writable: true, allowHalfOpen: true };
  return new Socket(options as unknown as ConstructorParameters<typeof Socket>[0]);
}
