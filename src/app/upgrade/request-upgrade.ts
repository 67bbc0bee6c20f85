import { connect } from "node:net";
import { AppError } from "../../lib/app-error.ts";
import { requireConfigWithoutAlarms } from "../config/load.ts";
import { launcherSocketPath, upgradeRequest, type UpgradeLine } from "./launcher-socket.ts";
import { userName } from "../user-name.ts";

/**
 * Asks the launcher of this config's gateway to upgrade it, and resolves when the old process has gone. `show` gets what
 * it does meanwhile. Throws `AppError` `launcher-unreachable` or, where the old gateway serves on, `upgrade-failed`.
 */
export async function requestUpgrade(configPath: string, show: (line: string) => void): Promise<string> {
  const { config } = await requireConfigWithoutAlarms(configPath, process.env);
  const path = launcherSocketPath(config.server.dataFolder, config.gateway.name);
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = "";
    let isConnected = false;
    const fail = (message: string, code: string, cause?: unknown) =>
      reject(new AppError(message, { code, ...(cause === undefined ? {} : { cause }) }));
    socket.setEncoding("utf8");
    socket.once("connect", () => {
      isConnected = true;
      socket.write(`${upgradeRequest}\n`);
    });
    socket.on("data", (chunk: string) => {
      const lines = (text + chunk).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines.map((each) => JSON.parse(each) as UpgradeLine)) {
        if (line.kind === "progress") show(line.text);
        else if (line.kind === "done") resolve(line.text);
        else fail(`upgrade the gateway: ${line.text}. The gateway that ran before serves on.`, "upgrade-failed");
      }
    });
    socket.once("error", (error: NodeJS.ErrnoException) =>
      fail(unreachable(path, error), "launcher-unreachable", error),
    );
    socket.once("close", () => {
      const what = isConnected ? "it ended before the upgrade did; look at its log" : "it did not answer";
      fail(`follow the upgrade at ${path}: ${what}`, "launcher-unreachable");
    });
  });
}

function unreachable(path: string, { code }: NodeJS.ErrnoException): string {
  const next =
    code === "EACCES"
      ? `Only the user that runs the gateway may; this is ${userName()}.`
      : "Is `slotkeeper gateway` or `slotkeeper up` running with this configuration on this host? If its data folder or gateway.name was changed in the file since, send SIGUSR2 to it instead.";
  return `reach the gateway's launcher at ${path}. ${next}`;
}
