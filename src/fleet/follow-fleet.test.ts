import { expect, onTestFinished, test } from "vitest";
import { createFakeClock, type FakeClock } from "../lib/fake-clock.ts";
import { followFleet, type FleetConfig, type FleetFollower } from "./follow-fleet.ts";
import { Secret } from "./secret.ts";
import type { SourceIo } from "./sources/source-io.ts";
import type { FleetInventory } from "./validator.ts";
import type { ValidatorSource } from "./validator-sources.ts";

const key = (n: number) => `0x${n.toString(16).padStart(96, "0")}`;
const settings = { labels: {}, metrics: undefined, refreshMs: 300_000 };
const csv = (name: string, path = name): ValidatorSource => ({ ...settings, name, kind: "csv", path });
const signer = (changes: Partial<Extract<ValidatorSource, { kind: "web3signer" }>> = {}): ValidatorSource => ({
  ...settings,
  name: "signer",
  kind: "web3signer",
  url: "http://signer",
  headers: {},
  refreshMs: 60_000,
  ...changes,
});
const config = (...validators: ValidatorSource[]): FleetConfig => ({
  validators,
  customers: [],
  hosts: [],
  providers: [],
});

/** Files and one server in memory. */
interface World {
  files: Map<string, string>;
  /** Undefined: it refuses connections. */
  signer: string[] | undefined;
  asked: number;
  headers: Record<string, string>[];
}

interface Following {
  clock: FakeClock;
  world: World;
  fleet: FleetFollower;
  revisions: FleetInventory[];
  errors: unknown[];
}

