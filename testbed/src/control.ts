import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import type { Socket } from "node:net";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runControlCommand } from "./control-commands.ts";
import { DevnetError } from "./devnet-error.ts";
import type { Devnet } from "./devnet-types.ts";
import { isSameProcess, readStartTicks } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";

type ControlReply = { isOk: boolean; text: string };

type Announcement = ProcessIdentity & { socketPath: string };

/** One file for each devnet that was announced from this checkout. */
const announceFolder = fileURLToPath(new URL("../run", import.meta.url));

export const controlSocketIn = (runFolder: string): string => join(runFolder, "control.sock");

/** Takes control lines on a Unix socket that only this user can open: one line in, one JSON line out. */
export async function serveControl(
  devnet: Devnet,
  socketPath: string = controlSocketIn(devnet.runFolder),
): Promise<{ socketPath: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    void answer(devnet, socket);
  });
  server.listen(socketPath);
  await once(server, "listening");
  return {
    socketPath,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function answer(devnet: Devnet, socket: Socket): Promise<void> {
  let reply: ControlReply;
  try {
    reply = { isOk: true, text: await runControlCommand(devnet, await readLine(socket)) };
  } catch (error) {
    reply = { isOk: false, text: error instanceof Error ? error.message : String(error) };
  }
  socket.end(`${JSON.stringify(reply)}\n`);
}

/** Sends one command, such as `kill bn2`, and resolves to what it says; a refusal is a `DevnetError`. */
export async function controlCall(socketPath: string, command: string, signal?: AbortSignal): Promise<string> {
  const socket = createConnection(socketPath);
  const abort = (): void => void socket.destroy(new Error("aborted"));
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await once(socket, "connect");
    socket.write(`${command}\n`);
    const reply = JSON.parse(await readLine(socket)) as ControlReply;
    if (reply.isOk) return reply.text;
    throw new DevnetError("control", reply.text);
  } catch (cause) {
    if (cause instanceof DevnetError) throw cause;
    throw new DevnetError("control", `No devnet answers on ${socketPath}; start one with: npm run devnet`, cause);
  } finally {
    signal?.removeEventListener("abort", abort);
    socket.destroy();
  }
}

/** Lets `findControlSocket` find this socket while this process lives; returns what takes it back. */
export function announceControl(socketPath: string, folder: string = announceFolder): () => void {
  mkdirSync(folder, { recursive: true });
  const digest = createHash("sha256").update(socketPath).digest("hex").slice(0, 12);
  const file = join(folder, `devnet-${digest}.json`);
  const announcement: Announcement = { socketPath, pid: process.pid, startTicks: readStartTicks(process.pid) ?? "" };
  writeFileSync(file, `${JSON.stringify(announcement)}\n`);
  return () => rmSync(file, { force: true });
}

/**
 * Socket of the devnet in `runFolder`, or of the only one that runs from this checkout. With several it refuses to
 * choose: a command such as `kill` must never reach a devnet that somebody else works with.
 */
export function findControlSocket(runFolder?: string, folder: string = announceFolder): string {
  if (runFolder !== undefined) return controlSocketIn(resolve(runFolder));
  const live = readAnnouncements(folder)
    .filter(isSameProcess)
    .sort((a, b) => a.socketPath.localeCompare(b.socketPath));
  const [only, ...others] = live;
  if (only === undefined) {
    throw new DevnetError(
      "control",
      "No devnet runs here; start one with: npm run devnet, or name its folder with --run",
    );
  }
  if (others.length === 0) return only.socketPath;
  const choices = live.map(({ socketPath, pid }) => `  --run ${dirname(socketPath)}  (process ${pid})`).join("\n");
  throw new DevnetError("control", `Several devnets run here; say which one is meant:\n${choices}`);
}

function readAnnouncements(folder: string): Announcement[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^devnet-.*\.json$/.test(name))
    .flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(folder, name), "utf8")) as Announcement];
      } catch {
        // Taken back since the folder was listed.
        return [];
      }
    });
}

/** The first line of a socket, without its end; at most 64 kB. */
async function readLine(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8");
  return new Promise((resolve, reject) => {
    socket.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end !== -1) resolve(text.slice(0, end));
      else if (text.length > 65_536) reject(new Error("line too long"));
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("closed without an answer")));
  });
}
