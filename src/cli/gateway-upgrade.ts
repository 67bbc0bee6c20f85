import type { Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";

/** `slotkeeper gateway upgrade`, under the command `gateway`, whose `--config` may stand before it. */
export function registerGatewayUpgrade(gateway: Command): void {
  gateway
    .command("upgrade")
    .description("Replace the running gateway by the program that is installed now; no request is lost.")
    .addOption(configOption())
    .action(async (options: { config: string }, command: Command) => {
      const isGiven = command.getOptionValueSource("config") !== "default";
      const { config } = isGiven ? options : gateway.opts<{ config: string }>();
      await checkConfigExists(config);
      const { requestUpgrade } = await import("../app/upgrade/request-upgrade.ts");
      const show = (line: string) => void process.stdout.write(`${line}\n`);
      show(await requestUpgrade(config, show));
    });
}
