import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";
import { mayImport, typeOnly } from "../boundaries.ts";

const root = join(import.meta.dirname, "..");

/** What the linter would say if a file of src/chain held this text; the file itself stays as it is: others read it now. */
async function messagesFor(text: string): Promise<string[]> {
  const filePath = join(root, "src", "chain", "deadline.ts");
  expect(existsSync(filePath)).toBe(true);
  const [result] = await new ESLint({ cwd: root }).lintText(text, { filePath });
  return (result?.messages ?? []).map((message) => `${message.ruleId}: ${message.message}`);
}

describe("the import table", () => {
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
      'export { backoffMs } from "../lib/retry.ts";\nexport * from "../upstream/types.ts";\n',
    );
    expect(messages.filter((message) => message.includes("no-restricted-imports"))).toHaveLength(1);
    expect(messages.join()).toContain("src/chain may not import this folder");
  }, 60_000);

  it("makes the linter refuse a floating promise and a hidden clock", async () => {
    const messages = await messagesFor(
      "export async function planted(): Promise<number> {\n  return Date.now();\n}\nplanted();\n",
    );
    expect(messages.join()).toContain("no-floating-promises");
    expect(messages.join()).toContain("Date.now belongs in lib, app or cli");
  }, 60_000);
});
