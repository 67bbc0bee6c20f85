import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter(
      (path) =>
        path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.endsWith(".contract.ts") && !path.endsWith(".d.ts"),
    )
    .map((path) => join(root, folder, path));
}

/** Programs run when imported; everything else must load with no effect. Vitest hides what type stripping refuses. */
const programs = ["src/cli/main.ts"];

it("imports every source file under plain Node", () => {
  const files = sourceFiles("src").filter(
    (path) => !programs.some((program) => path.endsWith(program)) && !path.includes("entry"),
  );
  expect(files.length).toBeGreaterThan(20);
  const script = `for (const file of ${JSON.stringify(files)}) await import(file); process.exit(0);`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
});
