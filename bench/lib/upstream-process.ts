import { spawn } from "node:child_process";
import { join } from "node:path";

export interface UpstreamProcess {
  url: string;
  /** Calls so far by method and path, numbers at its end left out; only those of the mix. */
  asked(): Promise<Readonly<Record<string, number>>>;
  stop(): void;
}

/** Starts the static beacon node in a process of its own. */
export async function startUpstream(slotMs = 12_000): Promise<UpstreamProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "static-upstream.ts"), String(slotMs)], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk) => resolve(String(chunk).trim()));
    child.once("exit", (code) => reject(new Error(`the upstream ended (${code})`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () =>
      new Promise((resolve) => {
        child.once("message", (counts) => resolve({ ...(counts as Record<string, number>) }));
        child.send("asked");
      }),
    stop: () => child.disconnect(),
  };
}
