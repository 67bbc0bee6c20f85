import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The program that children run: Node and the folder of `src/app`. */
export interface Program {
  node: string;
  folder: string;
}

/** Where this process was started: relative names on its command line count from there, also when it is gone later. */
const startFolder = process.cwd();

/**
 * The program as it lies on the disk at this moment. The launcher was perhaps started through a link (`current`) that leads
 * to another version by now, so the names on its command line are looked up anew; `import.meta.url` has the old place.
 */
export function programOnDisk(script = process.argv[1], argv0 = process.argv0): Program {
  return { node: nodeOnDisk(argv0), folder: folderOnDisk(script) };
}

function folderOnDisk(script: string | undefined): string {
  const own = dirname(dirname(fileURLToPath(import.meta.url)));
  try {
    const folder = join(dirname(realpathSync(resolve(startFolder, script ?? ""))), "..", "app");
    return existsSync(join(folder, "role-main.ts")) ? folder : own;
  } catch {
    // Started in some other way (a test): then the program is the one that is running.
    return own;
  }
}

/** A bare name came from PATH: the very file that runs is the best guess then. */
function nodeOnDisk(argv0: string): string {
  if (!argv0.includes("/")) return process.execPath;
  const path = resolve(startFolder, argv0);
  return existsSync(path) ? path : process.execPath;
}
