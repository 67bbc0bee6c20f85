import { beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../lib/fake-clock.ts";
import { createAccessDesk, type AccessDesk } from "./access-desk.ts";
import { createSetupDesk, setupCodeMs, setupLink, type SetupDesk } from "./setup-desk.ts";
import { memoryAccessStore } from "./testing/memory-access-store.ts";
import { memorySetupStore } from "./testing/memory-setup-store.ts";

const password = "four random words here";
let clock: FakeClock;
let people: AccessDesk;
let store: ReturnType<typeof memorySetupStore>;
let setup: SetupDesk;
beforeEach(() => {
  clock = createFakeClock();
  people = createAccessDesk({ store: memoryAccessStore(), clock });
  store = memorySetupStore();
  setup = createSetupDesk({ people, store, clock });
});

const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "allowed",
    (error: unknown) => (error as { code?: string }).code,
  );
const made = async (): Promise<string> => (await setup.makeCode()) ?? "";

test("a code makes the first admin and logs them in; nothing kept gives it away", async () => {
  const code = await made();
  expect(code).toMatch(/^[\w-]{43}$/);
  expect(JSON.stringify([...store.values])).not.toContain(code);
  const { secret, csrf, user } = await setup.redeem(code, "alice", password, "a");
  expect(user).toEqual({ kind: "user", name: "alice", role: "admin" });
  expect(await people.identifySession(secret, csrf, true)).toEqual(user);
});

test("a code works once, even for two who come at the same moment", async () => {
  const code = await made();
  const both = [setup.redeem(code, "alice", password, "a"), setup.redeem(code, "mallory", password, "b")];
  expect(await Promise.all(both.map(codeOf))).toEqual(["allowed", "login-throttled"]);
  expect(await codeOf(setup.redeem(code, "mallory", password, "b"))).toBe("setup-over");
  expect((await people.users()).map(({ name }) => name)).toEqual(["alice"]);
});

test("a code from before is dead once it was used, though its user is gone", async () => {
  const code = await made();
  await setup.redeem(code, "alice", password, "a");
  const emptied = createSetupDesk({ people: { ...people, users: () => Promise.resolve([]) }, store, clock });
  expect(await codeOf(emptied.redeem(code, "mallory", password, "b"))).toBe("setup-code-wrong");
});

test("a wrong code is refused, and guessing is slowed down", async () => {
  const code = await made();
  const tries = [];
  for (const guess of ["", "x", `${code}x`, code.slice(1), code.toUpperCase(), code])
    tries.push(await codeOf(setup.redeem(guess, "mallory", password, "a")));
  expect(tries).toEqual([...Array<string>(5).fill("setup-code-wrong"), "login-throttled"]);
  expect(await codeOf(setup.redeem(code, "alice", password, "b"))).toBe("allowed");
});

test("without a code that was made, none is right", async () => {
  expect(await codeOf(setup.redeem("", "mallory", password, "a"))).toBe("setup-code-wrong");
});

test("a code is over after a day, and when a newer one was made", async () => {
  const first = await made();
  const second = await made();
  expect(await codeOf(setup.redeem(first, "alice", password, "a"))).toBe("setup-code-wrong");
  await clock.advance(setupCodeMs);
  expect(await codeOf(setup.redeem(second, "alice", password, "a"))).toBe("setup-code-expired");
});

test("a password that will not do costs nothing: the code can be tried again", async () => {
  const code = await made();
  expect(await codeOf(setup.redeem(code, "alice", "short", "a"))).toBe("password-too-short");
  expect(await codeOf(setup.redeem(code, "Not A Name", password, "a"))).toBe("user-name-bad");
  expect(await people.users()).toEqual([]);
  expect(await codeOf(setup.redeem(code, "alice", password, "a"))).toBe("allowed");
});

test("where there is a user, there is no link, and an older code is worth nothing", async () => {
  const link = await setupLink(setup, "http://127.0.0.1:7380/");
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:7380\/login\?setup=[\w-]{43}$/);
  await people.addUser("alice", password, "viewer");
  expect(await setupLink(setup, "http://127.0.0.1:7380")).toBeUndefined();
  expect(await codeOf(setup.redeem(link?.split("=")[1] ?? "", "mallory", password, "a"))).toBe("setup-over");
});
