import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock, type Clock } from "../../lib/clock.ts";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { requireConfig } from "./load.ts";
import { watchConfig, type ConfigWatch } from "./watch.ts";

const yaml = (port: number) => `nodes: [{ name: bn1, url: "http://127.0.0.1:${port}" }]\n`;

/** Puts a whole file in place at once. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

let folder: string;
let path: string;
let stop: AbortController;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sk-watch-"));
  path = join(folder, "slotkeeper.yaml");
  stop = new AbortController();
  await writeFile(path, yaml(1));
});

afterEach(async () => {
  stop.abort();
  await rm(folder, { recursive: true });
});

type Told = { url: string; changes: string[] } | { problems: string[] };

/** Starts a watch whose callbacks can be awaited one after the other. */
async function start(
  options: { clock?: Clock; pollMs?: number; file?: string } = {},
): Promise<{ watched: ConfigWatch; told: () => Promise<Told> }> {
  const { clock = systemClock, pollMs = 3_600_000, file = path } = options;
  const waiting: ((told: Told) => void)[] = [];
  const arrived: Told[] = [];
  const tell = (told: Told) => {
    const next = waiting.shift();
    if (next) next(told);
    else arrived.push(told);
  };
  const watched = watchConfig(file, {
    initial: await requireConfig(file, {}),
    env: {},
    clock,
    signal: stop.signal,
    debounceMs: 5,
    pollMs,
    onChange: ({ config }, changes) =>
      tell({ url: config.nodes[0]?.url ?? "", changes: changes.map((change) => change.path) }),
    onProblem: (problems) => tell({ problems: problems.map(({ code }) => code) }),
    onError: (error) => tell({ problems: [String(error)] }),
  });
  const told = () =>
    new Promise<Told>((resolve) => {
      const first = arrived.shift();
      if (first) resolve(first);
      else waiting.push(resolve);
    });
  return { watched, told };
}

const changedTo = (port: number) => ({ url: `http://127.0.0.1:${port}`, changes: ["nodes.bn1.url"] });

test("a file that is written in place is read again, and what was half written is never in force", async () => {
  const { told, watched } = await start();
  await writeFile(path, yaml(2));
  let last = await told();
  while ("problems" in last) last = await told();
  expect(last).toEqual(changedTo(2));
  expect(watched.current().config.nodes[0]?.url).toBe("http://127.0.0.1:2");
});

test("a file that is replaced by renaming is read again, and once more after that", async () => {
  const { told } = await start();
  for (const port of [2, 3]) {
    await replace(path, yaml(port));
    expect(await told()).toEqual(changedTo(port));
  }
});

test("a Kubernetes volume, whose folder is a swapped symbolic link, is read again", async () => {
  const volume = join(folder, "volume");
  const put = async (name: string, port: number) => {
    await mkdir(join(volume, name), { recursive: true });
    await writeFile(join(volume, name, "slotkeeper.yaml"), yaml(port));
    await symlink(name, join(volume, "..data_tmp"));
    await rename(join(volume, "..data_tmp"), join(volume, "..data"));
  };
  await put("..one", 1);
  await symlink("..data/slotkeeper.yaml", join(volume, "slotkeeper.yaml"));
  const { told } = await start({ file: join(volume, "slotkeeper.yaml") });
  await put("..two", 2);
  expect(await told()).toEqual(changedTo(2));
});

test("a bad file leaves the old configuration in force and says so; a good one clears that", async () => {
  const { told, watched } = await start();
  await replace(path, "nodes: []\nnonsense: 1\n");
  expect(await told()).toEqual({ problems: ["bad-value", "unknown-key"] });
  expect(watched.current().config.nodes[0]?.url).toBe("http://127.0.0.1:1");
  await replace(path, yaml(2));
  expect(await told()).toEqual({ problems: [] });
  expect(await told()).toEqual(changedTo(2));
});

test("a file that is gone is a problem, not an end", async () => {
  const { told } = await start();
  await rm(path);
  expect(await told()).toEqual({ problems: ["unreadable-file"] });
  await replace(path, yaml(2));
  expect(await told()).toEqual({ problems: [] });
  expect(await told()).toEqual(changedTo(2));
});

test("a change between the first reading and the watch is not lost", async () => {
  const initial = await requireConfig(path, {});
  await replace(path, yaml(2));
  const urls = await new Promise((resolve) => {
    watchConfig(path, {
      initial,
      env: {},
      clock: systemClock,
      signal: stop.signal,
      onChange: ({ config }) => resolve(config.nodes[0]?.url),
      onProblem: resolve,
      onError: resolve,
    });
  });
  expect(urls).toBe("http://127.0.0.1:2");
});

test("a secret file elsewhere is found by polling", async () => {
  const secrets = await mkdtemp(join(tmpdir(), "sk-secret-"));
  try {
    const token = join(secrets, "token");
    await replace(token, "one");
    await replace(path, `${yaml(1)}server: { apiToken: { file: ${token} } }`);
    const { told, watched } = await start({ pollMs: 20 });
    await replace(token, "two");
    expect(await told()).toEqual({ url: "http://127.0.0.1:1", changes: ["server.apiToken"] });
    expect(watched.current().config.server.apiToken?.reveal()).toBe("two");
  } finally {
    await rm(secrets, { recursive: true });
  }
});

test("reload, as SIGHUP asks for, always says what came of it", async () => {
  const { watched } = await start({ clock: createFakeClock() });
  expect(await watched.reload()).toEqual({ kind: "unchanged" });
  await replace(path, yaml(2));
  expect(await watched.reload()).toMatchObject({
    kind: "changed",
    changes: [{ path: "nodes.bn1.url", effect: "live" }],
  });
  await replace(path, "nodes: 1");
  expect(await watched.reload()).toMatchObject({ kind: "refused", problems: [{ code: "wrong-type" }] });
  expect(await watched.reload()).toMatchObject({ kind: "refused" });
});

test("after the end nothing is told any more", async () => {
  const { watched } = await start({ clock: createFakeClock() });
  stop.abort();
  await replace(path, yaml(2));
  expect(await watched.reload()).toEqual({ kind: "unchanged" });
});
