import { InvalidArgumentError, type Command } from "commander";
import type { AskedMonitor } from "../app/ask-monitor.ts";
import type { Here } from "../app/respond-words/people-time.ts";
import { checkConfigExists, configOption } from "./config-option.ts";
import { endAsUnasked } from "./end-as-unasked.ts";

export interface Common {
  config: string;
  json?: boolean;
}

/** What a command prints: `value` with --json, else `text`; and its exit status, 0 unless given. */
export interface Answer {
  value: unknown;
  text: (here: Here) => string;
  status?: number;
}

export const exitStatusHelp = `
Exit status:
  0  done, or answered and nothing found
  1  answered, and something was found that needs a look (where the command says so)
  2  the monitor could not be asked, it refused, or the command was written wrongly
  3  the configuration cannot be used
`;

/** Adds a subcommand that asks the monitor. */
export const addTo =
  (parent: Command) =>
  (name: string, description: string): Command =>
    parent.command(name).description(description).option("--json", "print JSON").addOption(configOption());

/** Asks the monitor of the configuration and prints the answer. What others wrote cannot command the terminal. */
export async function printAnswer(
  { config, json }: Common,
  ask: (monitor: AskedMonitor) => Promise<Answer>,
): Promise<void> {
  await endAsUnasked(async () => {
    await checkConfigExists(config);
    const { askMonitor } = await import("../app/ask-monitor.ts");
    const { printable, printableJson } = await import("../lib/clean-text.ts");
    const { value, text, status } = await ask(await askMonitor(config));
    process.stdout.write(json === true ? `${printableJson(value)}\n` : printable(text(here())));
    process.exitCode = status ?? 0;
  });
}

/** Changes something, and prints what was done, with what to do next. */
export async function printChange(
  common: Common,
  path: string,
  body: Readonly<Record<string, unknown>>,
  next: (done: { done: string; reference?: string; id?: string }) => string = () => "",
): Promise<void> {
  await printAnswer(common, async (monitor) => {
    const done = await monitor.post<{ done: string }>(path, body);
    return { value: done, text: () => `${done.done}\n${next(done)}` };
  });
}

export const here = (): Here => ({
  now: Date.now(),
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

/** Ends the command as written wrongly: exit status 2, with its usage. */
export function wrongUsage(command: Command, problem: string): never {
  command.error(`error: ${problem}`, { exitCode: 2, code: "commander.usage" });
}

/** "INC-17", "inc-17" or "17". */
export function parseReference(text: string): string {
  const found = /^(?:INC-)?([1-9]\d{0,8})$/i.exec(text.trim());
  if (!found) throw new InvalidArgumentError("write the reference of an incident, such as INC-17 or 17");
  return `INC-${found[1] ?? ""}`;
}

/** `name=value`, given once or several times. */
export function parsePair(text: string, before: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const mark = text.indexOf("=");
  if (mark < 1) throw new InvalidArgumentError("write name=value");
  return { ...before, [text.slice(0, mark).trim()]: text.slice(mark + 1).trim() };
}

/** The properties that were given: what is `undefined` is left out. */
export function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
