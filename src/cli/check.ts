import { InvalidArgumentError, Option, type Command } from "commander";
import { AppError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";

interface CheckFlags {
  vc?: readonly string[];
  host?: readonly string[];
  log?: readonly string[];
  reference?: readonly string[];
  expectKeys?: number;
  json?: boolean;
  timeout: number;
}

const help = `
Answers:
  ok         asked, answered, fine
  WARN       needs a look
  BAD        needs a person now
  unknown    asked, but nothing usable was answered; never green
  not asked  nothing was named to ask (no --vc, say)

Exit status, by the worst answer:
  0  everything that was asked is fine; "not asked" does not count
  1  at least one WARN or unknown
  2  at least one BAD, or the command was written wrongly

Examples:
  slotkeeper check http://localhost:5052
  slotkeeper check http://bn1:5052 http://bn2:5052 --reference https://beaconstate.info \\
    --vc http://vc1:5064/metrics --expect-keys 500 --host http://bn1:9100 --log /var/log/lighthouse/beacon.log
`;

/** Registers `slotkeeper check`: the first look at nodes, validator clients, hosts and logs, with no configuration. */
export function registerCheck(program: Command): void {
  program
    .command("check")
    .description("First look, with no config: are nodes, validator clients and hosts fine, and on the right chain?")
    .argument("[urls...]", "Beacon API base URLs of your own nodes")
    .option("--vc <metrics-url>", "metrics page of a validator client (repeat for more)", collect)
    .option("--host <metrics-url>", "node_exporter page of a host (repeat for more)", collect)
    .option("--expect-keys <count>", "keys that all --vc together should have loaded", parseCount)
    .option("--log <file>", "log file of any client; its last 4 MB are read (repeat for more)", collect)
    .option("--reference <url>", "Beacon API run by somebody else, to compare with (repeat for more)", collect)
    .option("--json", "print one JSON document for machines")
    .addOption(
      new Option("--timeout <duration>", "time for everything together, such as 800ms or 4s")
        .argParser(parseDuration)
        .default(4000, "4s"),
    )
    .addHelpText("after", help)
    .action((urls: string[], flags: CheckFlags, command: Command) => run(urls, flags, command));
}

async function run(urls: readonly string[], flags: CheckFlags, command: Command): Promise<void> {
  const { vc = [], host = [], log = [], reference = [], expectKeys } = flags;
  if (urls.length + vc.length + host.length + log.length === 0) {
    wrongUsage(command, "name at least one beacon node, or --vc, --host or --log");
  }
  if (expectKeys !== undefined && vc.length === 0) {
    wrongUsage(command, "--expect-keys needs --vc: without it nobody can be asked for the number of keys");
  }
  const [{ Agent }, { runCheck }, { renderJson }, { renderTable }] = await Promise.all([
    import("undici"),
    import("../check/run-check.ts"),
    import("../check/render-json.ts"),
    import("../check/render-table.ts"),
  ]);
  // Eight at once to each server: all first questions leave together, and one that hangs does not hold up the others.
  const dispatcher = new Agent({ connections: 8, pipelining: 1, allowH2: false, connectTimeout: flags.timeout });
  try {
    const request = { nodes: urls, references: reference, validatorClients: vc, hosts: host, logs: log, expectKeys };
    // The time that starting up took counts as well: on a busy machine it is not small.
    const timeoutMs = Math.max(flags.timeout / 2, flags.timeout - systemClock.monotonic());
    const report = await runCheck(request, { clock: systemClock, dispatcher, timeoutMs });
    process.stdout.write(flags.json === true ? renderJson(report) : renderTable(report, isColourWanted()));
    process.exitCode = report.exitStatus;
  } catch (error) {
    if (error instanceof AppError && error.code === "bad-url") wrongUsage(command, error.message);
    throw error;
  } finally {
    await dispatcher.destroy();
    // A name look-up that hangs cannot be cancelled and would keep the process waiting long after the answer.
    setTimeout(() => process.exit(), 50).unref();
  }
}

function wrongUsage(command: Command, problem: string): never {
  command.error(`error: ${problem}\nusage: slotkeeper check ${command.usage()}`, {
    exitCode: 2,
    code: "commander.usage",
  });
}

function isColourWanted(): boolean {
  return process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function parseCount(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("write a whole number, such as 500");
  return Number(text);
}

/** Reads "800ms", "4s" or "4" (seconds), from 100 ms to a minute. */
function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text);
  const ms = match ? Number(match[1]) * (match[2] === "ms" ? 1 : 1000) : NaN;
  if (!(ms >= 100 && ms <= 60_000)) throw new InvalidArgumentError("write a time from 100ms to 60s, such as 4s");
  return ms;
}
