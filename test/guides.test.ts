import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { allReasons } from "../src/app/all-reasons.ts";
import { importVcFlags } from "../src/app/config-init/import-vc-flags.ts";
import { metricCatalogue } from "../src/app/metric-catalogue.ts";
import { createFakeClock } from "../src/lib/fake-clock.ts";

const folder = join(import.meta.dirname, "..", "docs", "guides");
const names = readdirSync(folder).filter((name) => name.endsWith(".md"));
const clients = ["lodestar", "lighthouse", "prysm", "teku", "nimbus", "vouch", "vero"];
const text = (name: string): string => readFileSync(join(folder, name), "utf8");

describe.each(clients)("the guide for %s", (client) => {
  const page = text(`${client}.md`);

  it("says what it is based on, what to expect, what not to do, and what may stand second", () => {
    expect(page).toMatch(
      client === "lodestar"
        ? /^\*\*Tried\.\*\*/m
        : /\*\*From the client's documentation and source, not tried here\.\*\*/,
    );
    for (const heading of ["What to expect", "What not to do", "A second entry"])
      expect(page).toContain(`## ${heading}`);
    expect(page).toContain("(README.md)");
  });

  it("shows flags that config init understands, with two gateways", () => {
    const code = [...page.matchAll(/```\w*\n([^]*?)```|`([^`\n]+)`/g)].map(([, block, span]) => block ?? span ?? "");
    const lists = code.map((one) =>
      importVcFlags(one)
        .nodes.map(({ url }) => url)
        .join(" "),
    );
    expect(lists).toContain("http://gw-a:7381 http://gw-b:7381");
  });
});

it("the index links every guide, and every guide is one", () => {
  for (const name of names) if (name !== "README.md") expect(text("README.md"), name).toContain(`(${name})`);
  expect(names).toHaveLength(clients.length + 4);
});

it("every command line of our own in the guides is one that the program takes", async () => {
  const program = new Command("slotkeeper");
  const { commands } = await import("../src/cli/commands.ts");
  for (const register of commands) register(program);
  const lines = names.flatMap((name) =>
    [...text(name).matchAll(/npm run slotkeeper -- ([^`\n#]+)/g)].map(([, line]) => line ?? ""),
  );
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(unknownIn(program, line.trim().split(/\s+/)), line).toEqual([]);
});

it("every metric and reason that the guides name exists", async () => {
  const metrics = new Set((await metricCatalogue(createFakeClock())).map(({ name }) => name));
  const reasons = new Set(allReasons().map(({ code }) => code));
  for (const name of names)
    for (const [, metric = ""] of text(name).matchAll(/`(slotkeeper_[a-z_]+)`/g))
      expect(metrics, `${name}: ${metric}`).toContain(metric);
  for (const code of ["fee-recipient-refused", "duplicate-key", "split"]) expect(reasons).toContain(code);
});

/** Subcommands and options of a line that the program does not have. */
function unknownIn(program: Command, words: readonly string[]): string[] {
  let command = program;
  const unknown: string[] = [];
  for (const [index, word] of words.entries()) {
    if (word.startsWith("--")) {
      if (!command.options.some(({ long }) => long === word)) unknown.push(word);
      continue;
    }
    const next = command.commands.find((one) => one.name() === word);
    if (next) command = next;
    else if (index === 0) unknown.push(word);
  }
  return unknown;
}
