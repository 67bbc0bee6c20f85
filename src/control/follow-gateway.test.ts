import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import { createControlClient } from "./client.ts";
import { followGateway, type GatewayFollower } from "./follow-gateway.ts";
import type { LostSpan, ObservedGateway } from "./observed-gateway.ts";
import type { GatewayListener } from "./read-rings.ts";
import { evidenceRecord } from "./testing/samples.ts";
import { startControlServer, type ControlServer } from "./server.ts";
import { createFakeProvider, transition, type FakeProvider } from "./testing/fake-provider.ts";
import { createMemoryJournal, type MemoryJournal } from "./testing/memory-journal.ts";

let folder: string;
let server: ControlServer | undefined;
let follower: GatewayFollower;
let journal: MemoryJournal;
let wake: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-follow-"));
  journal = createMemoryJournal();
  wake = () => {};
});
afterEach(async () => {
  await follower.stop();
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const address = () => ({ kind: "socket", path: join(folder, "g.sock") }) as const;
async function serve(provider: FakeProvider): Promise<void> {
  server = await startControlServer(address(), provider, systemClock, () => {});
}
function follow(listener?: GatewayListener): void {
  const client = createControlClient(address(), systemClock);
  const parts = {
    ...{ client, journal, clock: systemClock, random: () => 0, log: silentLogger },
    ...(listener && { listener }),
  };
  follower = followGateway({ name: "main", ...parts, onChange: () => wake(), onTransitions: () => wake() });
}
/** Resolves when the follower's view satisfies `isReached`; looked at whenever it says that something changed. */
function until(isReached: (observed: ObservedGateway) => boolean): Promise<void> {
  return new Promise((resolve) => {
    wake = () => isReached(follower.observed()) && resolve();
    wake();
  });
}

test("shows a gateway as unreachable until it comes, and again when it goes", async () => {
  follow();
  await until(({ error }) => error?.includes("reach the gateway") ?? false);
  expect(follower.observed()).toMatchObject({ isReachable: false, status: undefined, lastContactAt: undefined });
  await serve(createFakeProvider());
  await until(({ isReachable }) => isReachable);
  expect(follower.observed().status?.gateway).toBe("main");
  await server?.stop();
  await until(({ isReachable }) => !isReachable);
  // The last status stays for display; its age is told by the contact.
  expect(follower.observed().status?.gateway).toBe("main");
  expect(follower.observed().lastContactAt).toBeTypeOf("number");
});

test("journals what happened before and while it listens, once, in order", async () => {
  const provider = createFakeProvider();
  provider.record(transition("before"));
  await serve(provider);
  follow();
  await until(() => journal.stored.length === 1);
  provider.record(transition("while"));
  await until(() => journal.stored.length === 2);
  expect(journal.stored.map(({ detail }) => detail)).toEqual(["before", "while"]);
  expect(journal.lost).toEqual([]);
});

test("records what fell out of the ring before it was read", async () => {
  const provider = createFakeProvider(2);
  for (const detail of ["1", "2", "3", "4", "5"]) provider.record(transition(detail));
  await serve(provider);
  follow();
  await until(() => journal.stored.length === 2);
  expect(journal.lost).toMatchObject([{ gateway: "main", stream: "transitions", count: 3 }]);
});

test("a restarted gateway's new ring is read from its start, and the unread rest of the old one is a gap of unknown size", async () => {
  const first = createFakeProvider();
  first.record(transition("old"));
  await serve(first);
  follow();
  await until(() => journal.stored.length === 1);
  await server?.stop();
  const second = createFakeProvider();
  second.change({ startedAt: first.status().startedAt + 60_000 });
  second.record(transition("new"));
  await serve(second);
  await until(() => journal.stored.length === 2);
  expect(journal.stored.map(({ detail }) => detail)).toEqual(["old", "new"]);
  expect(journal.lost.filter(({ stream }) => stream === "transitions")).toMatchObject([{ count: 0 }]);
});

test("a journal that refuses loses nothing: the next status reads again", async () => {
  const provider = createFakeProvider();
  journal.failNext = true;
  provider.record(transition("kept"));
  await serve(provider);
  follow();
  await until(({ isReachable }) => isReachable);
  await until(() => !journal.failNext);
  provider.change({ configRevision: "again" });
  await until(() => journal.stored.length === 1);
  expect(journal.stored[0]?.detail).toBe("kept");
});

test("a listener hears evidence and arrivals in order, what a monitor before had read once more, and what is lost", async () => {
  const provider = createFakeProvider(3);
  for (const id of ["1", "2"]) provider.evidenceRing.push(evidenceRecord(id));
  provider.arrivalRing.push({ at: 5, group: "default", node: "bn1", kind: "head", slot: 1, root: "0xaa" });
  await serve(provider);
  const heard: { ids: string[]; lost: LostSpan | undefined }[] = [];
  let arrivals = 0;
  let caughtUp = 0;
  const listener: GatewayListener = {
    status: () => {},
    evidence: (_gateway, records, lost) => heard.push({ ids: records.map(({ requestId }) => requestId), lost }),
    arrivals: (_gateway, records) => void (arrivals += records.length),
    caughtUp: () => (caughtUp++, wake()),
  };
  const once = () => new Promise<void>((resolve) => void (wake = () => caughtUp > 0 && resolve()));
  let reached = once();
  follow(listener);
  await reached;
  expect(heard.flatMap(({ ids }) => ids)).toEqual(["1", "2"]);
  expect([arrivals, journal.lost.length]).toEqual([1, 0]);
  await follower.stop();
  // A monitor that starts anew: what has fallen out had been read, so it is not lost, but the listener does not have it.
  for (const id of ["3", "4", "5"]) provider.evidenceRing.push(evidenceRecord(id));
  heard.length = 0;
  caughtUp = 0;
  reached = once();
  follow(listener);
  await reached;
  expect(heard[0]).toMatchObject({ ids: ["3", "4", "5"], lost: { stream: "evidence" } });
  expect(journal.lost).toEqual([]);
});
