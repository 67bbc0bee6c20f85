import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

export type LogTail =
  | { ok: true; lines: readonly string[]; sizeBytes: number; writtenAt: number; isWhole: boolean }
  | { ok: false; kind: "missing" | "denied" | "not-a-file" | "compressed" | "binary" | "failed"; message: string };

export interface LogTailOptions {
  maxBytes: number;
  maxLineLength: number;
}

const defaultLogTail: LogTailOptions = { maxBytes: 4 * 1024 * 1024, maxLineLength: 4096 };

/**
 * The last lines of a file that may be huge, growing, binary or gone. Never throws. The first, cut line of a file that is
 * longer than `maxBytes` is left out, and each line is cut to `maxLineLength` characters.
 */
export async function readLogTail(path: string, options: LogTailOptions = defaultLogTail): Promise<LogTail> {
  let file: FileHandle | undefined;
  try {
    // Opening a pipe would wait for its writer for ever; O_NONBLOCK lets the check below refuse it instead.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile())
      return { ok: false, kind: "not-a-file", message: "not a regular file: save the log to a file first" };
    const from = Math.max(0, stat.size - options.maxBytes);
    const bytes = await readFrom(file, from, stat.size - from);
    const unreadable = whyUnreadable(from === 0 ? bytes : await readFrom(file, 0, 4), bytes);
    if (unreadable) return unreadable;
    const lines = bytes.toString("utf8").split("\n");
    if (from > 0) lines.shift();
    if (lines.at(-1) === "") lines.pop();
    return {
      ok: true,
      lines: lines.map((line) => line.slice(0, options.maxLineLength)),
      sizeBytes: stat.size,
      writtenAt: stat.mtimeMs,
      isWhole: from === 0,
    };
  } catch (error) {
    return failureOf(error);
  } finally {
    await file?.close().catch(() => undefined);
  }
}

async function readFrom(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, from + filled);
    // A log that was rotated away under us ends early: what was read stands.
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function whyUnreadable(start: Buffer, bytes: Buffer): LogTail | undefined {
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const isZstd = start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd;
  if (isGzip || isZstd) {
    return {
      ok: false,
      kind: "compressed",
      message: "compressed: name the log that is being written, or unpack it first",
    };
  }
  // Text logs hold no NUL; a few appear after a power cut (the file was grown, not written), so that one is no proof.
  let zeros = 0;
  for (const byte of bytes) if (byte === 0) zeros++;
  if (zeros > 16 && zeros > bytes.length / 100)
    return { ok: false, kind: "binary", message: "not text: is this a log?" };
  // Each byte that is no UTF-8 reads as U+FFFD. A log in Latin-1 has a few of them, an archive or a database many.
  const sample = bytes.subarray(0, 65_536).toString("utf8");
  let strange = 0;
  for (const character of sample) if (character === "\ufffd") strange++;
  if (strange > 16 && strange > sample.length / 20)
    return { ok: false, kind: "binary", message: "not text: is this a log?" };
  return undefined;
}

function failureOf(error: unknown): LogTail {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return { ok: false, kind: "missing", message: "no such file" };
  if (code === "EACCES" || code === "EPERM") {
    return { ok: false, kind: "denied", message: "permission denied: run as a user who may read it" };
  }
  return { ok: false, kind: "failed", message: error instanceof Error ? error.message : String(error) };
}
