import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { causeReasons } from "../src/duties/causes/reasons.ts";
import { dutyReasons } from "../src/duties/reasons.ts";
import { generatedPages } from "../scripts/generated-pages.ts";

const root = join(import.meta.dirname, "..");
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

const topFolders = ["src", "web", "test", "testbed", "bench", "scripts", "docs", "deploy", "tools", ".ci"];

/** Paths in backticks that begin with one of our folders, without a pattern or a placeholder in them. */
function namedPaths(text: string): string[] {
  const inBackticks = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
  return inBackticks.filter(
    (path) => topFolders.some((folder) => path.startsWith(`${folder}/`)) && !/[*<>{}\s…]|NAME|X\b/.test(path),
  );
}

function linkedPaths(page: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => join(page, "..", match[1] ?? ""));
}

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");

  it("names only paths that exist", () => {
    const dead = [...namedPaths(text).map((path) => path.replace(/:\d+$/, "")), ...linkedPaths(page, text)].filter(
      (path) => !existsSync(join(root, path)),
    );
    expect(dead).toEqual([]);
  });
});

it("the table of the seeds' demands names a test for everything it calls done", () => {
  const rows = readFileSync(join(root, "docs", "seeds.md"), "utf8")
    .split("\n")
    .filter((line) => /^\| [A-D]\d/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  expect(rows.length).toBeGreaterThan(50);
  for (const [, id, , state, , proof] of rows) {
    expect(state, `${id}`).toMatch(/^(done|part|not yet|not software)$/);
    if (state === "done" || state === "part")
      expect(proof, `${id} names its test`).toMatch(/`(test|src|testbed|bench)\/[^`]+`/);
  }
});

it("the guide of duties names every cause and every caveat", () => {
  const guide = readFileSync(join(root, "docs", "duties.md"), "utf8");
  const codes = [...Object.keys(causeReasons), ...Object.keys(dutyReasons)];
  expect(codes.filter((code) => !guide.includes(`\`${code}\``))).toEqual([]);
});

it("the API's guide names every route about duties", () => {
  const guide = readFileSync(join(root, "docs", "api.md"), "utf8").replaceAll(/\b(412000|1234)\b/g, "*");
  const source = readFileSync(join(root, "src", "api", "routes-duties.ts"), "utf8");
  const routes = [...source.matchAll(/"(\/api\/v1\/[^"]+)"/g)].map(([, path = ""]) => path.replaceAll(/:\w+/g, "*"));
  expect(routes.length).toBeGreaterThan(10);
  expect(routes.filter((path) => !guide.includes(path))).toEqual([]);
});

it("the generated reference is what the program's tables say: npm run docs writes it", async () => {
  for (const { path, text } of await generatedPages())
    expect(readFileSync(join(root, path), "utf8") === text, `${path} is out of date: npm run docs`).toBe(true);
});
