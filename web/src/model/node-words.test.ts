import { describe, expect, it } from "vitest";
import { becauseWords, clientWords, elState, placeWords, slotsBehind } from "./node-words.ts";

describe("clientWords", () => {
  it.each([
    ["lodestar/geth", "Lodestar/v1.50.1/1a2b3c4", "lodestar v1.50.1 · geth"],
    ["prysm/unknown", "Prysm/v7.2.0 (linux amd64)", "prysm v7.2.0"],
    ["lighthouse/nethermind", "Lighthouse/v8.1.2-5c3e1f0/x86_64-linux", "lighthouse v8.1.2 · nethermind"],
    ["unknown/unknown", "nginx", "nginx"],
    ["unknown/unknown", undefined, "unknown"],
  ])("%s %s", (clientFamily, version, words) => {
    expect(clientWords({ clientFamily, version })).toBe(words);
  });
});

describe("becauseWords", () => {
  it.each([
    ["in sync", "", "in sync"],
    ["connection refused", "getSyncingStatus of bn2: connection refused", "connection refused"],
    [
      "does not answer",
      "getSyncingStatus of bn1: no complete answer in time",
      "does not answer: no complete answer in time",
    ],
    ["not a beacon node", "HTTP 200 with text/html", "not a beacon node: HTTP 200 with text/html"],
    ["head behind", "head of slot 4: 2 slots behind", "head behind: head of slot 4: 2 slots behind"],
  ])("%s, %s", (short, detail, words) => {
    expect(becauseWords(short, detail)).toBe(words);
  });
});

describe("slotsBehind", () => {
  it("believes a syncing node that it is further behind than its head looks", () => {
    expect(slotsBehind({ headLagSlots: 0, isSyncing: true, syncDistance: 146 })).toBe(146);
  });
  it("knows nothing of a node that has told nothing", () => {
    expect(slotsBehind({ headLagSlots: undefined, isSyncing: undefined, syncDistance: undefined })).toBeUndefined();
  });
});

describe("elState", () => {
  it("does not call the execution client of a down node online", () => {
    expect(elState({ health: "down", elOffline: false, isOptimistic: false }).word).toBe("–");
  });
  it("does not take silence for online", () => {
    expect(elState({ health: "ready", elOffline: undefined, isOptimistic: undefined }).word).toBe("not told");
  });
  it("tells offline before optimistic", () => {
    expect(elState({ health: "syncing", elOffline: true, isOptimistic: true })).toMatchObject({
      word: "offline",
      tone: "bad",
    });
  });
});

describe("placeWords", () => {
  it("names provider and region first, then the rest", () => {
    expect(placeWords({ rack: "17", region: "fra", provider: "ovh" })).toBe("ovh · fra · rack=17");
  });
});
