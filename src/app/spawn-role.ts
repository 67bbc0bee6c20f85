import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { HeldListener } from "./bind-listeners.ts";
import { inheritedEnv } from "./inherited-listeners.ts";
import { programOnDisk, type Program } from "./upgrade/program-on-disk.ts";

export type RoleName = "gateway" | "monitor";

/** With what a role is started. */
export interface RoleLaunch {
  role: RoleName;
  configPath: string;
  listeners: readonly HeldListener[];
  /** Node's own flags: heap bounds. */
  nodeFlags: readonly string[];
  env: NodeJS.ProcessEnv;
  program: Program;
  /** For tests: what runs instead of the role. */
  entry?: string;
}

const entryName = "role-main.ts";

/** Starts a role in a process of its own that inherits the listening sockets. */
export function spawnRole({ role, configPath, listeners, nodeFlags, env, program, entry }: RoleLaunch): ChildProcess {
  const firstFd = 4; // 0 to 2 are standard streams, 3 is the IPC channel.
  const inherited = Object.fromEntries(listeners.map(({ name }, index) => [name, firstFd + index]));
  const config = resolve(configPath);
  const { node, folder } = existsSync(join(program.folder, entryName)) ? program : programOnDisk();
  return spawn(node, [...nodeFlags, entry ?? join(folder, entryName), role, config], {
    stdio: ["ignore", "inherit", "inherit", "ipc", ...listeners.map(({ fd }) => fd)],
    env: { ...env, [inheritedEnv]: JSON.stringify(inherited) },
    // The folder of the launcher's own version may have been removed by an upgrade.
    cwd: dirname(config),
  });
}
