import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { productionSign, readMachineFacts } from "./production-signs.ts";
import { startSlotkeeper } from "./slotkeeper-child.ts";
import { runDevnetWithSlotkeeper } from "./start-devnet.ts";
import { stopSignal } from "./stop-signal.ts";

const help = `npm start [-- --config FILE]

Runs Slotkeeper on FILE, or on slotkeeper.yaml where there is one. Where there is none it starts a real local network
(three Lodestar beacon nodes, 64 validators) and keeps that. Ctrl-C ends everything.`;

const root = join(import.meta.dirname, "..");
const args = process.argv.slice(2);

async function main(): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(help);
    return 0;
  }
  const named = args[0] === "--config" ? args[1] : undefined;
  if (args.length > 0 && (named === undefined || args.length > 2)) {
    console.error(`npm start does not know "${args.join(" ")}".\n\n${help}`);
    return 2;
  }
  const signal = stopSignal(() => process.exit(130));
  const config = named === undefined ? join(root, "slotkeeper.yaml") : resolve(process.env["INIT_CWD"] ?? ".", named);
  if (named !== undefined || existsSync(config)) {
    const child = startSlotkeeper(["up", "--config", config]);
    signal.addEventListener("abort", () => void child.stop(), { once: true });
    return child.exited;
  }
  const sign = productionSign(readMachineFacts());
  if (sign !== undefined) {
    console.error(
      `There is no slotkeeper.yaml, and this looks like a production machine (${sign}), so no local test network is started.\n` +
        "Write a configuration with:  npm run slotkeeper -- config init --node http://your-node:5052\n" +
        "To start the test network all the same: SLOTKEEPER_DEVNET=1 npm start",
    );
    return 1;
  }
  await runDevnetWithSlotkeeper(signal);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
process.channel?.unref();
