import { InvalidArgumentError, type Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";
import { endAsUnasked } from "./end-as-unasked.ts";
import { parseEpoch, parseUpTo } from "./numbers.ts";

interface Common {
  config: string;
  json?: boolean;
}

const help = `
All of it asks the running monitor. Without one \`slotkeeper duties --beacon URL\` audits an epoch from a beacon node alone.

Exit status:
  0  answered; of sources: and nothing needs a look
  1  sources: something needs a look; why: nothing is known of that epoch
  2  the monitor could not be asked, there is no such validator, or the command was written wrongly
  3  the configuration cannot be used

Examples:
  slotkeeper validators list --cohort customer=acme
  slotkeeper validators show 123456
  slotkeeper validators why 123456 --epoch 412000
  slotkeeper validators cohorts --by customer --epochs 225
  slotkeeper validators sources
`;

/** `slotkeeper validators list | show | why | cohorts | sources | next`. */
export function registerValidators(program: Command): void {
  const validators = program
    .command("validators")
    .description("Ask the monitor about your validators: who they are, how they did, and why a duty was lost.")
    .addHelpText("after", help);
  const add = (name: string, description: string): Command =>
    validators.command(name).description(description).option("--json", "print JSON").addOption(configOption());

  add("list", "List validators of the inventory, by index.")
    .option("--search <text>", "the beginning of an index, a part of a key, or a label")
    .option("--cohort <name=value>", "only those with this label; a name alone: with any value of it", parseCohort)
    .option("--limit <count>", "how many", parseUpTo(1_000_000), 100)
    .action((options: Common & { search?: string; cohort?: { key: string; value?: string }; limit: number }) =>
      answer(options, async () => {
        const { listValidators } = await import("../app/duty-words/read-validators.ts");
        const { validatorsText } = await import("../app/duty-words/validators-text.ts");
        const { config, search, cohort, limit } = options;
        const query = { ...cohort, limit, ...(search === undefined ? {} : { search }) };
        const page = await listValidators(config, query);
        return { value: page, text: () => validatorsText(page) };
      }),
    );

  add("show", "Show one validator: status, labels, last epochs, next duties.")
    .argument("<id>", "index or key")
    .option("--epochs <count>", "how many of the last epochs", parseUpTo(32), 16)
    .action((id: string, options: Common & { epochs: number }) =>
      answer(options, async () => {
        const { showValidator } = await import("../app/duty-words/read-validators.ts");
        const { validatorText } = await import("../app/duty-words/validators-text.ts");
        const shown = await showValidator(options.config, id, options.epochs);
        return { value: shown, text: () => validatorText(shown.validator, shown.duties) };
      }),
    );

  add("why", "Explain one validator's epoch: outcome, causes with evidence, and the proof.")
    .argument("<id>", "index or key")
    .requiredOption("--epoch <number>", "the epoch", parseEpoch)
    .action((id: string, options: Common & { epoch: number }) =>
      answer(options, async () => {
        const { explainValidator } = await import("../app/duty-words/read-validators.ts");
        const { whyExitStatus, whyText } = await import("../app/duty-words/why-text.ts");
        const explained = await explainValidator(options.config, id, options.epoch);
        return { value: explained, text: () => whyText(explained), status: whyExitStatus(explained) };
      }),
    );

  add("cohorts", "Compare cohorts over the last epochs with each other and with the network.")
    .option("--by <label>", "only cohorts of this label, such as customer")
    .option("--epochs <count>", "how many of the last epochs", parseUpTo(1575), 225)
    .option("--limit <count>", "how many cohorts", parseUpTo(100_000), 50)
    .action((options: Common & { by?: string; epochs: number; limit: number }) =>
      answer(options, async () => {
        const { readCohorts } = await import("../app/duty-words/read-validators.ts");
        const { cohortsText } = await import("../app/duty-words/cohorts-text.ts");
        const table = await readCohorts(options.config, options.epochs, options.by);
        return { value: table, text: () => cohortsText(table, options.limit) };
      }),
    );

  add("sources", "Show where validators come from, what contradicts itself, and which keys are loaded.").action(
    (options: Common) =>
      answer(options, async () => {
        const { readFleet } = await import("../app/duty-words/read-validators.ts");
        const { fleetExitStatus, fleetText } = await import("../app/duty-words/fleet-text.ts");
        const fleet = await readFleet(options.config);
        return { value: fleet, text: () => fleetText(fleet), status: fleetExitStatus(fleet) };
      }),
  );

  add("next", "Show proposals and sync-committee duties to come.")
    .option("--limit <count>", "how many", parseUpTo(10_000), 50)
    .action((options: Common & { limit: number }) =>
      answer(options, async () => {
        const { readNext } = await import("../app/duty-words/read-validators.ts");
        const { nextText } = await import("../app/duty-words/next-text.ts");
        const page = await readNext(options.config);
        return { value: page, text: () => nextText(page, options.limit) };
      }),
    );
}

async function answer(
  { config, json }: Common,
  ask: () => Promise<{ value: unknown; text: () => string; status?: number }>,
): Promise<void> {
  await endAsUnasked(async () => {
    await checkConfigExists(config);
    const { value, text, status } = await ask();
    process.stdout.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : text());
    process.exitCode = status ?? 0;
  });
}

function parseCohort(text: string): { key: string; value?: string } {
  const mark = text.indexOf("=");
  const key = mark < 0 ? text : text.slice(0, mark);
  if (key.trim() === "") throw new InvalidArgumentError("write name=value, such as customer=acme");
  return mark < 0 ? { key } : { key, value: text.slice(mark + 1) };
}
