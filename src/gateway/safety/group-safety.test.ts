import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../../lib/fake-clock.ts";
import type { Logger } from "../../lib/log.ts";
import { silentLogger } from "../../lib/log.ts";
import { createCounters } from "../counters.ts";
import { createFakeUpstream, fakeNetwork } from "../testing/fake-upstream.ts";
import { createSafety, type Safety } from "./group-safety.ts";

let folder: string;
let clock: FakeClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slotkeeper-safety-"));
  clock = createFakeClock();
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = () => join(folder, "data", "g.safety.json");

function open(log: Logger = silentLogger, network = fakeNetwork(clock.now())): Safety {
  const upstream = createFakeUpstream(clock, ["a", "b"]);
  upstream.setNetwork(network);
  return createSafety({ path: path(), clock, log, counters: createCounters(), upstream });
}

const reported = new Map([
  ["a", 999],
  ["b", 999],
]);

test("a hold survives a restart until it is released, mode 0600", () => {
  open().hold("slashing seen", "anna");
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  const again = open();
  expect(again.status().hold).toEqual({ reason: "slashing seen", by: "anna", at: clock.now() });
  again.release("bert");
  expect(open().heldBecause).toBeUndefined();
});

test("what is not held cannot be released, nor a watermark reset that is not there", () => {
  const safety = open();
  expect(() => safety.release("anna")).toThrow(expect.objectContaining({ code: "not-held" }) as Error);
  expect(() => safety.resetWatermark("anna")).toThrow(expect.objectContaining({ code: "no-watermark" }) as Error);
});

test("two clients with one key are told with their names, the last time that it was seen", async () => {
  const safety = open();
  safety.sawKeys([{ validatorIndex: 7 }], "10.0.0.4");
  expect(safety.status().duplicateKey).toBeUndefined();
  await clock.advance(1_000);
  safety.sawKeys([{ validatorIndex: 6 }, { validatorIndex: 7 }], "10.0.0.5");
  expect(safety.status().duplicateKey).toEqual({
    at: clock.now(),
    validatorIndex: 7,
    clients: ["10.0.0.4", "10.0.0.5"],
  });
});

test("holding again replaces the reason", () => {
  const safety = open();
  safety.hold("first", "anna");
  safety.hold("second", "bert");
  expect(safety.heldBecause).toMatchObject({ reason: "second", by: "bert" });
});

test("a watermark survives a restart, and a person may reset it", async () => {
  const safety = open();
  safety.served(999, reported);
  await clock.advance(1_000);
  const again = open();
  expect(again.isRegressed(998)).toBe(true);
  again.resetWatermark("anna");
  expect(open().isRegressed(998)).toBe(false);
});

test("what is not on disk yet is written at the end, unless another process has the file", () => {
  const safety = open();
  safety.served(999, reported);
  safety.stop();
  expect(open().watermark?.epoch).toBe(999);

  const leaving = open();
  leaving.giveUp();
  const next = open();
  next.hold("by the next process", "anna");
  leaving.resetWatermark("anna");
  leaving.stop();
  expect(open().heldBecause?.reason).toBe("by the next process");
});

test("a watermark of another network means nothing", () => {
  const safety = open();
  safety.served(999, reported);
  safety.stop();
  const elsewhere = fakeNetwork(clock.now());
  elsewhere.genesis.genesisValidatorsRoot = `0x${"99".repeat(32)}`;
  expect(open(silentLogger, elsewhere).isRegressed(5)).toBe(false);
});

test("an unreadable file is said, and the guards start empty", () => {
  open().hold("x", "anna");
  const whole = readFileSync(path(), "utf8");
  for (const text of ["", whole.slice(0, -8), '{"version":2}', '{"version":1,"hold":{"reason":1}}']) {
    writeFileSync(path(), text);
    const errors: string[] = [];
    const log = { ...silentLogger, error: (message: unknown) => void errors.push(String(message)) } as Logger;
    expect(open(log).status()).toEqual({ tripwire: { refused: 0 } });
    expect(errors).toEqual([expect.stringContaining("read the safety state")]);
  }
});

test("a hold that the disk refuses still holds, and says that it is in memory only", () => {
  writeFileSync(join(folder, "data"), "a file where the folder should be");
  const safety = open();
  expect(() => safety.hold("x", "anna")).toThrow(expect.objectContaining({ code: "safety-write" }));
  expect(safety.heldBecause?.reason).toBe("x");
});