async function follow(first: FleetConfig, files: Record<string, string> = {}): Promise<Following> {
  const clock = createFakeClock();
  const world: World = { files: new Map(Object.entries(files)), signer: [], asked: 0, headers: [] };
  const io: SourceIo = {
    readText: (path) => {
      const text = world.files.get(path);
      return text === undefined
        ? Promise.reject(Object.assign(new Error("no such file"), { code: "ENOENT" }))
        : Promise.resolve(text);
    },
    stampOf: (path) => Promise.resolve(world.files.get(path) ?? "missing"),
    get: (_url, { headers }) => {
      world.asked += 1;
      world.headers.push({ ...headers });
      return Promise.resolve(
        world.signer
          ? { ok: true, status: 200, body: JSON.stringify(world.signer) }
          : { ok: false, kind: "refused", message: "connection refused" },
      );
    },
    query: () => Promise.reject(new Error("no database here")),
  };
  const errors: unknown[] = [];
  const revisions: FleetInventory[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const fleet = followFleet({ config: first, io, clock, random: () => 0.5, onError });
  onTestFinished(() => fleet.stop());
  fleet.subscribe((inventory) => revisions.push(inventory));
  await clock.advance(0);
  await fleet.firstRead;
  return { clock, world, fleet, revisions, errors };
}

test("the first reading of all sources is one revision, and reading the same again is none", async () => {
  const { clock, world, fleet, revisions } = await follow(config(csv("a"), signer()), { a: `index\n5\n` });
  expect(revisions.map(({ revision }) => revision)).toEqual([1]);
  expect(fleet.inventory()).toMatchObject({ revision: 1, validators: [{ index: 5 }] });
  const readAt = fleet.inventory().sources.map((source) => source.readAt);
  await clock.advance(600_000);
  expect(world.asked).toBe(11);
  expect(revisions).toHaveLength(1);
  expect(fleet.inventory().sources[1]?.readAt).toBeGreaterThan(readAt[1] ?? Infinity);
});

test("a cohort of 10,000 keys is added, relabelled and removed while running, each as one revision", async () => {
  const others = Array.from({ length: 20_000 }, (_, i) => `${key(i)},${i},acme`);
  const cohort = (customer: string) =>
    Array.from({ length: 10_000 }, (_, i) => `${key(50_000 + i)},${50_000 + i},${customer}`);
  const file = (...rows: string[][]) => `pubkey,index,customer\n${rows.flat().join("\n")}\n`;
  const { clock, world, fleet, revisions } = await follow(config(csv("a")), { a: file(others) });
  const count = (customer: string) =>
    fleet.inventory().validators.filter(({ labels }) => labels["customer"] === customer).length;
  const startedAt = process.cpuUsage();
  for (const [rows, added, moved] of [
    [[others, cohort("new")], 10_000, 0],
    [[others, cohort("moved")], 0, 10_000],
    [[others], 0, 0],
  ] as const) {
    const before = revisions.length;
    world.files.set("a", file(...rows));
    await clock.advance(5_000);
    expect(revisions).toHaveLength(before + 1);
    expect(fleet.inventory().revision).toBe(before + 1);
    expect([count("acme"), count("new"), count("moved")]).toEqual([20_000, added, moved]);
  }
  const { user, system } = process.cpuUsage(startedAt);
  expect((user + system) / 1000).toBeLessThan(10_000);
});

test("a file is read when two looks found it the same, so that half of it is never believed", async () => {
  const { clock, world, fleet } = await follow(config(csv("a")), { a: "index\n1\n2\n" });
  const seen: number[] = [];
  for (const text of ["index\n", "index\n1\n", "index\n1\n2\n3\n"]) {
    world.files.set("a", text);
    await clock.advance(1_000);
    seen.push(fleet.inventory().validators.length);
  }
  expect(seen).toEqual([2, 2, 2]);
  await clock.advance(1_000);
  expect(fleet.inventory().validators).toHaveLength(3);
});

test("a source that fails keeps what it listed, is told, and is asked again later and later", async () => {
  const { clock, world, fleet, revisions } = await follow(config(signer()));
  world.signer = [key(1)];
  await clock.advance(60_000);
  expect(fleet.inventory().validators).toHaveLength(1);
  world.signer = undefined;
  await clock.advance(60_000);
  const asked = world.asked;
  const error = { code: "source-unreachable", message: "list keys of signer: connection refused" };
  expect(fleet.inventory()).toMatchObject({ validators: [{ pubkey: key(1) }], sources: [{ validators: 1, error }] });
  const revision = revisions.length;
  await clock.advance(600_000);
  // 1.5 s, 3, 6, 12, 24, then 45 each: never faster than that, never slower than when it works.
  expect(world.asked - asked).toBe(5 + Math.floor((600 - 46.5) / 45));
  expect(revisions).toHaveLength(revision);
  world.signer = [key(1)];
  await clock.advance(60_000);
  expect(fleet.inventory().sources[0]?.error).toBeUndefined();
  expect(revisions).toHaveLength(revision);
});

test("a file that is gone is told, keeps its validators, and is read when it is back", async () => {
  const { clock, world, fleet } = await follow(config(csv("a")), { a: "index\n5\n" });
  world.files.delete("a");
  await clock.advance(3_000);
  const { validators, sources } = fleet.inventory();
  expect([validators.length, sources[0]?.error?.code]).toEqual([1, "source-unreadable"]);
  world.files.set("a", "index\n5\n6\n");
  await clock.advance(3_000);
  expect(fleet.inventory().validators).toHaveLength(2);
  expect(fleet.inventory().sources[0]?.error).toBeUndefined();
});

test("the chain fills in keys and indices of ours, and strangers are not kept", async () => {
  const { clock, fleet, revisions } = await follow(config(csv("a")), { a: `pubkey,index\n${key(1)},\n,7\n` });
  fleet.learn([
    { pubkey: key(1).toUpperCase().replace("0X", "0x"), index: 4 },
    { pubkey: key(7), index: 7 },
    { pubkey: key(9), index: 9 },
  ]);
  await clock.advance(0);
  const pairs = fleet.inventory().validators.map(({ pubkey, index }) => [pubkey, index]);
  expect(pairs).toEqual([
    [key(1), 4],
    [key(7), 7],
  ]);
  fleet.learn([{ pubkey: key(1), index: 4 }]);
  await clock.advance(0);
  expect(revisions).toHaveLength(2);
});

test("a new configuration is taken over: sources come, go and change without losing what they listed", async () => {
  const { clock, world, fleet, revisions } = await follow(config(csv("a"), signer()), {
    a: "index\n5\n",
    b: "index\n6\n",
  });
  world.signer = [key(1)];
  await clock.advance(60_000);
  world.signer = undefined;
  const authorization = new Secret("Basic x", "env A");
  fleet.reconfigure(config(csv("b"), signer({ labels: { customer: "acme" }, headers: { authorization } })));
  await clock.advance(0);
  const { validators, sources } = fleet.inventory();
  expect(validators).toMatchObject([
    { index: 6, sources: ["b"] },
    { pubkey: key(1), labels: { customer: "acme", signer: "signer" } },
  ]);
  expect(sources.map(({ name }) => name)).toEqual(["b", "signer"]);
  expect(world.headers.at(-1)).toMatchObject({ authorization: "Basic x" });
  const asked = world.asked;
  fleet.reconfigure(config(csv("b"), signer({ labels: { customer: "acme" }, headers: { authorization } })));
  await clock.advance(0);
  expect(world.asked).toBe(asked);
  expect(revisions.at(-1)?.revision).toBe(fleet.inventory().revision);
});

test("names that nothing declares, empty sources and lines left out are findings", async () => {
  const customers = [{ name: "acme", uptimeTarget: 99, feeRecipients: [], relays: "any" as const }];
  const { clock, fleet } = await follow(
    { ...config(csv("a"), csv("b")), customers },
    {
      a: "index,customer\n1,acme\n2,acmee\n3,acmee\nx,acme\n",
      b: "index\n",
    },
  );
  expect(fleet.inventory().findings).toEqual([
    { reason: "unknown-customer", about: "acmee", validators: 2, detail: "2 validators have the label customer=acmee" },
    { reason: "skipped-entries", about: "a", validators: 1, detail: "a: 1 left out" },
    { reason: "empty-source", about: "b", validators: 0, detail: "b lists no validator" },
  ]);
  expect(fleet.inventory().sources[0]?.skipped).toEqual(['line 5: "x" is not an index']);
  fleet.reconfigure(config(csv("a"), csv("b")));
  await clock.advance(0);
  expect(fleet.inventory().findings.map(({ reason }) => reason)).toEqual(["skipped-entries", "empty-source"]);
});

test("a listener that throws stops nobody, and after the stop nothing is read", async () => {
  const { clock, world, fleet, errors, revisions } = await follow(config(csv("a"), signer()), { a: "index\n5\n" });
  const problem = new Error("listener");
  fleet.subscribe(() => {
    throw problem;
  });
  fleet.subscribe((inventory) => revisions.push(inventory));
  world.files.set("a", "index\n6\n");
  await fleet.refresh();
  expect(errors).toEqual([problem]);
  expect(revisions).toHaveLength(3);
  const asked = world.asked;
  fleet.stop();
  world.files.set("a", "index\n7\n");
  await clock.advance(600_000);
  expect([world.asked, revisions.length]).toEqual([asked, 3]);
});

test("a source that breaks in a way nobody foresaw is reported, and the others go on", async () => {
  const broken: ValidatorSource = {
    ...settings,
    name: "db",
    kind: "postgres",
    url: new Secret("postgres://x", "env U"),
    query: "SELECT 1",
  };
  const { fleet, errors } = await follow(config(broken, csv("a")), { a: "index\n5\n" });
  expect(errors).toEqual([new Error("no database here")]);
  expect(fleet.inventory().validators).toHaveLength(1);
});
