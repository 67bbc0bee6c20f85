import { beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../lib/fake-clock.ts";
import { createAccessDesk, type AccessDesk } from "./access-desk.ts";
import { sessionIdleMs, sessionLongestMs } from "./judge-session.ts";
import { memoryAccessStore } from "./testing/memory-access-store.ts";
import type { AccessStore } from "./types.ts";

const password = "four random words here";
let clock: FakeClock;
let store: AccessStore;
let desk: AccessDesk;
beforeEach(async () => {
  clock = createFakeClock();
  store = memoryAccessStore();
  desk = createAccessDesk({ store, clock });
  await desk.addUser("alice", password, "admin");
});

const code = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "allowed",
    (error: unknown) => (error as { code?: string }).code,
  );

test("a login opens a session; its secret is kept nowhere, and a change needs the page's own word", async () => {
  const { secret, csrf, user } = await desk.login("alice", password, "10.0.0.1");
  expect(user).toEqual({ kind: "user", name: "alice", role: "admin" });
  expect(JSON.stringify([await store.users(), await store.tokens()])).not.toContain(password);
  expect(await store.session(secret)).toBeUndefined();
  expect(await desk.identifySession(secret, undefined, false)).toEqual(user);
  expect(await desk.identifySession(secret, csrf, true)).toEqual(user);
  expect(await code(desk.identifySession(secret, undefined, true))).toBe("csrf-wrong");
  expect(await code(desk.identifySession(secret, `${csrf}x`, true))).toBe("csrf-wrong");
  expect(await code(desk.identifySession("other", csrf, false))).toBe("session-unknown");
  await desk.logout(secret);
  expect(await code(desk.identifySession(secret, csrf, false))).toBe("session-unknown");
});

test("a session ends when it rests, when it is old, when the password changes, and when the user is disabled", async () => {
  await desk.addUser("bob", password, "viewer");
  const open = async () => (await desk.login("bob", password, "a")).secret;
  const state = (secret: string) => code(desk.identifySession(secret, undefined, false));
  const resting = await open();
  await clock.advance(sessionIdleMs - 1);
  expect(await state(resting)).toBe("allowed");
  await clock.advance(sessionIdleMs);
  expect(await state(resting)).toBe("session-expired");

  const busy = await open();
  for (let spent = 0; spent < sessionLongestMs; spent += sessionIdleMs / 2) {
    expect(await state(busy)).toBe("allowed");
    await clock.advance(sessionIdleMs / 2);
  }
  expect(await state(busy)).toBe("session-expired");

  const before = await open();
  await clock.advance(1);
  await desk.setPassword("bob", "another four random words");
  expect(await state(before)).toBe("session-unknown");
  const { secret } = await desk.login("bob", "another four random words", "a");
  await desk.disable("bob");
  expect(await state(secret)).toBe("session-unknown");
  expect(await code(desk.login("bob", "another four random words", "a"))).toBe("user-disabled");
  await desk.enable("bob");
  expect(await code(desk.login("bob", "another four random words", "a"))).toBe("allowed");
});

test("wrong and unknown names are told the same, and have to wait longer and longer after five", async () => {
  expect(await code(desk.login("alice", "wrong password", "a"))).toBe("login-wrong");
  expect(await code(desk.login("nobody", password, "a"))).toBe("login-wrong");
  for (let tries = 0; tries < 3; tries++) await code(desk.login("alice", "wrong password", "a"));
  expect(await code(desk.login("alice", password, "a"))).toBe("login-throttled");
  // Another name from the same address waits too; another address may try another name.
  await desk.addUser("bob", password, "viewer");
  expect(await code(desk.login("bob", password, "a"))).toBe("login-throttled");
  expect(await code(desk.login("bob", password, "b"))).toBe("allowed");
  await clock.advance(2_000);
  expect(await code(desk.login("alice", password, "a"))).toBe("allowed");
});

test("weak passwords, bad names and twins are refused", async () => {
  expect(await code(desk.addUser("bob", "short", "viewer"))).toBe("password-too-short");
  expect(await code(desk.addUser("bob", "aaaabbbbaaaabbbb", "viewer"))).toBe("password-too-simple");
  expect(await code(desk.addUser("bob", "this is Bob's word", "viewer"))).toBe("password-too-simple");
  expect(await code(desk.addUser("bob", "x".repeat(300), "viewer"))).toBe("password-too-long");
  expect(await code(desk.addUser("Bob", password, "viewer"))).toBe("user-name-bad");
  expect(await code(desk.addUser("alice", password, "viewer"))).toBe("user-exists");
  expect(await code(desk.setPassword("nobody", password))).toBe("user-unknown");
});

test("the last admin stays", async () => {
  expect(await code(desk.disable("alice"))).toBe("last-admin");
  expect(await code(desk.setRole("alice", "responder"))).toBe("last-admin");
  await desk.addUser("bob", password, "admin");
  expect(await code(desk.setRole("alice", "responder"))).toBe("allowed");
  expect(await code(desk.disable("bob"))).toBe("last-admin");
  expect((await desk.users()).map(({ name, role }) => `${name} ${role}`)).toEqual(["alice responder", "bob admin"]);
});

test("an API token is told once, works until its date, and can be withdrawn", async () => {
  const made = await desk.addToken("backup script", "responder", "alice", clock.now() + 1_000);
  expect(await desk.identifyToken(made.token)).toEqual({ kind: "token", name: "backup script", role: "responder" });
  expect(JSON.stringify(await desk.tokens())).not.toContain(made.token);
  expect(await code(desk.identifyToken(`${made.token}x`))).toBe("token-wrong");
  await clock.advance(1_000);
  expect(await code(desk.identifyToken(made.token))).toBe("token-expired");
  expect([await desk.removeToken(made.id), await desk.removeToken(made.id)]).toEqual([true, false]);
  expect(await code(desk.identifyToken(made.token))).toBe("token-wrong");
});
