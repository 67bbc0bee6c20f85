import { spawn, type ChildProcess } from "node:child_process";
import type { Clock } from "../../lib/clock.ts";
import { backoffMs } from "../../lib/retry.ts";
import { lineCutter, type LogReader, type LogSink } from "./log-feed.ts";

interface Entry {
  text: string;
  cursor: string | undefined;
}

/**
 * Follows a systemd unit with `journalctl -f -o json` as a child process of its own, ended by its own process id. A
 * journalctl that ends is started again after the entry that was read last (`--after-cursor`).
 */
export function followJournal(
  unit: string,
  sink: LogSink,
  clock: Clock,
  random: () => number,
  program = "journalctl",
): LogReader {
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  let cursor: string | undefined;

  async function run(): Promise<void> {
    let attempt = 0;
    while (!stopping.signal.aborted) {
      const { heard, problem } = await once();
      if (stopping.signal.aborted) return;
      if (problem === "ENOENT") sink.state("log-no-journalctl", `${program} was not found`);
      else sink.state("log-journal-ended", problem);
      attempt = heard ? 0 : attempt + 1;
      await clock.sleep(backoffMs(attempt, 1_000, 60_000, random), stopping.signal);
    }
  }

  function once(): Promise<{ heard: boolean; problem: string }> {
    return new Promise((resolve) => {
      const from = cursor === undefined ? ["-n", "0"] : ["--after-cursor", cursor];
      const started = spawn(program, ["-f", "-o", "json", "-u", unit, "--no-pager", ...from], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      child = started;
      const cut = lineCutter();
      let heard = false;
      let said = "";
      started.on("error", (error: NodeJS.ErrnoException) => resolve({ heard, problem: error.code ?? error.message }));
      started.on("spawn", () => sink.state("log-followed", unit));
      started.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        heard = true;
        const entries = cut(chunk).flatMap((line) => readEntry(line) ?? []);
        cursor = entries.at(-1)?.cursor ?? cursor;
        if (entries.length > 0) sink.lines(entries.map(({ text }) => text));
      });
      started.stderr.setEncoding("utf8").on("data", (chunk: string) => (said = (said + chunk).slice(-300)));
      started.on("close", (code, signal) => {
        child = undefined;
        resolve({ heard, problem: said.trim() || `journalctl ended (${code ?? signal ?? "?"})` });
      });
    });
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      child?.kill("SIGTERM");
      await running;
    },
  };
}

/** MESSAGE is a text, or an array of bytes where it is no UTF-8 (systemd's journal export, JSON). */
function readEntry(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as { MESSAGE?: unknown; __CURSOR?: unknown };
    const { MESSAGE: message, __CURSOR: at } = entry;
    const cursor = typeof at === "string" ? at : undefined;
    if (typeof message === "string") return { text: message.slice(0, 4096), cursor };
    if (Array.isArray(message))
      return {
        text: Buffer.from(message as number[])
          .toString("utf8")
          .slice(0, 4096),
        cursor,
      };
    return { text: "", cursor };
  } catch {
    // A cut line: the next one is whole again.
    return undefined;
  }
}
