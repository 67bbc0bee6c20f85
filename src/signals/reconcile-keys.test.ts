import { expect, test } from "vitest";
import type { FleetValidator } from "../fleet/validator.ts";
import { reconcileKeys, type KeyPlace } from "./reconcile-keys.ts";

const key = (n: number) => `0x${n.toString(16).padStart(96, "0")}`;
const validator = (n: number, labels: Record<string, string>, sources = ["csv"]): FleetValidator => ({
  pubkey: key(n),
  index: n,
  labels,
  sources,
});
const place = (name: string, keys: readonly number[], changes: Partial<KeyPlace> = {}): KeyPlace => ({
  place: name,
  kind: "validator-client",
  source: name,
  checkedAt: 1,
  keys: new Map(keys.map((n) => [key(n), "local"])),
  count: undefined,
  ...changes,
});
const anyStatus = () => undefined;
const vc1 = { validatorClient: "vc1" };

test("keys that are expected and absent, and present and not expected, are told", () => {
  const inventory = [validator(1, vc1), validator(2, vc1, ["csv", "vc1"]), validator(9, { validatorClient: "vc2" })];
  expect(reconcileKeys(inventory, [place("vc1", [2, 3])], anyStatus)).toEqual([
    {
      place: "vc1",
      kind: "validator-client",
      checkedAt: 1,
      expected: 2,
      loaded: 2,
      missing: [key(1)],
      unexpected: [key(3)],
      doubled: [],
      counts: { missing: 1, unexpected: 1, doubled: 0 },
    },
  ]);
});

test("what a client itself listed before is expected where nobody else says anything", () => {
  const inventory = [validator(1, vc1, ["vc1"]), validator(2, vc1, ["vc1"])];
  expect(reconcileKeys(inventory, [place("vc1", [2, 3])], anyStatus)).toMatchObject([
    { expected: 2, missing: [key(1)], unexpected: [] },
  ]);
});

test.each([
  ["active_ongoing", 1],
  ["active_exiting", 1],
  ["pending_queued", 1],
  ["pending_initialized", 0],
  ["exited_unslashed", 0],
  ["withdrawal_done", 0],
])("a validator that is %s is missed %i times; loaded, it is never unexpected", (status, times) => {
  const inventory = [validator(1, vc1), validator(2, vc1)];
  const statusOf = (pubkey: string) => (pubkey === key(1) ? status : "active_ongoing");
  expect(reconcileKeys(inventory, [place("vc1", [2])], statusOf)[0]?.missing).toHaveLength(times);
  expect(reconcileKeys(inventory, [place("vc1", [1, 2])], statusOf)[0]).toMatchObject({ missing: [], unexpected: [] });
});

test("a key in two validator clients is doubled, in both", () => {
  const found = reconcileKeys([], [place("vc1", [1, 2]), place("vc2", [1])], anyStatus);
  expect(found.map(({ doubled }) => doubled)).toEqual([
    [{ pubkey: key(1), places: ["vc2"] }],
    [{ pubkey: key(1), places: ["vc1"] }],
  ]);
});

test("a signer's key is doubled where a client has it itself, not where it asks the signer", () => {
  const signer = place("signer", [1, 2], { kind: "signer" });
  const keys = new Map([
    [key(1), "remote" as const],
    [key(2), "local" as const],
  ]);
  const found = reconcileKeys([], [signer, place("vc1", [], { keys })], anyStatus);
  expect(found.map(({ doubled }) => doubled.map(({ pubkey }) => pubkey))).toEqual([[key(2)], [key(2)]]);
});

test("two signers with one key are no more dangerous than one: they are told apart by nobody", () => {
  const signers = ["s1", "s2"].map((name) => place(name, [1], { kind: "signer" }));
  expect(reconcileKeys([], signers, anyStatus).map(({ doubled }) => doubled)).toEqual([[], []]);
});

test("a place that cannot be read has an unknown number and blames nobody", () => {
  const error = { code: "source-unreachable", message: "connection refused" };
  const [found] = reconcileKeys([validator(1, vc1)], [place("vc1", [], { keys: undefined, error })], anyStatus);
  expect(found).toMatchObject({ expected: 1, loaded: undefined, missing: [], unexpected: [], error });
});

test("a place that tells only its number is compared by number, of its label or of its source", () => {
  const inventory = [validator(1, vc1), validator(2, {}, ["keys"]), validator(3, {}, ["keys"])];
  const counted = { keys: undefined, count: 4, source: undefined };
  const found = reconcileKeys(
    inventory,
    [place("vc1", [], counted), place("keys", [], { ...counted, listedBy: "keys" })],
    anyStatus,
  );
  expect(found).toMatchObject([
    { expected: 1, loaded: 4 },
    { expected: 2, loaded: 4 },
  ]);
});

test("at most 20 examples are named, and all are counted", () => {
  const inventory = Array.from({ length: 100 }, (_, n) => validator(n, vc1));
  const others = Array.from({ length: 50 }, (_, n) => 1_000 + n);
  const [found] = reconcileKeys(inventory, [place("vc1", others), place("vc2", others)], anyStatus);
  expect([found?.missing.length, found?.unexpected.length, found?.doubled.length]).toEqual([20, 20, 20]);
  expect(found?.counts).toEqual({ missing: 100, unexpected: 50, doubled: 50 });
});
