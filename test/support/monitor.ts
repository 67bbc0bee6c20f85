import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSlotkeeper, type SlotkeeperChild } from "../../scripts/slotkeeper-child.ts";
import { freePort, waitForOk } from "./slotkeeper.ts";

export interface MonitorUnderTest {
  readonly url: string;
  readonly folder: string;
  readonly configFile: string;
  /** Of its process now. */
  pid(): number;
  /** The answer of an API path below `/api/v1/`. Throws where it is no 200. */
  ask<T>(path: string): Promise<T>;
  /** Without any chance to say goodbye. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Other sections in place of `moreConfig`; a monitor that runs reads them by itself. */
  configure(moreConfig: string): void;
  /** Its whole log so far. */
  log(): string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * The real `slotkeeper monitor`, without a gateway, on nodes and validators of its own. `validators` is the text of a CSV
 * file that may be written again while it runs; `files` stand beside the configuration, which may name them.
 */
export async function startMonitor(
  nodes: readonly { name: string; url: string }[],
  validators: string,
  moreConfig = "",
  files: Readonly<Record<string, string>> = {},
): Promise<MonitorUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-monitor-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const configFile = join(folder, "slotkeeper.yaml");
  const logFile = join(folder, "log");
  for (const [name, text] of Object.entries({ ...files, "validators.csv": validators }))
    writeFileSync(join(folder, name), text);
  const configure = (more: string) =>
    writeFileSync(
      configFile,
      `nodes:\n${nodes.map(({ name, url: of }) => `  - { name: ${name}, url: "${of}" }\n`).join("")}` +
        `server:\n  listen: 127.0.0.1:${port}\n  dataFolder: data\nmonitor:\n  gateways: []\n` +
        `validators:\n  - name: list\n    csv: validators.csv\n${more}`,
    );
  configure(moreConfig);
  let child: SlotkeeperChild | undefined;
  const log = () => readFileSync(logFile, "utf8");

  async function start(): Promise<void> {
    child = startSlotkeeper(["monitor", "--config", configFile], { logFd: openSync(logFile, "a") });
    const hasEnded = child.exited.then((status) => {
      throw new Error(`the monitor ended with ${status}:\n${log()}`);
    });
    hasEnded.catch(() => undefined);
    const answers = waitForOk(`${url}/healthz`, 60_000, () => `the monitor does not answer:\n${log()}`);
    await Promise.race([answers, hasEnded]);
  }
  const monitor: MonitorUnderTest = {
    ...{ url, folder, configFile, configure, start, log },
    pid: () => child?.pid ?? 0,
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
