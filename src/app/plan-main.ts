import { describeError } from "../lib/app-error.ts";
import { requireConfigWithoutAlarms } from "./config/load.ts";
import { hopelessExitCode } from "./exit-codes.ts";
import { apiListener, groupListener } from "./inherited-listeners.ts";
import type { SupervisorPlan } from "./supervisor-plan.ts";

/** Run by `readSupervisorPlan`: prints the plan as one line of JSON. */
if (import.meta.main) await printPlan(process.argv[2] ?? "");

async function printPlan(configPath: string): Promise<void> {
  try {
    const { config } = await requireConfigWithoutAlarms(configPath, process.env);
    const plan: SupervisorPlan = {
      gateway: config.gateway.name,
      dataFolder: config.server.dataFolder,
      logLevel: config.server.logLevel,
      listeners: [
        { name: apiListener, what: "web UI and API (server.listen)", ...config.server.listen },
        ...config.groups.map(({ name, listen, tls }) => ({
          name: groupListener(name),
          what: `validator clients of group ${name} (groups[].listen)`,
          isTls: tls !== undefined,
          ...listen,
        })),
      ],
    };
    process.stdout.write(JSON.stringify(plan));
  } catch (error) {
    process.stderr.write(`slotkeeper: ${describeError(error)}\n`);
    process.exitCode = hopelessExitCode;
  }
}
