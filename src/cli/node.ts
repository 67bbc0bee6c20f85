import type { Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";

interface NodeOptions {
  config: string;
  gateway?: string;
  group?: string;
}

/** `slotkeeper node cordon | uncordon NAME`. */
export function registerNode(program: Command): void {
  const node = program.command("node").description("Take beacon nodes out of service and back.");
  const verbs = {
    cordon: "Send nothing new to a beacon node, until it is uncordoned.",
    uncordon: "Let a beacon node serve again.",
  } as const;
  for (const [verb, description] of Object.entries(verbs))
    node
      .command(verb)
      .description(description)
      .argument("<name>", "the node's name in the configuration")
      .option("--gateway <name>", "only at this gateway")
      .option("--group <name>", "only in this group")
      .addOption(configOption())
      .action(async (name: string, { config, gateway, group }: NodeOptions) => {
        await checkConfigExists(config);
        const { setOperatorState } = await import("../app/set-operator-state.ts");
        const where = { ...(gateway === undefined ? {} : { gateway }), ...(group === undefined ? {} : { group }) };
        const lines = await setOperatorState(config, { node: name, verb: verb as keyof typeof verbs, ...where });
        process.stdout.write(`${lines.join("\n")}\n`);
      });
}
