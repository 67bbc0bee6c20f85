import { spawnSync } from "node:child_process";
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

/** Programs run when imported (`x-main.ts`, stand-ins of tests); everything else must load with no effect. */
const isProgram = (path: string): boolean => /(^|[/-])main\.ts$|\/testing\//.test(path);

it("imports every source file under plain Node, where Vitest would hide what type stripping refuses", () => {
  const files = sourceFiles("src").filter((path) => !isProgram(path));
  expect(files.length).toBeGreaterThan(200);
  const script = `
    for (const file of require("node:fs").readFileSync(0, "utf8").split("\\n"))
      await import(file).catch((error) => { console.error(file + ": " + error.message); process.exit(1); });
    process.exit(0);`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--input-type=commonjs", "--eval", `(async () => {${script}})()`],
    {
      input: files.join("\n"),
      encoding: "utf8",
      timeout: 60_000,
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
