import { spawn } from "node:child_process";

export interface Load {
  requests: number;
  requestsPerSecond: number;
  /** Socket errors and answers that are not 2xx or 3xx. */
  errors: number;
}

/** A Lua script that makes the requests, and what it reads from its environment. */
export interface WrkScript {
  script: string;
  environment: Readonly<Record<string, string>>;
}

/** Loads one URL with Debian's wrk from one thread. */
export function loadWith(url: string, connections: number, seconds: number, scripted?: WrkScript): Promise<Load> {
  return new Promise((resolve, reject) => {
    const script = scripted ? ["-s", scripted.script] : [];
    const child = spawn("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, ...script, url], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...scripted?.environment },
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.on("error", () => reject(new Error("wrk is not installed: apt-get install --no-install-recommends wrk")));
    child.on("close", () => {
      const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output);
      const wrongStatus = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0);
      resolve({
        requests: Number(/(\d+) requests in/.exec(output)?.[1] ?? 0),
        requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? 0),
        errors: wrongStatus + (sockets ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0),
      });
    });
  });
}
