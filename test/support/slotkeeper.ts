import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSlotkeeper } from "../../scripts/slotkeeper-child.ts";

export interface SlotkeeperUnderTest {
  pid: number;
  gatewayUrl: string;
  pageUrl: string;
  /** Its whole log so far. */
  log(): string;
  controlSocket: string;
  configFile: string;
  stop(): Promise<void>;
}

export interface UnderTestOptions {
  allowFaults?: boolean;
  /** Further sections of its configuration. */
  moreConfig?: string;
  /** Beside the configuration file, which may name them: secrets, lists. By name. */
  files?: Readonly<Record<string, string>>;
}

/** Starts the real program (`slotkeeper up` or `slotkeeper gateway`) on a configuration of its own, and waits until it serves. */
export async function startUnderTest(
  command: "up" | "gateway",
  nodes: readonly { name: string; url: string; priority?: number }[],
  { allowFaults = false, moreConfig = "", files = {} }: UnderTestOptions = {},
): Promise<SlotkeeperUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-bench-"));
  const gatewayPort = await freePort();
  const pagePort = await freePort();
  const configFile = join(folder, "slotkeeper.yaml");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const members = nodes.map(({ name, priority }) => `      - { node: ${name}, priority: ${priority ?? 0} }\n`);
  writeFileSync(
    configFile,
    `nodes:\n${nodes.map(({ name, url }) => `  - { name: ${name}, url: "${url}" }\n`).join("")}` +
      `groups:\n  - name: main\n    listen: 127.0.0.1:${gatewayPort}\n    nodes:\n${members.join("")}` +
      `server:\n  listen: 127.0.0.1:${pagePort}\n  dataFolder: ${join(folder, "data")}\n  logLevel: info\n` +
      `gateway:\n  metricsListen: none\n  allowFaults: ${allowFaults}\n${moreConfig}`,
  );
  const logFile = join(folder, "log");
  const child = startSlotkeeper([command, "--config", configFile], { logFd: openSync(logFile, "a") });
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  const under: SlotkeeperUnderTest = {
    pid: child.pid,
    gatewayUrl,
    pageUrl: `http://127.0.0.1:${pagePort}`,
    log: () => readFileSync(logFile, "utf8"),
    controlSocket: join(folder, "data", "gateway.sock"),
    configFile,
    async stop() {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await waitForOk(`${gatewayUrl}/eth/v1/beacon/genesis`, 30_000, () => `Slotkeeper does not serve:\n${under.log()}`);
  return under;
}

export async function waitForOk(url: string, timeoutMs: number, describe: () => string): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(100)) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(describe());
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
