import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSlotkeeper, type SlotkeeperChild } from "../../scripts/slotkeeper-child.ts";
import { freePort, waitForOk } from "./slotkeeper.ts";

export interface MonitorUnderTest {
  readonly url: string;
  readonly folder: string;
  /** The answer of an API path below `/api/v1/`. Throws where it is no 200. */
  ask<T>(path: string): Promise<T>;
  /** Without any chance to say goodbye. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Its whole log so far. */
  log(): string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * The real `slotkeeper monitor`, without a gateway, on nodes and validators of its own. `validators` is the text of a CSV
 * file that may be written again while it runs.
 */
export async function startMonitor(
  nodes: readonly { name: string; url: string }[],
  validators: string,
  moreConfig = "",
): Promise<MonitorUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-monitor-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const configFile = join(folder, "slotkeeper.yaml");
  const logFile = join(folder, "log");
  writeFileSync(join(folder, "validators.csv"), validators);
  writeFileSync(
    configFile,
    `nodes:\n${nodes.map(({ name, url: of }) => `  - { name: ${name}, url: "${of}" }\n`).join("")}` +
      `server:\n  listen: 127.0.0.1:${port}\n  dataFolder: data\nmonitor:\n  gateways: []\n` +
      `validators:\n  - name: list\n    csv: validators.csv\n${moreConfig}`,
  );
  let child: SlotkeeperChild | undefined;
  const log = () => readFileSync(logFile, "utf8");

  async function start(): Promise<void> {
    child = startSlotkeeper(["monitor", "--config", configFile], { logFd: openSync(logFile, "a") });
    await waitForOk(`${url}/healthz`, 60_000, () => `the monitor does not answer:\n${log()}`);
  }
  const monitor: MonitorUnderTest = {
    ...{ url, folder, start, log },
    async ask(path) {
      const answer = await fetch(`${url}/api/v1/${path}`, { signal: AbortSignal.timeout(30_000) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as never;
    },
    async kill() {
      if (child) process.kill(child.pid, "SIGKILL");
      await child?.exited;
    },
    async stop() {
      await child?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await start();
  return monitor;
}
