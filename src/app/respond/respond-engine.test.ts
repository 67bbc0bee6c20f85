import { expect, test } from "vitest";
import { inbound, startAt } from "../../respond/testing/fixtures.ts";
import type { RespondCommit } from "../../respond/types.ts";
import { memoryMonitor } from "./testing/memory-monitor.ts";

const firing = (commits: readonly RespondCommit[]) =>
  commits.flatMap(({ messages }) => messages.filter(({ kind }) => kind === "page"));

test("a step that was stored although its answer was lost is not done again: one episode, one incident, one page", async () => {
  const { engine, commits, mode, rows, clock } = await memoryMonitor();
  mode.failing = "after";
  await expect(engine.step({ inbound: inbound("down") })).rejects.toThrow("the answer was lost");
  mode.failing = undefined;
  await clock.advance(1_000);
  await engine.step({ inbound: inbound("down") });
  expect(firing(commits)).toHaveLength(1);
  expect([...rows.values()].filter(({ kind }) => kind === "episode")).toHaveLength(1);
  expect(engine.state().incidents.map(({ reference }) => reference)).toEqual(["INC-1"]);
});

test("a step that was not stored has not happened, and the steps behind it go on", async () => {
  const { engine, commits, mode } = await memoryMonitor();
  mode.failing = "before";
  const lost = engine.step({ inbound: inbound("down") });
  await expect(lost).rejects.toThrow("the store is away");
  expect(engine.state().episodes).toEqual([]);
  mode.failing = undefined;
  await engine.step({ inbound: inbound("down") });
  expect(firing(commits)).toHaveLength(1);
});

test("only judging the rules counts as judging: people's acts do not hide that it has stopped", async () => {
  const { engine, clock } = await memoryMonitor();
  await clock.advance(60_000);
  await engine.step({});
  expect(engine.lastJudgedAt()).toBe(startAt);
  await engine.step({ rules: { facts: [] } });
  expect(engine.lastJudgedAt()).toBe(startAt + 60_000);
});
