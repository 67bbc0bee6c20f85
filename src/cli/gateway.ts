import type { Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";
import { registerGatewayUpgrade } from "./gateway-upgrade.ts";
import { registerGroupCommands } from "./gateway-groups.ts";
import { registerGatewayStatus } from "./gateway-status.ts";

export function registerGateway(program: Command): void {
  const gateway = program
    .command("gateway")
    .description("Run the gateway for validator clients; needs no store and no monitor.")
    .addOption(configOption())
    // An option after a subcommand is the subcommand's.
    .enablePositionalOptions()
    .addHelpText("after", "\nWithout a subcommand the gateway runs. Each subcommand has a --help with examples.\n")
    .action(async ({ config }: { config: string }) => {
      await checkConfigExists(config);
      const { runSupervisor } = await import("../app/run-supervisor.ts");
      // Stopped in order by now; what a library still holds open must not delay the end.
      process.exit(await runSupervisor(config, ["gateway"]));
    });
  registerGatewayUpgrade(gateway);
  registerGatewayStatus(gateway);
  registerGroupCommands(gateway);
}
