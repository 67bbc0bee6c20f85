import { InvalidArgumentError, Option, type Command } from "commander";
import type { ShownToken, ShownUser } from "../api/contract-access.ts";
import { checkConfigExists, configOption } from "./config-option.ts";

interface Common {
  config: string;
  json?: boolean;
}

const help = `
All of it asks the running monitor, with the token of its data folder.

Roles: viewer looks; responder acts on nodes, groups, drills, alerts and incidents; admin also
manages users and tokens, and reads the audit.
`;
const roleOption = () => new Option("--role <role>", "what it may do").choices(["viewer", "responder", "admin"]);
const passwordOption = ["--password-file <file>", "read the password there; - is standard input"] as const;

/** `slotkeeper user list | add | password | role | disable | enable`. */
export function registerUser(program: Command): void {
  const user = program
    .command("user")
    .description("People who may use Slotkeeper: their roles and passwords.")
    .addHelpText("after", help);
  const add = (name: string, description: string): Command =>
    user.command(name).description(description).option("--json", "print JSON").addOption(configOption());

  add("list", "List users.").action(async ({ config, json }: Common) => {
    const { usersText } = await import("../app/people-text.ts");
    const page = await (await monitorOf(config)).get<{ users: readonly ShownUser[] }>("users");
    print(json, page, () => usersText(page.users));
  });
  add("add", "Add a user; the password is typed, or read from a file.")
    .argument("<name>", "lower case: letters, digits, dots, dashes, underscores")
    .addOption(roleOption().default("viewer"))
    .option(...passwordOption)
    .action(
      async (name: string, { config, json, role, passwordFile }: Common & { role: string; passwordFile?: string }) => {
        const password = await typed(config, passwordFile);
        await change(config, json, "users", { name, password, role });
      },
    );
  add("password", "Set a user's password; its sessions end.")
    .argument("<name>")
    .option(...passwordOption)
    .action(async (name: string, { config, json, passwordFile }: Common & { passwordFile?: string }) => {
      const password = await typed(config, passwordFile);
      await change(config, json, `users/${encodeURIComponent(name)}/password`, { password });
    });
  add("role", "Give a user another role.")
    .argument("<name>")
    .addOption(roleOption().makeOptionMandatory())
    .action((name: string, { config, json, role }: Common & { role: string }) =>
      change(config, json, `users/${encodeURIComponent(name)}/role`, { role }),
    );
  for (const [verb, description] of [
    ["disable", "End a user's sessions and refuse new ones."],
    ["enable", "Let a disabled user log in again."],
  ] as const)
    add(verb, description)
      .argument("<name>")
      .action((name: string, { config, json }: Common) =>
        change(config, json, `users/${encodeURIComponent(name)}/${verb}`, {}),
      );
}

/** `slotkeeper token list | add | remove`. */
export function registerToken(program: Command): void {
  const token = program
    .command("token")
    .description("Named API tokens for scripts, each with a role.")
    .addHelpText("after", help);
  const add = (name: string, description: string): Command =>
    token.command(name).description(description).option("--json", "print JSON").addOption(configOption());

  add("list", "List tokens, without their secrets.").action(async ({ config, json }: Common) => {
    const { tokensText } = await import("../app/people-text.ts");
    const page = await (await monitorOf(config)).get<{ tokens: readonly ShownToken[] }>("tokens");
    print(json, page, () => tokensText(page.tokens, Date.now()));
  });
  add("add", "Make a token. It is printed this once.")
    .argument("<name>", "what it is for")
    .addOption(roleOption().default("viewer"))
    .option("--days <days>", "how long it works; without it, until it is removed", wholeDays)
    .action(async (name: string, { config, json, role, days }: Common & { role: string; days?: number }) => {
      const body = { name, role, ...(days === undefined ? {} : { days }) };
      const made = await (await monitorOf(config)).post<{ done: string; token: string }>("tokens", body);
      print(json, made, () => `${made.token}\n`);
      if (json !== true) process.stderr.write(`${made.done}. It is not shown again.\n`);
    });
  add("remove", "Withdraw a token.")
    .argument("<id>", "as slotkeeper token list shows it")
    .action((id: string, { config, json }: Common) =>
      change(config, json, `tokens/${encodeURIComponent(id)}/remove`, {}),
    );
}

async function monitorOf(config: string) {
  await checkConfigExists(config);
  const { askMonitor } = await import("../app/ask-monitor.ts");
  return askMonitor(config);
}

/** The configuration is looked at first: nobody should type a password for nothing. */
async function typed(config: string, file: string | undefined): Promise<string> {
  await checkConfigExists(config);
  const { readPassword } = await import("../app/read-password.ts");
  return readPassword(file);
}

async function change(config: string, json: boolean | undefined, path: string, body: Record<string, unknown>) {
  const done = await (await monitorOf(config)).post<{ done: string }>(path, body);
  print(json, done, () => `${done.done}\n`);
}

function print(json: boolean | undefined, value: unknown, text: () => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value, undefined, 2)}\n` : text());
}

function wholeDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3_650) throw new InvalidArgumentError("1 to 3650.");
  return days;
}
