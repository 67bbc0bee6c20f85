import { DevnetError } from "./devnet-error.ts";
import { executionModes } from "./devnet-types.ts";
import type { Devnet, RunningClient } from "./devnet-types.ts";
import { statusReport } from "./node-status.ts";

type ControlCommand = {
  usage: string;
  help: string;
  run(devnet: Devnet, args: readonly string[]): Promise<string> | string;
};

/** Everything that can be done to a running devnet from another terminal. One more command is one more entry. */
export const controlCommands: Readonly<Record<string, ControlCommand>> = {
  status: {
    usage: "status",
    help: "slots, peers, pids, URLs and logs of all clients",
    run: (devnet) => statusReport(devnet),
  },
  kill: {
    usage: "kill NAME",
    help: "SIGKILL a beacon node (bn1, bn2, ...) or a validator client",
    run: async (devnet, [name]) => {
      const client = findClient(devnet, name);
      const { pid } = client;
      await client.kill();
      return pid === null ? `${client.name} was down already` : `killed ${client.name} (pid ${pid})`;
    },
  },
  stop: {
    usage: "stop NAME",
    help: "SIGTERM, and SIGKILL after 10 s (a beacon node needs that)",
    run: async (devnet, [name]) => {
      const client = findClient(devnet, name);
      const exit = await client.stop();
      return `stopped ${client.name} (${exit.signal ?? `exit code ${exit.code}`})`;
    },
  },
  freeze: {
    usage: "freeze NAME",
    help: "SIGSTOP: keeps its connections open and answers nothing",
    run: (devnet, [name]) => {
      const client = findClient(devnet, name);
      client.freeze();
      return `froze ${client.name} (pid ${client.pid}); thaw it with: thaw ${client.name}`;
    },
  },
  thaw: {
    usage: "thaw NAME",
    help: "SIGCONT",
    run: (devnet, [name]) => {
      const client = findClient(devnet, name);
      client.thaw();
      return `thawed ${client.name}`;
    },
  },
  restart: {
    usage: "restart NAME [wipe]",
    help: "start again, after SIGKILL if it runs; wipe: a beacon node with an empty database",
    run: async (devnet, [name, how]) => {
      if (how !== undefined && how !== "wipe") throw badUsage("restart");
      const node = devnet.nodes.find((one) => one.name === name);
      if (node !== undefined) await node.restart({ wipe: how === "wipe" });
      else await findValidatorClient(devnet, name).restart();
      return `restarted ${name}${how === "wipe" ? " with an empty database" : ""}`;
    },
  },
  el: {
    usage: "el NODE valid|syncing|error|hang",
    help: "how the execution client of a beacon node answers",
    run: (devnet, [name, wanted]) => {
      const mode = executionModes.find((one) => one === wanted);
      if (name === undefined || mode === undefined) throw badUsage("el");
      devnet.node(name).setExecution(mode);
      return `the execution client of ${name} is now ${mode}`;
    },
  },
  vc: {
    usage: "vc NAME FIRST..LAST URL[,URL]",
    help: "start one more validator client for these interop validators on any beacon-API URLs",
    run: (devnet, [name, range = "", urls = ""]) => {
      const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(range) ?? [];
      if (name === undefined || first === undefined || last === undefined || urls === "") throw badUsage("vc");
      const indices = { firstIndex: Number(first), lastIndex: Number(last) };
      const vc = devnet.startValidatorClient({ name, ...indices, beaconNodeUrls: urls.split(",") });
      return `started ${name} (pid ${vc.pid}), log ${vc.logFile}`;
    },
  },
};

/** Runs a line such as `kill bn2`; throws a `DevnetError` with the usage if it is not understood. */
export async function runControlCommand(devnet: Devnet, line: string): Promise<string> {
  const [name = "", ...args] = line.trim().split(/\s+/);
  const command = Object.hasOwn(controlCommands, name) ? controlCommands[name] : undefined;
  if (command !== undefined) return command.run(devnet, args);
  throw new DevnetError(
    "control",
    `No command ${name || "(empty)"}; there are ${Object.keys(controlCommands).join(", ")}`,
  );
}

const badUsage = (name: string): DevnetError =>
  new DevnetError("control", `Usage: ${controlCommands[name]?.usage ?? name}`);

function findValidatorClient(devnet: Devnet, name: string | undefined) {
  const found = devnet.validatorClients.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = [...devnet.nodes, ...devnet.validatorClients].map((one) => one.name).join(", ");
  throw new DevnetError("control", `No client ${name ?? "(none named)"}; there are ${names}`);
}

const findClient = (devnet: Devnet, name: string | undefined): RunningClient =>
  devnet.nodes.find((node) => node.name === name) ?? findValidatorClient(devnet, name);
