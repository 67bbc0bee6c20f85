import { expect, test } from "vitest";
import { fullWarmUpMs, judgeWarmUp, maxWarmUpMs, type GroupWarmth } from "./warm-up.ts";

const group = (view: GroupWarmth["view"], ready: number, wanted: GroupWarmth["wanted"]): GroupWarmth => ({
  ...{ group: "main", view, ready, wanted },
});
const threeReady = { view: "serving", ready: 3 } as const;

test("as good as the running process: it takes over at once", () => {
  expect(judgeWarmUp([group("serving", 3, threeReady)], 0)).toEqual({ kind: "warm" });
});

test("serving with fewer nodes, it waits for the others, but not for ever: one may have died meanwhile", () => {
  const fewer = [group("serving", 2, threeReady)];
  expect(judgeWarmUp(fewer, 0)).toMatchObject({ kind: "waiting", reason: "fewer-ready" });
  expect(judgeWarmUp(fewer, fullWarmUpMs)).toEqual({ kind: "warm" });
});

test("a worse view is never taken over with, and is given up in the end", () => {
  for (const view of ["none", "split", "degraded"] as const) {
    const worse = [group("serving", 3, threeReady), group(view, 0, threeReady)];
    expect(judgeWarmUp(worse, fullWarmUpMs)).toMatchObject({ kind: "waiting", reason: "view-worse" });
    expect(judgeWarmUp(worse, maxWarmUpMs)).toMatchObject({
      kind: "cold",
      detail: expect.stringContaining(view) as string,
    });
  }
});

test("where the running process has no ready node either, an upgrade goes on after a while", () => {
  const dark = [group("none", 0, { view: "none", ready: 0 })];
  expect(judgeWarmUp(dark, 0)).toMatchObject({ kind: "waiting" });
  expect(judgeWarmUp(dark, fullWarmUpMs)).toEqual({ kind: "warm" });
});

test("a group that the running process does not have yet holds nothing up for long", () => {
  const added = [group("serving", 3, threeReady), group("none", 0, undefined)];
  expect(judgeWarmUp(added, 0)).toMatchObject({ kind: "waiting" });
  expect(judgeWarmUp(added, fullWarmUpMs)).toEqual({ kind: "warm" });
});
