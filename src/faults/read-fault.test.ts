import { expect, test } from "vitest";
import { readFault, settingNames } from "./read-fault.ts";
import { faultKinds } from "./registry.ts";

test("every kind can be asked for by its name alone", () => {
  expect(faultKinds.map((kind) => readFault(kind))).toEqual(faultKinds.map((kind) => ({ kind })));
});

test("settings are taken over where they fit the kind", () => {
  expect(readFault("status-5xx", { status: 503 })).toEqual({ kind: "status-5xx", status: 503 });
  expect(readFault("reset", { at: "body" })).toEqual({ kind: "reset", at: "body" });
  expect(settingNames("drip")).toEqual(["bytesPerSecond", "at"]);
});

test.each([
  ["nonsense", {}, /kind nonsense is not known; there are refuse/],
  ["constructor", {}, /not known/],
  ["hang", { speed: 1 }, /no setting speed; it takes: none/],
  ["status-5xx", { status: 200 }, /status of status-5xx cannot be 200/],
  ["drip", { bytesPerSecond: Number.NaN }, /cannot be/],
  ["reset", { at: "end" }, /cannot be "end"/],
  ["hang", { kind: "refuse" }, /no setting kind/],
])("%s with %j is refused with what would be right", (kind, settings, message) => {
  expect(() => readFault(kind, settings)).toThrow(message);
});
