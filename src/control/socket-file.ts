import { chmodSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { connect, type Server } from "node:net";
import { dirname, join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { checkSocketPath } from "./address.ts";

/** What a path holds: nothing, a socket that nobody answers, or one that a running process answers. */
export type SocketFileState = "free" | "stale" | "live";

/** Looks by connecting. Throws `AppError` when the path holds something that is no socket: it is never deleted. */
function inspectSocketFile(path: string): Promise<SocketFileState> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return Promise.resolve("free");
  if (!stat.isSocket())
    throw new AppError(
      `open control socket ${path}: a file that is no socket is in the way. Move it or set another path.`,
      {
        code: "control-path-taken",
      },
    );
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => (socket.destroy(), resolve("live")));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") resolve("stale");
      else if (error.code === "ENOENT") resolve("free");
      else reject(new AppError(`look at control socket ${path}`, { code: "control-path-taken", cause: error }));
    });
  });
}

/**
 * Makes `server` listen on a unix socket with mode 0600, replacing the file of a dead process. The socket is born inside a
 * folder of mode 0700 and moved into place, so that no moment exists in which another user could connect.
 * Returns what removes the file again, if it is still ours.
 */
export async function listenOnSocketFile(server: Server, path: string): Promise<() => void> {
  checkSocketPath(path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if ((await inspectSocketFile(path)) === "live")
    throw new AppError(
      `open control socket ${path}: another gateway answers on it. Stop that one first, or give this one its own data folder.`,
      { code: "control-socket-in-use" },
    );
  const cradle = mkdtempSync(join(dirname(path), "."));
  try {
    const born = join(cradle, "s");
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ path: born, backlog: 64 }, () => (server.off("error", reject), resolve()));
    });
    chmodSync(born, 0o600);
    renameSync(born, path);
  } finally {
    rmSync(cradle, { recursive: true, force: true });
  }
  const { ino } = lstatSync(path);
  return () => {
    if (lstatSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true });
  };
}
