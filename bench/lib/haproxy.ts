import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, waitForOk } from "../../test/support/slotkeeper.ts";

/** Where Debian's package puts it, or wherever PATH finds it. */
function haproxyCommand(): string {
  for (const path of ["/usr/sbin/haproxy", "/usr/bin/haproxy", "/usr/local/sbin/haproxy"])
    if (existsSync(path)) return path;
  throw new Error(
    "HAProxy is not installed, and it is the peer of this benchmark: apt-get install --no-install-recommends haproxy",
  );
}

export function haproxyVersion(): string {
  return /version (\S+)/.exec(spawnSync(haproxyCommand(), ["-v"], { encoding: "utf8" }).stdout)?.[1] ?? "unknown";
}

export interface Haproxy {
  pid: number;
  url: string;
  stop(): Promise<void>;
}

/** One worker thread in front of one or more servers, as an operator would set it up for beacon nodes. `check` is per server. */
export async function startHaproxy(
  backend: readonly string[],
  servers: readonly string[],
  more: { frontend: readonly string[]; sections: readonly string[] } = { frontend: [], sections: [] },
): Promise<Haproxy> {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-haproxy-"));
  const port = await freePort();
  const file = join(folder, "haproxy.cfg");
  const lines = [
    "global",
    "  nbthread 1",
    "  maxconn 4096",
    "defaults",
    "  mode http",
    "  timeout connect 5s",
    "  timeout client 60s",
    "  timeout server 60s",
    "frontend beacon",
    `  bind 127.0.0.1:${port}`,
    ...more.frontend.map((line) => `  ${line}`),
    "  default_backend nodes",
    "backend nodes",
    ...backend.map((line) => `  ${line}`),
    ...servers.map((line) => `  server ${line}`),
    ...more.sections,
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const child = spawn(haproxyCommand(), ["-db", "-f", file], { stdio: "ignore" });
  const endWithUs = () => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  const url = `http://127.0.0.1:${port}`;
  await waitForOk(`${url}/eth/v1/node/version`, 15_000, () => `HAProxy does not serve with\n${lines.join("\n")}`);
  return {
    pid: child.pid ?? 0,
    url,
    async stop() {
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGKILL");
      await ended;
      process.off("exit", endWithUs);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
