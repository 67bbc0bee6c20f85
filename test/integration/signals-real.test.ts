import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { HostsPage, LogsPage } from "../../src/api/contract-signals.ts";
import { requireProgram } from "../require-program.ts";
import { startMonitor, type MonitorUnderTest } from "../support/monitor.ts";
import { freePort, waitForOk } from "../support/slotkeeper.ts";

const install = "apt-get install --no-install-recommends";
const exporterProgram = requireProgram({
  name: "prometheus-node-exporter",
  otherNames: ["node_exporter"],
  install: `${install} prometheus-node-exporter`,
});
const prometheusProgram = requireProgram({ name: "prometheus", install: `${install} prometheus` });

/** Machines are read every 30 seconds. */
const reading = { timeout: 75_000, interval: 250 };

/** The real node_exporter, read directly and through a real Prometheus, and a log that is really written and rotated. */
describe.skipIf(exporterProgram === undefined || prometheusProgram === undefined)("machines and logs", () => {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-signals-"));
  const log = join(folder, "bn1.log");
  const children: ChildProcess[] = [];
  let exporter: ChildProcess;
  let monitor: MonitorUnderTest | undefined;

  function start(program: string, args: readonly string[]): ChildProcess {
    const child = spawn(program, args, { cwd: folder, stdio: "ignore" });
    children.push(child);
    return child;
  }
  function ask<T>(path: string): Promise<T> {
    if (monitor === undefined) throw new Error("the monitor does not run");
    return monitor.ask<T>(path);
  }
  const host = async (name: string) => {
    const { hosts } = await ask<HostsPage>("hosts");
    const found = hosts.find((each) => each.name === name);
    if (found === undefined) throw new Error(`${name} is not told of`);
    return found;
  };
  const logs = () => ask<LogsPage>("logs");

  beforeAll(async () => {
    const [exporterPort, prometheusPort] = [await freePort(), await freePort()];
    const page = `http://127.0.0.1:${exporterPort}/metrics`;
    exporter = start(exporterProgram ?? "", [`--web.listen-address=127.0.0.1:${exporterPort}`]);
    await waitForOk(page, 20_000, () => "node_exporter does not answer");
    writeFileSync(
      join(folder, "prometheus.yml"),
      `global: { scrape_interval: 1s }\nscrape_configs:\n  - job_name: node\n    static_configs: [{ targets: ["127.0.0.1:${exporterPort}"] }]\n`,
    );
    start(prometheusProgram ?? "", [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "tsdb")}`,
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    ]);
    const prometheus = `http://127.0.0.1:${prometheusPort}`;
    await waitForOk(`${prometheus}/-/ready`, 60_000, () => "Prometheus does not answer");
    const up = `${prometheus}/api/v1/query?query=up`;
    await vi.waitFor(async () => expect(await (await fetch(up)).text()).toContain('"1"]'), { timeout: 30_000 });
    writeFileSync(log, "INFO Synced slot: 1\n");
    monitor = await startMonitor(
      [{ name: "bn1", url: "http://127.0.0.1:9" }],
      "index,host\n5,direct\n",
      `prometheus: { url: "${prometheus}" }\n` +
        `hosts:\n  - { name: direct, metrics: ["${page}"] }\n` +
        `  - { name: scraped, prometheus: ["127.0.0.1:${exporterPort}"] }\n  - { name: nobody, metrics: ["http://127.0.0.1:9/metrics"] }\n` +
        `logs:\n  - { name: bn1-log, node: bn1, client: lighthouse, file: ${log} }\n`,
    );
  });
  afterAll(async () => {
    await monitor?.stop();
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it("a machine reads the same from its own page and through Prometheus", async () => {
    await expect.poll(async () => (await host("scraped")).memoryTotalBytes, reading).toBeGreaterThan(0);
    await expect.poll(async () => (await host("direct")).memoryTotalBytes, reading).toBeGreaterThan(0);
    const [direct, scraped] = [await host("direct"), await host("scraped")];
    for (const key of ["memoryTotalBytes", "cores", "bootedAt"] as const) expect(scraped[key]).toBe(direct[key]);
    const shape = ({ disks }: typeof direct) => disks.map(({ mountpoint, sizeBytes }) => ({ mountpoint, sizeBytes }));
    expect(shape(scraped)).toEqual(shape(direct));
    expect(direct.pages).toMatchObject([{ from: "page" }]);
    expect(direct.pages[0]?.error).toBeUndefined();
    expect(scraped.pages).toMatchObject([{ from: "prometheus" }]);
    expect(direct.findings.map(({ reason }) => reason)).toContain("memory-good");
    expect(await host("nobody")).toMatchObject({ verdict: "unknown", findings: [{ reason: "page-silent" }] });
    const metrics = await (await fetch(`${monitor?.url}/metrics`)).text();
    expect(metrics).toMatch(/slotkeeper_host_state\{[^}]*host="nobody",state="unknown"[^}]*\} 1/);
  });

  it("a log is read from the moment on, through rotation, with its secrets left out", async () => {
    await expect.poll(async () => (await logs()).logs[0]?.state, reading).toBe("log-followed");
    appendFileSync(log, "WARN Low peer count peer_count: 2 token=abcdef123456\n");
    await expect.poll(async () => (await logs()).events[0]?.line, reading).toContain("Low peer count");
    expect((await logs()).events[0]).toMatchObject({
      ...{ source: "bn1-log", node: "bn1", signature: "lighthouse-low-peers", severity: "warning" },
      line: "WARN Low peer count peer_count: 2 token=***",
    });
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, "ERRO Something that nobody knows\n");
    writeFileSync(log, "ERRO Head execution payload is invalid\n");
    const signatures = async () => (await logs()).events.map(({ signature }) => signature);
    await expect.poll(signatures, reading).toEqual(["lighthouse-invalid-head", "lighthouse-low-peers"]);
    expect((await logs()).logs[0]).toMatchObject({ state: "log-followed", unexplainedErrors: 1, lines: 3 });
  });

  it("a node_exporter that has died is told within two readings, and what it said before is not shown as new", async () => {
    exporter.kill("SIGKILL");
    const code = async (name: string) => (await host(name)).pages[0]?.error?.code;
    const before = (await host("direct")).readAt;
    await expect.poll(() => code("direct"), reading).toBe("page-silent");
    await expect.poll(() => code("scraped"), reading).toBe("prometheus-no-target");
    const { readAt, findings } = await host("direct");
    expect(readAt).toBe(before);
    expect(findings.map(({ reason }) => reason)).toContain("page-silent");
  });
});
