import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { listenOnSocketFile } from "../../control/socket-file.ts";
import { AppError, describeError } from "../../lib/app-error.ts";
import type { Logger } from "../../lib/log.ts";

/** A line that the launcher writes to who asked for an upgrade; the second and third kind are the last. */
export type UpgradeLine =
  { kind: "progress"; text: string } | { kind: "done"; text: string } | { kind: "failed"; text: string };

/** What somebody writes, with a newline, to start an upgrade or to follow the one that is under way. */
export const upgradeRequest = "upgrade";

export const launcherSocketPath = (dataFolder: string, gateway: string): string =>
  join(dataFolder, `${gateway}.launcher.sock`);

const maxRequestBytes = 64;
const maxClients = 8;

/**
 * Listens for upgrade requests on a unix socket of mode 0600. A second launcher on the same data is refused with `AppError`
 * `control-socket-in-use`; where the socket cannot be had for another reason, signals remain, and the log says so.
 * Returns what closes it.
 */
export async function openLauncherSocket(
  path: string,
  onUpgrade: (write: (line: UpgradeLine) => void) => void,
  log: Logger,
): Promise<() => void> {
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    if (clients.size >= maxClients) return void socket.destroy();
    clients.add(socket);
    let asked = "";
    socket.setEncoding("utf8");
    socket.on("error", () => undefined);
    socket.once("close", () => clients.delete(socket));
    socket.on("data", (text: string) => {
      asked += text;
      if (asked.trim() === upgradeRequest && asked.endsWith("\n")) {
        socket.removeAllListeners("data").resume();
        onUpgrade((line) => {
          socket.write(`${JSON.stringify(line)}\n`);
          if (line.kind !== "progress") socket.end();
        });
      } else if (asked.length > maxRequestBytes || asked.endsWith("\n")) socket.destroy();
    });
  });
  try {
    const removeFile = await listenOnSocketFile(server, path);
    server.on("error", (error) => log.error({ error: describeError(error) }, "the launcher's socket failed"));
    return () => {
      removeFile();
      server.close();
      for (const socket of clients) socket.destroy();
    };
  } catch (error) {
    if (error instanceof AppError && error.code === "control-socket-in-use") throw error;
    log.warn(
      { path, error: describeError(error) },
      "`slotkeeper gateway upgrade` cannot reach this process; SIGUSR2 upgrades it all the same",
    );
    return () => server.close();
  }
}
