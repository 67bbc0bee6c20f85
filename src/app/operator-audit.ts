import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { auditHash, firstPreviousHash, type AuditEvent, type AuditRecord } from "../access/audit.ts";
import { AppError, describeError } from "../lib/app-error.ts";

/** What was asked of this gateway through its control, kept beside it: it also has what was done while no monitor ran. */
export interface OperatorAudit {
  /** On disk before it returns; throws `AppError` `audit-failed`. */
  append(event: AuditEvent): AuditRecord;
  /** Finds the end of the chain again: another process wrote it until now. */
  reload(): void;
  /** Why the file could not be read to its end at the start; records go on after the last whole one. */
  readonly warning: string | undefined;
  /** Asked before this start, and without an outcome: a crash came in between, so nobody knows whether it was done. */
  readonly unfinished: readonly AuditRecord[];
}

/** Tens of thousands of actions: beyond it something asks without end, and a person must look. */
const maxBytes = 64 * 1024 * 1024;

/** Opens the file at `path` (mode 0600, one JSON record a line, chained as the store's audit is); it need not exist. */
export function openOperatorAudit(path: string): OperatorAudit {
  const { last, isTorn, problem, unfinished } = readRecords(path);
  let previous = last;
  let isLineOpen = isTorn;
  return {
    warning: problem,
    unfinished,
    reload() {
      const found = readRecords(path);
      previous = found.last ?? previous;
      isLineOpen = found.isTorn;
    },
    append(event) {
      const id = (previous?.id ?? 0) + 1;
      const previousHash = previous?.hash ?? firstPreviousHash;
      const record: AuditRecord = { ...event, id, previousHash, hash: auditHash(previousHash, id, event) };
      try {
        // Until it has been written whole, the next attempt must not continue this line.
        const text = `${isLineOpen ? "\n" : ""}${JSON.stringify(record)}\n`;
        isLineOpen = true;
        writeDurably(path, text);
        isLineOpen = false;
      } catch (cause) {
        throw new AppError(
          `record ${event.action} of ${event.target} in ${path}: nothing was changed. Look at free space and permissions of the data folder.`,
          { code: "audit-failed", cause },
        );
      }
      previous = record;
      return record;
    },
  };
}

interface Found {
  last: AuditRecord | undefined;
  isTorn: boolean;
  problem: string | undefined;
  unfinished: readonly AuditRecord[];
}

function readRecords(path: string): Found {
  try {
    const text = readFileSync(path, "utf8");
    const lines = text.split("\n").filter((line) => line !== "");
    const records = lines.map(parse);
    const torn = records.filter((record) => record === undefined).length;
    const whole = records.filter((record) => record !== undefined);
    return {
      last: whole.at(-1),
      unfinished: withoutOutcome(whole),
      isTorn: text !== "" && !text.endsWith("\n"),
      problem:
        torn === 0
          ? undefined
          : `${torn} lines of the audit in ${path} are no whole records; it goes on after the last whole one.`,
    };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const problem = isMissing ? undefined : `The audit in ${path} cannot be read (${describeError(error)}).`;
    return { last: undefined, isTorn: false, problem, unfinished: [] };
  }
}

function withoutOutcome(records: readonly AuditRecord[]): AuditRecord[] {
  const open = new Map<number, AuditRecord>();
  for (const record of records) {
    if (record.result === "asked") open.set(record.id, record);
    const ended = /\(asked in record (\d+)\)$/.exec(record.result)?.[1];
    if (ended !== undefined) open.delete(Number(ended));
  }
  return [...open.values()];
}

function parse(line: string): AuditRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<AuditRecord> | null;
    return typeof record?.id === "number" && typeof record.hash === "string" ? (record as AuditRecord) : undefined;
  } catch {
    // Half a line of a crash: the caller counts and tells it.
    return undefined;
  }
}

function writeDurably(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fd = openSync(path, "a", 0o600);
  try {
    if (fstatSync(fd).size > maxBytes) throw new Error(`it is over ${maxBytes} bytes: move it away`);
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
