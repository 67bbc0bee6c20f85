// npm run devnet: starts a devnet, or sends a command to the one that runs.
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { controlCall, findControlSocket } from "./control.ts";
import { controlCommands } from "./control-commands.ts";
import { DevnetError } from "./devnet-error.ts";
import type { ClientLogLevel } from "./devnet-types.ts";
import { runDevnetSession } from "./session.ts";
import type { SessionOptions } from "./session.ts";

const help = `Starts a devnet of real Lodestar nodes on this machine and prints their state each slot.

npm run devnet -- [options]            start; Ctrl-C ends everything
npm run devnet -- COMMAND [arguments]  from another terminal, act on the devnet that runs

Commands:
${Object.values(controlCommands)
  .map(({ usage, help: text }) => `  ${usage.padEnd(36)} ${text}`)
  .join("\n")}

Options:
  --nodes N             beacon nodes (3)
  --validators N        validators (64)
  --slot-seconds N      seconds in a slot (4)
  --genesis-delay N     seconds from start to genesis (10)
  --vc-urls URL[,URL]   beacon-API URLs of the validator client (all nodes)
  --no-vc               no validator client
  --logs LEVEL          error, warn, info, verbose or debug (info)
  --run FOLDER          run folder; with a command: of the devnet that is meant
  --keep                keep the default run folder at the end
  --help
`;

const options = {
  nodes: { type: "string" },
  validators: { type: "string" },
  "slot-seconds": { type: "string" },
  "genesis-delay": { type: "string" },
  "vc-urls": { type: "string" },
  "no-vc": { type: "boolean" },
  logs: { type: "string" },
  run: { type: "string" },
  keep: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parse(argv);
  if (values.help === true) return void process.stdout.write(help);
  if (positionals.length > 0) {
    const socketPath = findControlSocket(values.run);
    console.error(`devnet in ${dirname(socketPath)}:`);
    console.log(await controlCall(socketPath, positionals.join(" ")));
    return;
  }
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stopping.abort());
  try {
    await runDevnetSession(sessionOptions(values), stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    throw new DevnetError("bad-option", `${(cause as Error).message}\nSee npm run devnet -- --help`, cause);
  }
}

function sessionOptions(values: ReturnType<typeof parse>["values"]): SessionOptions {
  const numbers = {
    nodes: values.nodes,
    validators: values.validators,
    slotDurationSeconds: values["slot-seconds"],
    genesisDelaySeconds: values["genesis-delay"],
  };
  const given = Object.entries(numbers).filter(([, text]) => text !== undefined);
  const levels: readonly ClientLogLevel[] = ["error", "warn", "info", "verbose", "debug"];
  const logs = levels.find((level) => level === values.logs);
  if (values.logs !== undefined && logs === undefined) {
    throw new DevnetError("bad-option", `--logs must be one of ${levels.join(", ")}, not ${values.logs}`);
  }
  return {
    ...Object.fromEntries(given.map(([name, text]) => [name, Number(text)])),
    ...(values.run === undefined ? {} : { runFolder: values.run }),
    ...(logs === undefined ? {} : { logs }),
    ...(values["no-vc"] === true ? { validatorClientUrls: [] } : {}),
    ...(values["vc-urls"] === undefined ? {} : { validatorClientUrls: values["vc-urls"].split(",") }),
    keepRunFolder: values.keep === true,
  };
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof DevnetError ? error.message : error);
  process.exitCode = 1;
});
