import { appendFileSync, chmodSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent } from "undici";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { systemClock } from "../../lib/clock.ts";
import { Secret } from "../../fleet/secret.ts";
import { boundedGet } from "../bounded-get.ts";
import type { LogSource } from "../signal-sources.ts";
import { followLogs, type FollowLogsOptions } from "./follow-logs.ts";
import { redactLine } from "./match-line.ts";

const peers = "Nov 20 13:20:01.000 WARN Low peer count  peer_count: 0";
const about = { name: "bn1-log", client: "lighthouse", node: "bn1", validatorClient: undefined };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-logs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function follow(source: LogSource, change: Partial<FollowLogsOptions> = {}) {
  const clock = createFakeClock();
  const errors: unknown[] = [];
  const follower = followLogs({
    ...{ logs: [source], clock, random: () => 0.5, onError: (error) => errors.push(error) },
    get: () => Promise.resolve({ ok: false, kind: "refused", message: "connection refused" }),
    ...change,
  });
  onTestFinished(async () => {
    await follower.stop();
    expect(errors).toEqual([]);
  });
  const lines = () => follower.events({ limit: 100 }).map(({ line }) => line.slice(-2));
  return { clock, follower, lines, state: () => follower.logs()[0]?.state };
}

/** Files are read by the kernel's threads: turns of the event loop pass until it is so. */
async function until(isSo: () => boolean, tick: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  for (let turn = 0; turn < 5_000; turn++) {
    if (isSo()) return;
    await tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it never came");
}

describe("a file", () => {
  test("it is followed from its end, through rotation and truncation, every line once", async () => {
    const path = join(folder, "log");
    writeFileSync(path, `${peers} -1\n`);
    const { clock, follower, lines, state } = follow({ ...about, kind: "file", path });
    const tick = () => clock.advance(1_000);
    await until(() => state() === "log-followed");
    appendFileSync(path, `${peers} -2\n${peers} `);
    await until(() => lines().length === 1, tick);
    appendFileSync(path, "-3\n");
    await until(() => lines().length === 2, tick);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, `${peers} -4\n`);
    writeFileSync(path, `${peers} -5\n`);
    await until(() => lines().length === 4, tick);
    truncateSync(path, 0);
    appendFileSync(path, "WARN Low peer count -6\n");
    await until(() => lines().length === 5, tick);
    expect(lines()).toEqual(["-6", "-5", "-4", "-3", "-2"]);
    expect(follower.events({ limit: 1 })[0]).toMatchObject({ source: "bn1-log", node: "bn1", severity: "warning" });
    expect(follower.logs()[0]?.matches).toEqual({ "lighthouse-low-peers": 5 });
  });

  test("one that is not there yet is read from its first line when it comes; a folder is none", async () => {
    const path = join(folder, "later");
    const { clock, lines, state } = follow({ ...about, kind: "file", path });
    await until(() => state() === "log-missing");
    writeFileSync(path, `${peers} -1\n`);
    await until(
      () => lines().length === 1,
      () => clock.advance(1_000),
    );
    const other = follow({ ...about, kind: "file", path: folder });
    await until(() => other.state() === "log-failed");
  });

  test("errors that nobody knows are counted, a flood of one line is cut, lines of other clients are not his", async () => {
    const path = join(folder, "log");
    writeFileSync(path, "");
    const { clock, follower, state } = follow({ ...about, kind: "file", path });
    await until(() => state() === "log-followed");
    appendFileSync(
      path,
      `${`${peers}\n`.repeat(300)}Nov 20 13:20:02 ERRO strange things password=hunter22\nBAD BLOCK\n`,
    );
    await until(
      () => (follower.logs()[0]?.lines ?? 0) === 302,
      () => clock.advance(1_000),
    );
    expect(follower.events({ limit: 1_000 })).toHaveLength(20);
    expect(follower.logs()[0]).toMatchObject({
      ...{ matches: { "lighthouse-low-peers": 300 }, unexplainedErrors: 1 },
      lastUnexplained: "Nov 20 13:20:02 ERRO strange things password=***",
    });
  });
});

describe("journald", () => {
  function program(text: string): string {
    const path = join(folder, "journalctl");
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }
  const entry = (message: unknown, cursor: string) => JSON.stringify({ MESSAGE: message, __CURSOR: cursor });

  test("entries are read, and journalctl goes on after the last one when it ended", async () => {
    const bytes = [...Buffer.from(`${peers} -2`)];
    const journalProgram = program(
      [
        `echo "$@" >> ${join(folder, "asked")}`,
        'case "$*" in *after-cursor*) exec sleep 60;; esac',
        `cat <<'END'\n${entry(`${peers} -1`, "c1")}\nnot json\n${entry(bytes, "c2")}\nEND`,
      ].join("\n"),
    );
    const { clock, lines, state } = follow(
      { ...about, kind: "journald", unit: "lighthouse.service" },
      { journalProgram },
    );
    await until(() => lines().length === 2 && state() === "log-journal-ended", turn);
    await clock.advance(60_000);
    await until(() => state() === "log-followed", turn);
    expect(lines()).toEqual(["-2", "-1"]);
    const { readFileSync } = await import("node:fs");
    await until(() => readFileSync(join(folder, "asked"), "utf8").split("\n").length > 2, turn);
    expect(readFileSync(join(folder, "asked"), "utf8").split("\n")[1]).toContain("--after-cursor c2");
  });

  test("without journalctl it says so", async () => {
    const { state } = follow(
      { ...about, kind: "journald", unit: "x.service" },
      { journalProgram: join(folder, "none") },
    );
    await until(() => state() === "log-no-journalctl", turn);
  });
});

