import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          // One project after the other: a devnet next to busy unit tests would miss duties of its own.
          sequence: { groupOrder: 0 },
          include: [
            "src/**/*.test.ts",
            "test/*.test.ts",
            "test/support/**/*.test.ts",
            "testbed/src/**/*.test.ts",
            "scripts/**/*.test.ts",
            "web/src/**/*.test.ts",
          ],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "integration",
          sequence: { groupOrder: 2 },
          include: ["test/integration/**/*.test.ts"],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "browser",
          sequence: { groupOrder: 1 },
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
