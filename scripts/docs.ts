import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPages } from "./generated-pages.ts";

const root = join(import.meta.dirname, "..");
mkdirSync(join(root, "docs", "generated"), { recursive: true });
for (const { path, text } of await generatedPages()) {
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}
