import type { Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";

export function registerGateway(program: Command): void {
  program
    .command("gateway")
    .description("Run the gateway for validator clients; needs no store and no monitor.")
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      await checkConfigExists(config);
      const { runRole } = await import("../app/run-role.ts");
      // Stopped in order by now; what a library still holds open must not delay the end.
      process.exit(await runRole("gateway", config));
    });
}
