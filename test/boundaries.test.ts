import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ESLint } from "eslint";
import { afterEach, describe, expect, it } from "vitest";
import { mayImport, typeOnly } from "../boundaries.ts";

const root = join(import.meta.dirname, "..");
const planted = join(root, "src", "chain", "planted-by-a-test.ts");

async function messagesFor(path: string, text: string): Promise<string[]> {
  writeFileSync(path, text);
  const [result] = await new ESLint({ cwd: root }).lintFiles([path]);
  return (result?.messages ?? []).map((message) => `${message.ruleId}: ${message.message}`);
}

describe("the import table", () => {
  afterEach(() => rmSync(planted, { force: true }));

  it("has a row for every folder of src, and no row names a folder that does not exist", () => {
    const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(Object.keys(mayImport).sort()).toEqual(folders.map((entry) => entry.name).sort());
    for (const row of Object.values(mayImport))
      if (row !== "everything")
        for (const folder of row) expect(existsSync(join(root, "src", folder)), folder).toBe(true);
  });

  it("has no circle between folders", () => {
    const visit = (folder: string, path: readonly string[]): void => {
      expect(path, `circle: ${[...path, folder].join(" → ")}`).not.toContain(folder);
      const row = mayImport[folder];
      if (row !== undefined && row !== "everything" && !typeOnly.includes(folder))
        for (const next of row) visit(next, [...path, folder]);
    };
    for (const folder of Object.keys(mayImport)) visit(folder, []);
  });

  it("makes the linter refuse a forbidden import that is planted", async () => {
    const messages = await messagesFor(
      planted,
      'export { backoffMs } from "../lib/retry.ts";\nexport * from "../upstream/types.ts";\n',
    );
    expect(messages.filter((message) => message.includes("no-restricted-imports"))).toHaveLength(1);
    expect(messages.join()).toContain("src/chain may not import this folder");
  }, 60_000);

  it("makes the linter refuse a floating promise and a hidden clock", async () => {
    const messages = await messagesFor(
      planted,
      "export async function planted(): Promise<number> {\n  return Date.now();\n}\nplanted();\n",
    );
    expect(messages.join()).toContain("no-floating-promises");
    expect(messages.join()).toContain("Date.now belongs in lib, app or cli");
  }, 60_000);
});
