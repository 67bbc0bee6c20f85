import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Client } from "pg";
import { requireProgram } from "../require-program.ts";

/** A PostgreSQL server for one suite: empty, on the loopback address, gone with its data when stopped. */
export interface TestPostgres {
  /** Of the superuser; its password is `secret`, and wrong passwords are refused. */
  url: string;
  port: number;
  stop(): Promise<void>;
}

const install = "apt-get install --no-install-recommends postgresql";

/** Folder of `initdb` and `postgres`, or `undefined` with the command to type; in CI absence throws. Debian keeps them out of PATH. */
export function findPostgres(): string | undefined {
  const folders = [...debianFolders(), ...(process.env["PATH"] ?? "").split(delimiter)].filter(
    (folder) => folder !== "",
  );
  const found = folders.find((folder) => ["initdb", "postgres"].every((name) => isExecutable(join(folder, name))));
  if (found !== undefined) return found;
  requireProgram({ name: "initdb", pathVariable: "SLOTKEEPER_INITDB", install });
  return undefined;
}

function debianFolders(): string[] {
  try {
    const root = "/usr/lib/postgresql";
    const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(root, version, "bin"));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a server from the programs in `bin`. PostgreSQL refuses to run as root: it then runs as the user `postgres`. */
export async function startPostgres(bin: string): Promise<TestPostgres> {
  const user = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-postgres-"));
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  // `/dev/stdin` of a pipe belongs to root: the password comes through a shell that the user itself runs.
  const made = spawnSync(
    "/bin/sh",
    [
      "-c",
      'umask 077; echo secret > pw; exec "$0" -D "$1" -U tester --auth=scram-sha-256 --pwfile=pw --no-sync -E UTF8 --locale=C',
      join(bin, "initdb"),
      data,
    ],
    { cwd: folder, encoding: "utf8", ...user },
  );
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb failed: ${made.stderr || String(made.error)}`);
  }
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB"];
    const child = spawn(
      join(bin, "postgres"),
      ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", "", ...settings.flatMap((setting) => ["-c", setting])],
      { cwd: folder, stdio: ["ignore", "ignore", "pipe"], ...user },
    );
    const url = `postgres://tester:secret@127.0.0.1:${port}/postgres`;
    // Also where whoever started it is ended by a signal.
    process.once("exit", () => child.kill("SIGQUIT"));
    const problem = await ready(child, url);
    if (problem === undefined) return { url, port, stop: () => stop(child, folder) };
    await stop(child, attempt < 3 ? undefined : folder);
    // Somebody else may have taken the port between finding and using it.
    if (attempt >= 3) throw new Error(`postgres does not start: ${problem}`);
  }
}

function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const numberOf = (flag: string) => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout.trim());
  return { uid: numberOf("-u"), gid: numberOf("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until it answers a question; what it printed where it ended instead. */
async function ready(child: ChildProcess, url: string): Promise<string | undefined> {
  let printed = "";
  child.stderr?.on("data", (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-4_000)));
  const isUp = new Promise<boolean>((resolve) => {
    child.stderr?.on("data", () => printed.includes("ready to accept connections") && resolve(true));
    child.once("exit", () => resolve(false));
    child.once("error", (error) => ((printed += error.message), resolve(false)));
  });
  if (!(await isUp)) return printed;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("SELECT 1");
  await client.end();
  return undefined;
}

async function stop(child: ChildProcess, folder: string | undefined): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const gone = once(child, "exit");
    // SIGQUIT ends it at once, with its children.
    child.kill("SIGQUIT");
    await gone;
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
