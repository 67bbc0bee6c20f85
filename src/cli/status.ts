import type { Command } from "commander";
import { checkConfigExists, configOption } from "./config-option.ts";

/** The same words as `slotkeeper check`, so that one script can read both. */
export const exitStatus = { fine: 0, warning: 1, unknown: 1, bad: 2 } as const;

export function registerStatus(program: Command): void {
  program
    .command("status")
    .description("Show the gateways' beacon nodes now. Exit status: 0 fine, 1 needs a look or unknown, 2 bad.")
    .addOption(configOption())
    .option("--json", "print JSON")
    .action(async ({ config, json }: { config: string; json?: boolean }) => {
      await checkConfigExists(config);
      const { readStatus, statusText } = await import("../app/status-report.ts");
      const report = await readStatus(config);
      process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : statusText(report));
      process.exitCode = exitStatus[report.state.level];
    });
}