/** A child process needs real time. */
const turn = () => systemClock.sleep(2);

test("Loki is asked from after the last line, with its tenant's header, and its refusals are told", async () => {
  const asked: IncomingMessage[] = [];
  let status = 400;
  let result: unknown[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response.statusCode = status;
    response.end(status === 200 ? JSON.stringify({ data: { resultType: "streams", result } }) : "parse error: syntax");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const dispatcher = new Agent();
  onTestFinished(async () => {
    await dispatcher.destroy();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const source: LogSource = { ...about, kind: "loki", url, query: '{unit="bn"}', headers: { "X-Scope-OrgID": "t1" } };
  const get: FollowLogsOptions["get"] = (to, how) => boundedGet(to, { ...how, dispatcher, clock: systemClock });
  const { clock, follower, lines, state } = follow(source, { get });
  await clock.advance(5_000);
  await until(() => state() === "log-loki-failed", turn);
  expect(follower.logs()[0]?.detail).toBe("status 400: parse error: syntax");
  status = 200;
  const nanoseconds = `${clock.now()}000000`;
  result = [{ values: [[nanoseconds, `${peers} -2`]] }, { values: [[`${clock.now() - 1}999999`, `${peers} -1`]] }];
  await clock.advance(5_000);
  await until(() => lines().length === 2, turn);
  expect(lines()).toEqual(["-2", "-1"]);
  result = [];
  const before = asked.length;
  await clock.advance(5_000);
  await until(() => asked.length > before, turn);
  const query = new URL(asked.at(-1)?.url ?? "", url).searchParams;
  expect([query.get("start"), query.get("direction"), query.get("query")]).toEqual([
    ...[`${BigInt(nanoseconds) + 1n}`, "forward", '{unit="bn"}'],
  ]);
  expect(asked.at(-1)?.headers["x-scope-orgid"]).toBe("t1");
});

test("a secret that changes is taken up: the log is opened anew with it", async () => {
  const sent: (string | undefined)[] = [];
  const loki = (token: string): LogSource => ({
    ...{ ...about, kind: "loki", url: "http://loki", query: '{unit="bn"}' },
    headers: { authorization: new Secret(token, "env TOKEN") },
  });
  const { follower, clock } = follow(loki("first"), {
    get: (_url, { headers }) => {
      sent.push(headers["authorization"]);
      return Promise.resolve({ ok: false, kind: "refused", message: "connection refused" });
    },
  });
  const tick = () => clock.advance(5_000);
  await until(() => sent.length > 0, tick);
  await follower.reconfigure([loki("first")]);
  await follower.reconfigure([loki("second")]);
  await until(() => sent.includes("second"), tick);
  expect(new Set(sent)).toEqual(new Set(["first", "second"]));
});

test("lines of one node are found beneath a flood of another's", async () => {
  const [a, b] = [join(folder, "a"), join(folder, "b")];
  for (const path of [a, b]) writeFileSync(path, "");
  const { clock, follower } = follow({ ...about, kind: "file", path: a });
  await follower.reconfigure([
    { ...about, kind: "file", path: a },
    { ...about, name: "vc", node: undefined, validatorClient: "vc1", kind: "file", path: b },
  ]);
  await until(() => follower.logs().every(({ state }) => state === "log-followed"));
  const tick = () => clock.advance(1_000);
  appendFileSync(b, `${peers}\n`);
  await until(() => follower.events({ limit: 9 }).length === 1, tick);
  appendFileSync(a, `${peers}\n`.repeat(19));
  await until(() => follower.events({ limit: 99 }).length === 20, tick);
  expect(follower.events({ validatorClient: "vc1", limit: 3 }).map(({ source }) => source)).toEqual(["vc"]);
  expect(follower.events({ node: "bn1", limit: 3 }).map(({ source }) => source)).toEqual(Array(3).fill("bn1-log"));
});

test("a log that leaves the configuration is closed, one that stays is read on", async () => {
  const [a, b] = [join(folder, "a"), join(folder, "b")];
  writeFileSync(a, "");
  writeFileSync(b, "");
  const { clock, follower } = follow({ ...about, kind: "file", path: a });
  await until(() => follower.logs()[0]?.state === "log-followed");
  appendFileSync(a, `${peers}\n`);
  await until(
    () => follower.logs()[0]?.lines === 1,
    () => clock.advance(1_000),
  );
  await follower.reconfigure([
    { ...about, kind: "file", path: a },
    { ...about, name: "b", kind: "file", path: b },
  ]);
  expect(follower.logs().map(({ name, lines: count }) => [name, count])).toEqual([
    ["bn1-log", 1],
    ["b", 0],
  ]);
  await follower.reconfigure([]);
  expect(follower.logs()).toEqual([]);
});

test.each([
  ["Authorization: Bearer abcdefghij.klm", "Authorization: Bearer ***"],
  ["dial http://user:pass@el:8551 failed", "dial http://***@el:8551 failed"],
  ['{"jwt":"0123456789abcdef"}', '{"jwt":"***"}'],
  ["token eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abc refused", "token *** refused"],
  ["slot 12 missed", "slot 12 missed"],
])("%s is kept as %s", (line, kept) => {
  expect(redactLine(line)).toBe(kept);
});
