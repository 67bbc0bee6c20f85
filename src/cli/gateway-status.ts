import type { Command } from "commander";
import { checkConfigExists, configOf, configOption } from "./config-option.ts";
import { exitStatus } from "./status.ts";

/** `slotkeeper gateway status`: what each gateway holds, waits for and refuses, beside its nodes. */
export function registerGatewayStatus(gateway: Command): void {
  gateway
    .command("status")
    .description("Show the gateways and their groups: holds, drains, splits, watermark, coming proposals.")
    .option("--gateway <name>", "only this gateway")
    .option("--json", "print JSON")
    .addOption(configOption())
    .addHelpText(
      "after",
      "\nExit status: 0 fine, 1 needs a look or unknown, 2 bad.\n\nExample:\n  slotkeeper gateway status\n",
    )
    .action(async (options: { gateway?: string; json?: boolean }, command: Command) => {
      const config = configOf(command);
      await checkConfigExists(config);
      const { gatewayText, readStatus } = await import("../app/status-report.ts");
      const report = await readStatus(config, options.gateway);
      process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : gatewayText(report));
      process.exitCode = exitStatus[report.state.level];
    });
}
