import type { Command } from "commander";
import type { NodeRequest } from "../app/tell-node.ts";
import { checkConfigExists, configOption } from "./config-option.ts";
import { printOutcomes } from "./print-outcomes.ts";

interface NodeOptions {
  config: string;
  gateway?: string;
  group?: string;
  wait?: boolean;
  force?: boolean;
  json?: boolean;
}

type Verb = NodeRequest["verb"];

const verbs: Readonly<Record<Verb, string>> = {
  cordon: "Send nothing new to a beacon node, at once, until it is uncordoned.",
  uncordon: "Let a beacon node serve again; calls off a drain.",
  drain: "Take a beacon node out of service as soon as nothing depends on it; then it may be stopped.",
  return: "Let a drained beacon node serve again, once what it missed was replayed to it.",
};

const drainHelp = `
It waits for: blocks built on the node that are not published yet; a time with no proposal of yours in this slot and
the next two; requests under way; and another node that is ready. Until it has gone it still gets what is published, and
serves when no other node can. A restart of the gateway does not lose the drain.

--force waits for blocks and requests only: it takes even the last ready node, and duties are then lost.

Exit status: 0 done (with --wait: drained), 1 it failed somewhere or was called off, 130 Ctrl-C (the drain goes on).

Examples:
  slotkeeper node drain bn1 --wait && systemctl restart lighthouse && slotkeeper node return bn1 --wait
  slotkeeper node drain bn1 --gateway main --group default
  slotkeeper node uncordon bn1        # call a drain off
`;

const cordonHelp = `
Takes effect at once and waits for nothing: for planned work use \`slotkeeper node drain\`.

Example:
  slotkeeper node cordon bn2
`;

const returnHelp = `
Example:
  slotkeeper node return bn1 --wait
`;

/** `slotkeeper node cordon | uncordon | drain | return NAME`. */
export function registerNode(program: Command): void {
  const node = program.command("node").description("Take beacon nodes out of service and back.");
  for (const verb of Object.keys(verbs) as Verb[]) {
    const command = node
      .command(verb)
      .description(verbs[verb])
      .argument("<name>", "the node's name in the configuration")
      .option("--gateway <name>", "only at this gateway")
      .option("--group <name>", "only in this group")
      .option("--json", "print JSON; progress then goes to standard error")
      .addOption(configOption())
      .action((name: string, options: NodeOptions) => run(verb, name, options));
    if (verb === "drain")
      command
        .option("--wait", "show what it waits for, until it is drained")
        .option("--force", "take even the last ready node, and wait for no proposal")
        .addHelpText("after", drainHelp);
    else if (verb === "return") command.option("--wait", "until it serves again").addHelpText("after", returnHelp);
    else command.addHelpText("after", cordonHelp);
  }
}

async function run(verb: Verb, node: string, options: NodeOptions): Promise<void> {
  const { config, gateway, group, wait, force, json } = options;
  await checkConfigExists(config);
  const where = { ...(gateway === undefined ? {} : { gateway }), ...(group === undefined ? {} : { group }) };
  const { tellNode } = await import("../app/tell-node.ts");
  const outcomes = await tellNode(config, { node, verb, isForced: force === true, ...where });
  const isFailed = outcomes.some(({ isDone }) => !isDone);
  if (!wait || isFailed) {
    await printOutcomes(outcomes, json);
    if (isFailed && wait) process.stderr.write("Not waiting, because not every gateway was told.\n");
    else if (verb === "drain" && !json)
      process.stdout.write("`slotkeeper status` shows what it waits for; `--wait` waits with it.\n");
    return;
  }
  await waitFor(verb, node, where, options);
}

async function waitFor(verb: Verb, node: string, where: object, { config, json }: NodeOptions): Promise<void> {
  const { waitForNode } = await import("../app/wait-for-node.ts");
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const progress = json ? process.stderr : process.stdout;
  const until = verb === "drain" ? "drained" : "serving";
  const ended = await waitForNode(
    config,
    { node, until, ...where },
    (line) => progress.write(`${line}\n`),
    stop.signal,
  );
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  if (ended === undefined) {
    const goesOn =
      verb === "drain"
        ? `The drain goes on; call it off with: slotkeeper node uncordon ${node}`
        : "It goes on by itself.";
    process.stderr.write(`No longer waiting for ${node}. ${goesOn}\n`);
    process.exitCode = 130;
    return;
  }
  if (json) await printOutcomes(ended, json);
  else if (ended.some(({ isDone }) => !isDone)) process.exitCode = 1;
}
