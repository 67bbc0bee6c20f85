import { InvalidArgumentError, type Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";

interface RunOptions {
  config: string;
  node: string;
  gateway?: string;
  group?: string;
  for: number;
  set: Record<string, unknown>;
  force?: boolean;
  json?: boolean;
}

/** `slotkeeper drill run | list | kinds | abort`. */
export function registerDrill(program: Command): void {
  const drill = program
    .command("drill")
    .description("Show a fault on one beacon node on purpose, and measure what becomes of the duties.");

  drill
    .command("run")
    .description("Run one drill. Exit status: 0 passed, 1 refused, ended early, or a duty request failed.")
    .argument("<kind>", "what the node is to show; see slotkeeper drill kinds")
    .requiredOption("--node <name>", "the node's name in the configuration")
    .option("--gateway <name>", "where several gateways have the node")
    .option("--group <name>", "where several groups have the node")
    .option("--for <seconds>", "how long the fault is shown, 1 to 600", wholeSeconds, 30)
    .option("--set <name=value>", "a setting of the kind, as in slotkeeper drill kinds", addSetting, {})
    .option("--force", "overrule the guards that protect no duty")
    .option("--json", "print the result as JSON")
    .addOption(configOption())
    .action(async (kind: string, { config, node, gateway, group, for: seconds, set, force, json }: RunOptions) => {
      await checkConfigExists(config);
      const { isFaultKind, faultKinds } = await import("../faults/registry.ts");
      if (!isFaultKind(kind)) program.error(`error: no drill is named ${kind}; there are ${faultKinds.join(", ")}`);
      const { runDrillCommand } = await import("../app/run-drill-command.ts");
      const { drillText } = await import("../app/drill-report.ts");
      const interrupt = new AbortController();
      const lift = () => interrupt.abort();
      process.once("SIGINT", lift).once("SIGTERM", lift);
      try {
        const command = {
          ...{ kind, node, durationMs: seconds * 1_000, settings: set, isForced: force === true },
          ...(gateway === undefined ? {} : { gateway }),
          ...(group === undefined ? {} : { group }),
        };
        const print = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
        const result = await runDrillCommand(config, command, print, interrupt.signal);
        process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : drillText(result, Date.now()));
        const isBack = result.findings.every(({ reason }) => reason !== "node-not-back");
        process.exitCode = result.phase === "done" && result.score.failed === 0 && isBack ? 0 : 1;
      } finally {
        process.off("SIGINT", lift).off("SIGTERM", lift);
      }
    });

  drill
    .command("list")
    .description("Show drills that run, and those on record.")
    .option("--limit <number>", "how many of the past", wholeNumber, 20)
    .option("--json", "print JSON")
    .addOption(configOption())
    .action(async ({ config, limit, json }: { config: string; limit: number; json?: boolean }) => {
      await checkConfigExists(config);
      const { listDrills } = await import("../app/list-drills.ts");
      process.stdout.write(await listDrills(config, limit, json === true));
    });

  drill
    .command("kinds")
    .description("Show what may be drilled.")
    .action(async () => {
      const { kindsText } = await import("../app/list-drills.ts");
      process.stdout.write(kindsText());
    });

  drill
    .command("abort")
    .description("Lift the fault of a drill at once.")
    .argument("<id>", "as slotkeeper drill list shows it")
    .addOption(configOption())
    .action(async (id: string, { config }: { config: string }) => {
      await checkConfigExists(config);
      const { abortDrill } = await import("../app/list-drills.ts");
      process.stdout.write(await abortDrill(config, id));
    });
}

function wholeSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600) throw new InvalidArgumentError("1 to 600 seconds.");
  return seconds;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 200) throw new InvalidArgumentError("1 to 200.");
  return number;
}

/** `status=503` is a number, `at=body` a word. */
function addSetting(text: string, before: Record<string, unknown>): Record<string, unknown> {
  const mark = text.indexOf("=");
  if (mark < 1) throw new InvalidArgumentError("Write name=value.");
  const value = text.slice(mark + 1);
  return { ...before, [text.slice(0, mark)]: /^\d+$/.test(value) ? Number(value) : value };
}
