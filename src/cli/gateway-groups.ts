import type { Command } from "commander";
import type { Outcome, Where } from "../app/tell-gateways.ts";
import { checkConfigExists, configOf, configOption } from "./config-option.ts";
import { printOutcomes } from "./print-outcomes.ts";

interface GroupOptions {
  gateway?: string;
  group?: string;
  reason?: string;
  json?: boolean;
}

const holdHelp = `
A hold stops signing: validator clients get 503 on everything that they would sign over, publishing stays open, and
duties are lost until \`slotkeeper gateway release\`. It survives a restart. Use it when a key may be running twice, or
after a slashing. It does not replace stopping the validator client.

Examples:
  slotkeeper gateway hold --group default --reason "key 1234 slashed, looking for the second client"
  slotkeeper gateway release --group default
`;

const watermarkHelp = `
A group never serves a source epoch below one that it served before. Reset it only when you know that the mark itself is
wrong: after the chain was restarted, or a group was pointed at another network.

Example:
  slotkeeper gateway watermark reset --group default
`;

const branchHelp = `
In a split the nodes disagree on justified or finalized checkpoints, and nothing is served to sign over. Find out which
branch is right (client teams' channels, several explorers); signing on the wrong one can be slashed. The choice
holds until the split has ended.

Examples:
  slotkeeper gateway branches
  slotkeeper gateway branch choose bn2              # the branch that bn2 is on
  slotkeeper gateway branch choose 0x8d3f00aa      # the beginning of its root
`;

/** What people do to a whole group: `hold`, `release`, `watermark reset`, `branches`, `branch choose`. */
export function registerGroupCommands(gateway: Command): void {
  withPlaces(gateway.command("hold"), "Withhold signing inputs: the validators of a group sign nothing.")
    .requiredOption("--reason <text>", "why, for whoever finds it held")
    .addHelpText("after", holdHelp)
    .action(async (_options: GroupOptions, command: Command) => {
      const { holdGroup } = await import("../app/tell-group.ts");
      const { reason = "" } = command.opts<GroupOptions>();
      if (reason.trim() === "" || reason.length > 500)
        return command.error("error: --reason needs 1 to 500 characters", { code: "commander.invalidArgument" });
      await tell(command, (config, where) => holdGroup(config, where, reason.trim()));
    });
  withPlaces(gateway.command("release"), "End a hold: signing inputs are served again.").action(
    async (_options: GroupOptions, command: Command) => {
      const { releaseGroup } = await import("../app/tell-group.ts");
      await tell(command, releaseGroup);
    },
  );
  const watermark = gateway.command("watermark").description("The lowest source epoch that a group serves.");
  withPlaces(watermark.command("reset"), "Forget it: the next agreed source sets it anew.")
    .addHelpText("after", watermarkHelp)
    .action(async (_options: GroupOptions, command: Command) => {
      const { resetWatermark } = await import("../app/tell-group.ts");
      await tell(command, resetWatermark);
    });
  withPlaces(gateway.command("branches"), "In a split: list the branches that the nodes are on.")
    .addHelpText("after", branchHelp)
    .action(async (_options: GroupOptions, command: Command) => printBranches(command));
  const branch = gateway.command("branch").description("In a split: say which branch is served.");
  withPlaces(branch.command("choose"), "Serve this branch until the split has ended.")
    .argument("<root-or-node>", "root of the branch's head, at least its first 8 digits, or a node on it")
    .addHelpText("after", branchHelp)
    .action(async (choice: string, _options: GroupOptions, command: Command) => {
      const { chooseBranch } = await import("../app/tell-group.ts");
      await tell(command, (config, where) => chooseBranch(config, where, choice));
    });
}

function withPlaces(command: Command, description: string): Command {
  return command
    .description(description)
    .option("--group <name>", "the group; needed where there are several")
    .option("--gateway <name>", "only at this gateway; otherwise at every gateway of the configuration")
    .option("--json", "print JSON")
    .addOption(configOption());
}

async function tell(command: Command, act: (config: string, where: Where) => Promise<Outcome[]>): Promise<void> {
  const config = configOf(command);
  await checkConfigExists(config);
  await printOutcomes(await act(config, whereOf(command)), command.opts<GroupOptions>().json);
}

async function printBranches(command: Command): Promise<void> {
  const config = configOf(command);
  await checkConfigExists(config);
  const { branchText, listBranches } = await import("../app/tell-group.ts");
  const { groups, lost } = await listBranches(config, whereOf(command));
  if (command.opts<GroupOptions>().json) process.stdout.write(`${JSON.stringify({ groups, lost }, undefined, 2)}\n`);
  else {
    const lines = groups.flatMap(({ gateway, group, branches, chosen }) => [
      `${gateway}/${group}: ${branches.length === 0 ? "the nodes do not disagree" : `split into ${branches.length} branches`}`,
      ...branches.map((each) => `  ${branchText(each)}${each.root === chosen ? " <- chosen" : ""}`),
    ]);
    process.stdout.write([...lines, ...lost.map(({ gateway, message }) => `${gateway}: ${message}`), ""].join("\n"));
  }
  if (lost.length > 0) process.exitCode = 1;
}

function whereOf(command: Command): Where {
  const { gateway, group } = command.opts<GroupOptions>();
  return { ...(gateway === undefined ? {} : { gateway }), ...(group === undefined ? {} : { group }) };
}
