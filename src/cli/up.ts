import type { Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";

export function registerUp(program: Command): void {
  program
    .command("up")
    .description("Run gateway and monitor together on this host (production: one unit for each).")
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      await checkConfigExists(config);
      const { runSupervisor } = await import("../app/run-supervisor.ts");
      process.exitCode = await runSupervisor(config, ["gateway", "monitor"]);
    });
}
