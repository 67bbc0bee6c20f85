import { expect, test } from "vitest";
import type { UpgradeLine } from "./launcher-socket.ts";
import { createUpgrades } from "./upgrades.ts";

test("who asks while an upgrade is under way follows that one, from its first line on", async () => {
  const finish = Promise.withResolvers<string>();
  let runs = 0;
  const upgrades = createUpgrades((progress) => {
    runs++;
    progress("started");
    return finish.promise;
  });
  const [first, second]: [UpgradeLine[], UpgradeLine[]] = [[], []];
  upgrades.request((line) => first.push(line));
  upgrades.request((line) => second.push(line));
  finish.resolve("upgraded");
  await upgrades.settled();
  expect(runs).toBe(1);
  expect(second).toEqual([
    { kind: "progress", text: "started" },
    { kind: "done", text: "upgraded" },
  ]);
  expect(first).toEqual(second);
});

test("after one that failed, the next request starts another", async () => {
  const outcomes = [() => Promise.reject(new Error("no")), () => Promise.resolve("yes")];
  const upgrades = createUpgrades(() => (outcomes.shift() ?? outcomes[0])?.() ?? Promise.resolve(""));
  const lines: UpgradeLine[] = [];
  for (let i = 0; i < 2; i++) {
    upgrades.request((line) => lines.push(line));
    await upgrades.settled();
  }
  expect(lines).toEqual([
    { kind: "failed", text: "no" },
    { kind: "done", text: "yes" },
  ]);
});
