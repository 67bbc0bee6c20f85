import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "../lib/app-error.ts";

export interface StoreLock {
  release(): void;
}

/**
 * One monitor per data folder. The lock is the operating system's, held through SQLite on a file of its own, so that it
 * ends with the process however that dies. Throws `AppError` `data-in-use`, naming the holder.
 */
export function lockDataFolder(folder: string, pid: number): StoreLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidPath = join(folder, "monitor.pid");
  const database = new DatabaseSync(join(folder, "monitor.lock"));
  try {
    database.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
  } catch (cause) {
    database.close();
    throw new AppError(
      `use data folder ${folder}: another monitor${holder(pidPath)} uses it. Stop that one, or set another server.dataFolder.`,
      { code: "data-in-use", cause },
    );
  }
  writeFileSync(pidPath, `${pid}\n`, { mode: 0o600 });
  return {
    release() {
      rmSync(pidPath, { force: true });
      database.close();
    },
  };
}

function holder(path: string): string {
  try {
    return ` (process ${readFileSync(path, "utf8").trim()})`;
  } catch {
    return "";
  }
}
