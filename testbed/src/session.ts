import { announceControl, serveControl } from "./control.ts";
import { controlCommands } from "./control-commands.ts";
import { startDevnet } from "./devnet.ts";
import type { Devnet, DevnetOptions } from "./devnet.ts";
import { statusLine } from "./node-status.ts";
import { waitForSlot } from "./wait.ts";

export type SessionOptions = DevnetOptions & {
  /** Beacon-API URLs of the validator client that holds all validators; default: every node; empty: no client. */
  validatorClientUrls?: readonly string[];
  print?: (line: string) => void;
};

/** A devnet for a person: starts it, takes control commands, prints a line each slot. Resolves after the abort, ended. */
export async function runDevnetSession(options: SessionOptions, signal: AbortSignal): Promise<void> {
  const { validatorClientUrls, print = console.log, ...devnetOptions } = options;
  print("starting the devnet ...");
  const devnet = await startDevnet(devnetOptions, signal);
  try {
    const control = await serveControl(devnet);
    const withdraw = announceControl(control.socketPath);
    try {
      const beaconNodeUrls = validatorClientUrls ?? devnet.nodes.map((node) => node.url);
      const lastIndex = devnet.validators - 1;
      if (beaconNodeUrls.length > 0)
        devnet.startValidatorClient({ name: "vc", firstIndex: 0, lastIndex, beaconNodeUrls });
      for (const line of introduction(devnet)) print(line);
      await printSlots(devnet, print, signal);
    } finally {
      withdraw();
      await control.close();
    }
  } finally {
    await devnet.stop();
    print("the devnet has ended");
  }
}

function introduction(devnet: Devnet): string[] {
  const commands = Object.values(controlCommands);
  const width = Math.max(...commands.map((command) => command.usage.length));
  return [
    ...devnet.nodes.map((node) => `${node.name}  ${node.url}`),
    `run folder ${devnet.runFolder}`,
    "from another terminal:",
    ...commands.map((command) => `  npm run devnet -- ${command.usage.padEnd(width)}  ${command.help}`),
    "Ctrl-C ends everything",
  ];
}

/** A status line in the middle of each slot, and one before genesis, until the abort. */
async function printSlots(devnet: Devnet, print: (line: string) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const line = await statusLine(devnet, signal);
    if (signal.aborted) return;
    print(line);
    const next = Math.max(0, devnet.currentSlot() + 1);
    await waitForSlot(devnet, next, { signal, offsetMs: devnet.slotDurationMs / 2 }).catch(() => undefined);
  }
}
