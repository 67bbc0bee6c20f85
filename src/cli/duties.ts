import { InvalidArgumentError, type Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";
import { endAsUnasked } from "./end-as-unasked.ts";
import { parseEpoch, parseUpTo } from "./numbers.ts";

interface DutiesFlags {
  config: string;
  beacon?: string;
  epoch?: number;
  epochs?: number;
  validators?: string;
  proof?: boolean;
  limit: number;
  json?: boolean;
}

const help = `
With --beacon one epoch is read from that node and judged from the chain alone: no configuration, no monitor. Without it the
running monitor is asked what it has judged. Nothing but the answer goes to standard output.

Nodes forget old states, most of them after hours or days: for older epochs name an archive node. Without --validators
everybody is judged; for more than 50,000 validators gwei are left out.

Exit status:
  0  with --beacon or --epoch: every duty perfect; else: every duty is judged as the chain goes on
  1  something was lost, or a named validator is not known; else: judging is off, behind or stalled
  2  it could not be audited or asked, or the command was written wrongly
  3  the configuration cannot be used
  130  stopped with Ctrl-C

Examples:
  slotkeeper duties --beacon http://localhost:5052                                # the newest epoch that can be judged, everybody
  slotkeeper duties --beacon http://localhost:5052 --epoch 412000 --validators 1,2,5-9 --proof
  slotkeeper duties --beacon http://localhost:5052 --validators @validators.txt --json
  slotkeeper duties                                                               # ask the monitor
  slotkeeper duties --epoch 412000                                                # ask the monitor for one epoch
`;

const noConfigHint =
  "Without a configuration `slotkeeper duties --beacon URL` audits an epoch from a beacon node alone.";

/** `slotkeeper duties`: one epoch audited from a beacon node alone, or what the monitor judged. */
export function registerDuties(program: Command): void {
  program
    .command("duties")
    .description("Was every duty done? Audit one epoch from a beacon node alone, or ask the monitor.")
    .option("--beacon <url>", "Beacon API base URL of the node to read the chain from")
    .option(
      "--epoch <number>",
      "the epoch; with --beacon by default the newest whose votes have all had their time",
      parseEpoch,
    )
    .option("--epochs <count>", "without --beacon: how many of the last epochs (default: 8)", parseUpTo(225))
    .option("--validators <list>", "with --beacon: indices, ranges, keys or files: 1,2,5-9,0xKEY,@FILE", noEmpty)
    .option("--proof", "with --beacon: print the proof of each attestation that was not perfect (of all, for up to 20)")
    .option("--limit <count>", "how many lost duties are listed", parseUpTo(100_000), 50)
    .option("--json", "print JSON; progress goes to standard error in any case")
    .addOption(configOption())
    .addHelpText("after", help)
    .action((flags: DutiesFlags, command: Command) => endAsUnasked(() => run(flags, command), noConfigHint));
}

async function run(flags: DutiesFlags, command: Command): Promise<void> {
  const { beacon, validators, proof, epoch, epochs } = flags;
  if (beacon !== undefined) {
    if (epochs !== undefined) wrongUsage(command, "--epochs asks the monitor: with --beacon name one with --epoch");
    return audit(beacon, flags);
  }
  if (validators !== undefined)
    wrongUsage(command, "--validators needs --beacon. Of the monitor ask: slotkeeper validators show ID");
  if (proof) wrongUsage(command, "--proof needs --beacon. Of the monitor ask: slotkeeper validators why ID --epoch N");
  if (epoch !== undefined && epochs !== undefined) wrongUsage(command, "name --epoch or --epochs, not both");
  await checkConfigExists(flags.config);
  return epoch === undefined ? askNow(flags) : askEpoch(epoch, flags);
}

async function audit(beacon: string, flags: DutiesFlags): Promise<void> {
  const [{ runAudit }, { readValidatorIds }, { auditExitStatus }, { auditText }, { systemClock }] = await Promise.all([
    import("../app/duty-audit/run-audit.ts"),
    import("../app/duty-audit/validator-ids.ts"),
    import("../app/duty-audit/audit-report.ts"),
    import("../app/duty-words/audit-text.ts"),
    import("../lib/clock.ts"),
  ]);
  const { epoch, limit, json, proof } = flags;
  const validators = flags.validators === undefined ? undefined : readValidatorIds(flags.validators);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const progress = (line: string) => void process.stderr.write(`${line}\n`);
    const request = { beacon, epoch, validators, limit, wantsProof: proof === true };
    const report = await runAudit(request, { clock: systemClock, signal: stop.signal, progress });
    process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : auditText(report));
    process.exitCode = auditExitStatus(report);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function askNow({ config, epochs, json }: DutiesFlags): Promise<void> {
  const { readDuties } = await import("../app/duty-words/read-duties.ts");
  const { dutiesText } = await import("../app/duty-words/duties-text.ts");
  const report = await readDuties(config, epochs ?? 8);
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : dutiesText(report));
  process.exitCode = report.now.state === "following" ? 0 : 1;
}

async function askEpoch(epoch: number, { config, limit, json }: DutiesFlags): Promise<void> {
  const { readEpoch } = await import("../app/duty-words/read-duties.ts");
  const { epochText } = await import("../app/duty-words/duties-text.ts");
  const report = await readEpoch(config, epoch, limit);
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : epochText(report));
  process.exitCode = report.lost.length > 0 ? 1 : 0;
}

function noEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("name indices, ranges, keys or files, such as 1,2,5-9");
  return text;
}

function wrongUsage(command: Command, problem: string): never {
  command.error(`error: ${problem}\nusage: slotkeeper duties ${command.usage()}`, {
    exitCode: 2,
    code: "commander.usage",
  });
}
