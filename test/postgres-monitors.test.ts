import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startSlotkeeper, type SlotkeeperChild } from "../scripts/slotkeeper-child.ts";
import { askPostgres } from "./support/ask-postgres.ts";
import { clearPostgres, postgresForSuite } from "./support/postgres-store.ts";
import { freePort, waitForOk } from "./support/slotkeeper.ts";

const url = postgresForSuite();

interface Monitor {
  child: SlotkeeperChild;
  health: string;
  log(): string;
}

describe.skipIf(url === undefined)("monitors on one PostgreSQL", () => {
  const at = () => url?.() ?? "";
  let folder: string;
  const started: SlotkeeperChild[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slotkeeper-replicas-"));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((child) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
    await clearPostgres(at());
  });

  async function start(name: string, database = at()): Promise<Monitor> {
    const own = join(folder, name);
    const port = await freePort();
    mkdirSync(own);
    writeFileSync(join(own, "database-url"), database);
    writeFileSync(
      join(own, "slotkeeper.yaml"),
      `nodes:\n  - { name: bn1, url: "http://127.0.0.1:1" }\nmonitor: { gateways: [] }\n` +
        `server: { listen: "127.0.0.1:${port}", dataFolder: data }\nstore: { database: { file: database-url } }\n`,
    );
    const logFile = join(own, "log");
    const child = startSlotkeeper(["monitor", "--config", join(own, "slotkeeper.yaml")], {
      logFd: openSync(logFile, "a"),
    });
    started.push(child);
    return { child, health: `http://127.0.0.1:${port}/healthz`, log: () => readFileSync(logFile, "utf8") };
  }
  const serves = ({ health, log }: Monitor) => waitForOk(health, 30_000, () => `it does not serve:\n${log()}`);
  async function says(monitor: Monitor, words: string): Promise<void> {
    for (const end = performance.now() + 30_000; !monitor.log().includes(words); await sleep(50))
      if (performance.now() > end) throw new Error(`it never said "${words}":\n${monitor.log()}`);
  }

  test("one works and one stands by; killed, the first is followed within 15 s, and what it stored is there", async () => {
    const a = await start("a");
    await serves(a);
    const b = await start("b");
    await says(b, "stands by");
    await expect(fetch(b.health)).rejects.toThrow();
    await says(a, "this monitor leads");
    for (let rows = 0; rows === 0; await sleep(100))
      rows = (await askPostgres(at(), "SELECT 1 FROM history LIMIT 1")).length;

    process.kill(a.child.pid, "SIGKILL");
    const killedAt = performance.now();
    await serves(b);
    expect(performance.now() - killedAt).toBeLessThan(20_000);
    expect(await askPostgres(at(), "SELECT term::int AS term FROM leader")).toEqual([{ term: 2 }]);

    // Told to stop, it lets go at once.
    const c = await start("c");
    await says(c, "stands by");
    expect(await b.child.stop()).toBe(0);
    const stoppedAt = performance.now();
    await serves(c);
    expect(performance.now() - stoppedAt).toBeLessThan(8_000);
  }, 120_000);

  test("a leader whose term another was given ends, so that it is started again and stands by", async () => {
    const a = await start("a");
    await serves(a);
    await askPostgres(
      at(),
      `UPDATE leader SET term = term + 1, holder = 'another', "leaseUntil" = "leaseUntil" + 60000`,
    );
    expect(await a.child.exited).toBe(1);
    expect(a.log()).toContain("another one took over");
    const again = await start("again");
    await says(again, "stands by");
    expect(again.log()).toContain('"leader":"another"');
  }, 60_000);

  test("a wrong password ends the start for good, and is not printed", async () => {
    const a = await start("a", at().replace("secret", "hunter2"));
    expect(await a.child.exited).toBe(3);
    expect(a.log()).toContain("Check user and password in file");
    expect(a.log()).not.toContain("hunter2");
  }, 60_000);
});
