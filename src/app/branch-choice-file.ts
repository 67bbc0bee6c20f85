import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, describeError } from "../lib/app-error.ts";
import type { Logger } from "../lib/log.ts";
import type { ChosenBranch } from "../upstream/branch-choice.ts";

/** What a person chose in a split, kept beside the gateway so that a restart in the middle of it does not lose it. */
export interface BranchChoiceFile {
  /** `undefined` where there is none; an unreadable file is logged, and the split waits for a person again. */
  load(): ChosenBranch | undefined;
  /** Throws `AppError` `branch-choice-write` when the disk refuses. */
  save(choice: ChosenBranch | undefined): void;
}

export function branchChoiceFile(path: string, log: Logger): BranchChoiceFile {
  return {
    load() {
      try {
        return parseChoice(JSON.parse(readFileSync(path, "utf8")));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT")
          log.error(
            { path, error: describeError(error) },
            "the branch chosen in a split cannot be read: if the nodes are still split, choose it again",
          );
        return undefined;
      }
    },
    save(choice) {
      try {
        if (choice === undefined) return rmSync(path, { force: true });
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        const fd = openSync(`${path}.new`, "w", 0o600);
        try {
          writeSync(fd, `${JSON.stringify({ version: 1, choice })}\n`);
          fsyncSync(fd);
        } finally {
          closeSync(fd);
        }
        renameSync(`${path}.new`, path);
      } catch (cause) {
        throw new AppError(`store the chosen branch in ${path}: nothing was changed`, {
          code: "branch-choice-write",
          cause,
        });
      }
    },
  };
}

function parseChoice(value: unknown): ChosenBranch {
  const { choice } = (value ?? {}) as { choice?: Partial<ChosenBranch> };
  const { root, by, at, anchor, nodes } = choice ?? {};
  const isWhole =
    typeof root === "string" &&
    typeof by === "string" &&
    typeof at === "number" &&
    typeof anchor?.root === "string" &&
    typeof anchor.slot === "number" &&
    Array.isArray(nodes) &&
    nodes.every((node) => typeof node === "string");
  if (!isWhole) throw new Error("it holds no choice of a branch");
  return { root, by, at, anchor: { slot: anchor.slot, root: anchor.root }, nodes };
}
