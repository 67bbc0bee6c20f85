import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/**
 * One project after the other, in this order: a devnet next to busy unit tests would miss duties of its own.
 * Vitest knows no order 0 for a project of one worker (it runs such a project last), so the orders begin at 1; and its
 * default leaves one processor to itself, which is half of a machine with two.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          sequence: { groupOrder: 1 },
          include: [
            "src/**/*.test.ts",
            "test/*.test.ts",
            "test/support/**/*.test.ts",
            "testbed/src/**/*.test.ts",
            "scripts/**/*.test.ts",
            "web/src/**/*.test.ts",
          ],
          maxWorkers: "100%",
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "browser",
          sequence: { groupOrder: 2 },
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "integration",
          sequence: { groupOrder: 3 },
          include: ["test/integration/**/*.test.ts"],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // They wait for slots most of the time: the devnet, and one after the other of the simulated networks beside it.
          maxWorkers: 2,
        },
      },
    ],
  },
});
