import { expect, it } from "vitest";
import type { OnCallPage } from "../../../src/api/contract-oncall.ts";
import { findingFacts, gapWords, onCallSentence, policyEndWords, stepWords } from "./on-call-words.ts";
import { messageState, pageWords, testShown } from "./page-words.ts";

const page = (now: readonly { schedule: string; person: string | undefined }[], findings: unknown[] = []) =>
  ({ now, findings }) as unknown as OnCallPage;

it("says who is on call, and first of all where nobody is", () => {
  expect(onCallSentence(page([{ schedule: "primary", person: "alice" }]))).toEqual({
    ...{ tone: "fine", sentence: "alice is on call." },
  });
  const two = [
    { schedule: "primary", person: "alice" },
    { schedule: "backup", person: undefined },
  ];
  expect(onCallSentence(page(two))).toEqual({ tone: "bad", sentence: "Nobody is on call for backup." });
  expect(onCallSentence(page([])).tone).toBe("unknown");
  expect(onCallSentence(page([{ schedule: "primary", person: "alice" }], [{}])).tone).toBe("warn");
});

it("tells findings by when they matter", () => {
  const findings = [
    { reason: "schedule-gap", subject: "b", detail: "x", fromAt: 9 },
    { reason: "person-without-contact", subject: "a", detail: "y" },
  ];
  const facts = findingFacts(page([], findings), (code) => ({ short: code, long: "" }));
  expect(facts.map(({ name, words, at }) => [name, words, at])).toEqual([
    ["a", "person-without-contact: y", undefined],
    ["b", "schedule-gap: x", 9],
  ]);
});

it("tells policies in words", () => {
  expect([stepWords(0), stepWords(300_000)]).toEqual(["at once", "after 5 min"]);
  expect(policyEndWords({ repeats: 1, acknowledgeExpiryMs: 1_800_000 } as never)).toBe(
    "Repeated once; pages again 30 min after an acknowledgement.",
  );
});

it("never calls an untested or unacknowledged contact fine", () => {
  expect(testShown(undefined)).toEqual({ tone: "unknown", word: "never tested" });
  expect(testShown({ at: 1, state: "sent", acknowledgedAt: undefined }).tone).toBe("warn");
  expect(testShown({ at: 1, state: "sent", acknowledgedAt: 2 }).tone).toBe("fine");
  expect(testShown({ at: 1, state: "failed", acknowledgedAt: undefined }).tone).toBe("bad");
});

it("tells a message's state with the provider's words, and takes an unknown state for unknown", () => {
  const page = { state: "failed", detail: "chat not found.", attempt: 3 } as never;
  expect(pageWords(page)).toBe("failed: chat not found (attempt 3)");
  expect(messageState("constructor")).toEqual({ tone: "unknown", word: "constructor" });
});

it("tells gaps in all, and the first of them", () => {
  const hour = 3_600_000;
  const gap = (fromAt: number) => ({ schedule: "primary", fromAt: fromAt * hour, toAt: (fromAt + 2) * hour });
  expect(gapWords([gap(30), gap(6)])).toMatch(/^Nobody for 4 h in 2 gaps, first from Thu 1 Jan, \d\d:\d\d\.$/);
});
