import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const bin = (path: string) => join(root, "node_modules", path);

interface Check {
  name: string;
  args: string[];
}

const quick: readonly Check[] = [
  { name: "types", args: [bin("@typescript/native/bin/tsc"), "-p", "."] },
  { name: "types of the web pages", args: [bin("@typescript/native/bin/tsc"), "-p", "web"] },
  { name: "format", args: [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."] },
  { name: "lint", args: [bin("eslint/bin/eslint.js"), "."] },
];

const running = new Set<ChildProcess>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
  });

function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
    running.add(child);
    child.on("error", reject);
    child.on("close", (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  success: boolean;
}

/** Arguments go to vitest as they are: `npm test -- --project unit`, `npm test -- src/upstream`. */
const chosen = process.argv.slice(2);
const failed: string[] = [];
if (chosen.length === 0)
  for (const check of quick) {
    const startedAt = performance.now();
    const code = await run(check.args);
    console.log(
      `${code === 0 ? "ok" : "FAILED"}  ${check.name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
    );
    if (code !== 0) failed.push(check.name);
  }

const folder = mkdtempSync(join(tmpdir(), "slotkeeper-test-"));
try {
  const reportFile = join(folder, "report.json");
  const code = await run([
    bin("vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportFile}`,
    ...chosen,
  ]);
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  const skipped = report.numPendingTests + report.numTodoTests;
  if (code !== 0 || !report.success) failed.push("tests");
  if (skipped > 0 && process.env["CI"]) failed.push(`${skipped} skipped tests (in CI a skip is a failure)`);
  if (failed.length > 0) console.log(`Failed: ${failed.join("; ")}`);
  const checks = chosen.length === 0 ? quick.length : 0;
  const failedChecks = failed.filter((name) => quick.some((check) => check.name === name)).length;
  console.log(
    `${report.numPassedTests + checks - failedChecks} passed, ${report.numFailedTests + failedChecks} failed, ${skipped} skipped`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed.length === 0 ? 0 : 1;
