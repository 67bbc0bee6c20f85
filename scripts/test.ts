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

/** They need no clock, so they take what the tests leave while these wait. */
const checks: readonly Check[] = [
  { name: "types", args: [bin("@typescript/native/bin/tsc"), "-p", "."] },
  { name: "types of the web pages", args: [bin("@typescript/native/bin/tsc"), "-p", "web"] },
  { name: "types of the oracle", args: [bin("@typescript/native/bin/tsc"), "-p", "test/oracle"] },
  { name: "format", args: [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."] },
  { name: "lint", args: [bin("eslint/bin/eslint.js"), "."] },
];

const running = new Set<ChildProcess>();
let isStopped = false;
function stop(signal: NodeJS.Signals): void {
  isStopped = true;
  for (const child of running) child.kill(signal);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(signal));

/** Its exit status; 1 where a signal ended it or it could not be started. */
function ended(child: ChildProcess): Promise<number> {
  running.add(child);
  return new Promise((resolve) => {
    child.on("error", (error) => console.error(error.message));
    child.on("close", (code) => {
      running.delete(child);
      resolve(code === null || code < 0 ? 1 : code);
    });
  });
}

/** Runs one check at the lowest priority; what it writes is shown in one piece, not between the lines of the tests. */
async function isGood({ name, args }: Check): Promise<boolean> {
  const startedAt = performance.now();
  const child = spawn("nice", ["-n", "19", process.execPath, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const code = await ended(child);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${output}${code === 0 ? "ok" : "FAILED"}  ${name} (${seconds} s)`);
  return code === 0;
}

async function namesOfFailedChecks(): Promise<string[]> {
  const failed: string[] = [];
  for (const check of checks) if (isStopped || !(await isGood(check))) failed.push(check.name);
  return failed;
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
const isWhole = chosen.length === 0;
const folder = mkdtempSync(join(tmpdir(), "slotkeeper-test-"));
// Tests start hundreds of processes of the same few programs: without it, each strips and compiles all of the source again.
process.env["NODE_COMPILE_CACHE"] ??= join(folder, "compile-cache");
try {
  const checking = isWhole ? namesOfFailedChecks() : [];
  const reportFile = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const code = await ended(
    spawn(process.execPath, [bin("vitest/vitest.mjs"), "run", ...reporters, ...chosen], {
      cwd: root,
      stdio: "inherit",
    }),
  );
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  const failedChecks = await checking;
  const failed = [...failedChecks];
  const skipped = report.numPendingTests + report.numTodoTests;
  if (code !== 0 || !report.success) failed.push("tests");
  if (skipped > 0 && process.env["CI"]) failed.push(`${skipped} skipped tests (in CI a skip is a failure)`);
  if (failed.length > 0) console.log(`Failed: ${failed.join("; ")}`);
  const goodChecks = isWhole ? checks.length - failedChecks.length : 0;
  console.log(
    `${report.numPassedTests + goodChecks} passed, ${report.numFailedTests + failedChecks.length} failed, ${skipped} skipped`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  stop("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
