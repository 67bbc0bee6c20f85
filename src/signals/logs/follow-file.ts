import { constants } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../../lib/clock.ts";
import { lineCutter, type LogReader, type LogSink } from "./log-feed.ts";

const periodMs = 1_000;
/** Of each look: a log that was written faster than this is behind, never lost. */
const maxBytes = 1024 * 1024;

/**
 * Follows a text file from its present end, as `tail -F`: a file that is renamed is read to its end before the new one of
 * that name is begun, and one that was cut is read from its start.
 */
export function followFile(path: string, sink: LogSink, clock: Clock, onError: (error: unknown) => void): LogReader {
  let file: FileHandle | undefined;
  let inode = 0;
  let at = 0;
  /** The first file is followed from its end; one that appears later is new from its first line on. */
  let isFirst = true;
  let decoder = new StringDecoder("utf8");
  let cut = lineCutter();
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  async function openIt(): Promise<boolean> {
    try {
      // Opening a pipe would wait for its writer for ever; O_NONBLOCK lets the check below refuse it instead.
      file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const facts = await file.stat();
      if (!facts.isFile()) {
        await close();
        sink.state("log-failed", `${path} is no regular file`);
        return false;
      }
      inode = facts.ino;
      at = isFirst ? facts.size : 0;
      isFirst = false;
      decoder = new StringDecoder("utf8");
      cut = lineCutter();
      sink.state("log-followed", path);
      return true;
    } catch (error) {
      await close();
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (code === "ENOENT" || code === "ENOTDIR") {
        isFirst = false;
        sink.state("log-missing", path);
      } else if (code === "EACCES" || code === "EPERM") sink.state("log-denied", path);
      else sink.state("log-failed", `${path}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  async function close(): Promise<void> {
    await file?.close().catch(() => undefined);
    file = undefined;
  }

  /** `true`: there may be more. */
  async function readOnce(of: FileHandle): Promise<boolean> {
    const { size } = await of.stat();
    if (size < at) {
      at = 0;
      cut = lineCutter();
    }
    const length = Math.min(maxBytes, size - at);
    if (length <= 0) return false;
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await of.read(buffer, 0, length, at);
    at += bytesRead;
    const lines = cut(decoder.write(buffer.subarray(0, bytesRead)));
    if (lines.length > 0) sink.lines(lines);
    return at < size;
  }

  async function look(): Promise<void> {
    if (!file && !(await openIt())) return;
    if (!file || (await readOnce(file))) return;
    const now = await stat(path).catch(() => undefined);
    if (now?.ino === inode) return;
    // Renamed or deleted: what was written to it meanwhile first, then the new one.
    while (await readOnce(file));
    await close();
    if (now) await openIt();
    else sink.state("log-missing", path);
  }

  function begin(): void {
    running = running
      .then(() => (isStopped ? undefined : look()))
      .catch(async (error: unknown) => {
        await close();
        sink.state("log-failed", `${path}: ${error instanceof Error ? error.message : String(error)}`);
        onError(error);
      });
  }
  begin();
  const cancel = clock.every(periodMs, begin);

  return {
    async stop() {
      isStopped = true;
      cancel();
      await running;
      await close();
    },
  };
}
