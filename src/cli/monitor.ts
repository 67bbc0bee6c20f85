import type { Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";

export function registerMonitor(program: Command): void {
  program
    .command("monitor")
    .description("Run the monitor: watching, web page and API.")
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      await checkConfigExists(config);
      const { runRole } = await import("../app/run-role.ts");
      // Stopped in order by now; what a library still holds open must not delay the end.
      process.exit(await runRole("monitor", config));
    });
}
