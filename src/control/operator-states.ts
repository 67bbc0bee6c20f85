import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, describeError } from "../lib/app-error.ts";
import type { OperatorState } from "../upstream/types.ts";

export interface OperatorMark {
  group: string;
  node: string;
  state: OperatorState;
  by: string;
  at: number;
  /** A drain that takes even the last ready node. */
  isForced?: boolean;
}

/** What people decided about nodes, kept beside the gateway so that a restart does not lose it. */
export interface OperatorStates {
  /** Everything that is not `active`. */
  marks(): readonly OperatorMark[];
  /** The same for one group, by node. */
  ofGroup(group: string): Readonly<Record<string, OperatorState>>;
  /** Stores before it returns; throws `AppError` `operator-state-write` when the disk refuses. */
  set(mark: OperatorMark): void;
  /** Reads the file again: another process wrote it until now. What cannot be read leaves all as it was, and is told. */
  reload(): string | undefined;
  /** Why the file could not be read at start; the states then began empty. */
  readonly warning: string | undefined;
}

const known: readonly string[] = ["active", "cordoned", "draining", "maintenance"] satisfies OperatorState[];

/** Opens the file at `path` (mode 0600), which need not exist. An unreadable file means an empty start with a warning. */
export function openOperatorStates(path: string): OperatorStates {
  const byKey = new Map<string, OperatorMark>();
  const keyOf = (mark: { group: string; node: string }) => JSON.stringify([mark.group, mark.node]);
  let warning: string | undefined;
  try {
    for (const mark of readMarks(path)) byKey.set(keyOf(mark), mark);
  } catch (error) {
    warning = `The operator states in ${path} cannot be read (${describeError(error)}): no node is cordoned. Cordon again where needed.`;
  }
  return {
    warning,
    marks: () => [...byKey.values()],
    ofGroup: (group) =>
      Object.fromEntries(
        [...byKey.values()].filter((mark) => mark.group === group).map(({ node, state }) => [node, state]),
      ),
    reload() {
      let marks: OperatorMark[];
      try {
        marks = readMarks(path);
      } catch (error) {
        return `The operator states in ${path} cannot be read again (${describeError(error)}): those of the start stand.`;
      }
      byKey.clear();
      for (const mark of marks) byKey.set(keyOf(mark), mark);
      return undefined;
    },
    set(mark) {
      const next = new Map(byKey);
      if (mark.state === "active") next.delete(keyOf(mark));
      else next.set(keyOf(mark), mark);
      writeMarks(path, [...next.values()]);
      byKey.clear();
      for (const [key, value] of next) byKey.set(key, value);
    },
  };
}

function readMarks(path: string): OperatorMark[] {
  let source: string;
  try {
    source = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const { marks } = JSON.parse(source) as { marks?: unknown };
  if (!Array.isArray(marks)) throw new Error("it holds no list of marks");
  return marks.filter((mark: Partial<OperatorMark> | null): mark is OperatorMark => {
    const isWhole = typeof mark?.group === "string" && typeof mark.node === "string" && typeof mark.state === "string";
    return isWhole && known.includes(mark.state ?? "");
  });
}

/** By rename after fsync: a crash leaves the old file or the new one, never half of one. */
function writeMarks(path: string, marks: readonly OperatorMark[]): void {
  const draft = `${path}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(draft, "w", 0o600);
    try {
      writeSync(fd, `${JSON.stringify({ version: 1, marks }, null, 1)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (cause) {
    throw new AppError(`store operator states in ${path}: nothing was changed`, {
      code: "operator-state-write",
      cause,
    });
  }
}
