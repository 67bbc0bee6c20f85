// node scripts/run.mjs TASK [ARGS]: makes the checkout ready, then runs the task on the pinned Node.
// Plain JavaScript: it starts on the system's Node.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { environment, nodeCommand, root, setup } from "./setup.mjs";

const bin = (name) => join(root, "node_modules", ...name.split("/"));
const tasks = {
  start: { needs: ["testbed", "web"], args: [join(root, "scripts", "start.ts")] },
  test: { needs: ["testbed", "oracle", "web", "debian"], args: [join(root, "scripts", "test.ts")] },
  bench: { needs: ["testbed", "oracle", "web"], args: [join(root, "bench", "main.ts")] },
  devnet: { needs: ["testbed"], args: [join(root, "testbed", "src", "main.ts")] },
  slotkeeper: { needs: ["web"], args: [join(root, "src", "cli", "main.ts")] },
  check: { needs: [], args: [join(root, "src", "cli", "main.ts"), "check"] },
  lint: { needs: ["testbed", "oracle"], args: [bin("eslint/bin/eslint.js"), "."] },
  format: { needs: [], args: [bin("prettier/bin/prettier.cjs"), "--write", "."] },
  docs: { needs: [], args: [join(root, "scripts", "docs.ts")] },
};

const [name, ...rest] = process.argv.slice(2);
const task = tasks[name];
if (!task) {
  process.stderr.write(`Unknown task ${name ?? ""}. Known: ${Object.keys(tasks).join(", ")}.\n`);
  process.exit(2);
}
try {
  await setup(new Set(task.needs));
} catch (error) {
  process.stderr.write(`slotkeeper: ${error.message}\n`);
  process.exit(1);
}

// The channel lets the task notice when this process is killed; signals are passed on, and a terminal's Ctrl-C reaches
// both, which the task takes as one.
const child = spawn(nodeCommand(), [...task.args, ...rest], {
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: environment(),
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`slotkeeper: cannot run ${nodeCommand()}: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("close", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
