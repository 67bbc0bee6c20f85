import { expect, test } from "vitest";
import { silentLogger } from "../../lib/log.ts";
import { createChores } from "./chores.ts";

test("a chore that still runs is not begun again, idle waits for it, and one that fails comes round again", async () => {
  const chores = createChores(silentLogger);
  let begun = 0;
  let end: () => void = () => undefined;
  const run = chores.add("counting", () => {
    begun += 1;
    return begun === 1 ? new Promise<void>((resolve) => (end = resolve)) : Promise.reject(new Error("away"));
  });
  run();
  run();
  expect(begun).toBe(1);
  let isIdle = false;
  const idle = chores.idle().then(() => (isIdle = true));
  await Promise.resolve();
  expect(isIdle).toBe(false);
  end();
  await idle;
  for (const wanted of [2, 3]) {
    run();
    await chores.idle();
    expect(begun).toBe(wanted);
  }
});
