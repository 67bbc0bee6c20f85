import { InvalidArgumentError, Option, type Command } from "commander";
import { AppError, describeError } from "../lib/app-error.ts";

/** `slotkeeper config init | validate | schema`. */
export function registerConfig(program: Command): void {
  const config = program.command("config").description("Write, check and explain the configuration file.");

  config
    .command("init")
    .description("Write a first slotkeeper.yaml, also from an HAProxy file or a validator client's flags.")
    .option("--node <url>", "beacon node URL (repeat for more)", collectUrl)
    .option("--from-haproxy <file>", "take nodes and groups from an HAProxy configuration")
    .option(
      "--from-vc-flags <flags-or-file>",
      'take nodes from a validator client\'s command line ("--beacon-nodes …") or file',
    )
    .option("--output <file>", 'file to write; "-" is standard output', "slotkeeper.yaml")
    .addOption(
      new Option("--profile <profile>", "solo hides what a small operator does not need")
        .choices(["solo", "scaled"])
        .default("solo"),
    )
    .option("--force", "overwrite the file if it exists")
    .action(async (options: InitOptions) => {
      const { initConfig } = await import("../app/config-init/init.ts");
      const { text, notes } = await initConfig(options);
      if (options.output === "-") {
        process.stdout.write(text);
        return;
      }
      await writeConfig(options.output, text, options.force ?? false);
      process.stdout.write(`Wrote ${options.output}.\n`);
      for (const note of notes) process.stdout.write(`- ${note}\n`);
      const file = options.output === "slotkeeper.yaml" ? "" : ` ${options.output}`;
      process.stdout.write(`Next: edit it, then run  slotkeeper config validate${file}\n`);
    });

  config
    .command("validate")
    .description("Check a configuration file: exit status 0 when it can be used, 1 when it cannot.")
    .argument("[file]", "file to check (default: SLOTKEEPER_CONFIG, else slotkeeper.yaml)")
    .option("--json", "print the result as JSON")
    .action(async (file: string | undefined, options: { json?: boolean }) => {
      const { validateConfig } = await import("../app/config/validate.ts");
      const path = file ?? process.env["SLOTKEEPER_CONFIG"] ?? "slotkeeper.yaml";
      const report = await validateConfig(path, process.env);
      process.stdout.write(options.json ? `${JSON.stringify(report.json, undefined, 2)}\n` : report.text);
      if (!report.isValid) process.exitCode = 1;
    });

  config
    .command("schema")
    .description("Print the JSON Schema of the configuration file, for editors.")
    .action(async () => {
      const { configJsonSchema } = await import("../app/config/json-schema.ts");
      process.stdout.write(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
    });
}

interface InitOptions {
  node?: string[];
  fromHaproxy?: string;
  fromVcFlags?: string;
  output: string;
  profile: string;
  force?: boolean;
}

/** An empty value, or the next option swallowed as one, is a slip of the shell: never write it into a file. */
function collectUrl(value: string, previous: readonly string[] = []): string[] {
  if (value.trim() === "" || value.startsWith("-"))
    throw new InvalidArgumentError("write a URL, such as http://127.0.0.1:5052");
  return [...previous, value];
}

async function writeConfig(file: string, text: string, isForced: boolean): Promise<void> {
  const { writeFile } = await import("node:fs/promises");
  try {
    await writeFile(file, text, { flag: isForced ? "w" : "wx" });
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    const what = isThere
      ? "it exists already; choose another --output, or add --force to overwrite it"
      : `${describeError(error)}. Check the folder and its owner`;
    throw new AppError(`write ${file}: ${what}`, { code: isThere ? "file-exists" : "file-not-written" });
  }
}
