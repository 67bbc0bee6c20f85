import type { MemoryBudget } from "../memory-budget.ts";
import type { SharedAnswer } from "./shared-answer.ts";

/** Kept answers by key, bounded in bytes; the ones not used for longest go first. Validity is the caller's to ask. */
export interface AnswerCache {
  get(key: string): SharedAnswer | undefined;
  set(key: string, answer: SharedAnswer): void;
  delete(key: string): void;
  clear(): void;
  /** Drops what is of no use any more. */
  prune(isOver: (answer: SharedAnswer) => boolean): void;
  /** More is held for it: its compressed form, or its bytes ready to be sent. */
  grown(key: string, answer: SharedAnswer, bytes: number): void;
  readonly bytes: number;
  readonly size: number;
}

export function createAnswerCache(maxBytes: number, budget: MemoryBudget): AnswerCache {
  const entries = new Map<string, { answer: SharedAnswer; bytes: number }>();
  let bytes = 0;

  function drop(key: string): void {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    bytes -= entry.bytes;
    budget.give(entry.bytes);
    entry.answer.drop();
  }

  /** Second chance: the oldest goes, unless it was used since it was last looked at; then it counts as the newest. */
  function shrink(target: number): void {
    for (let chances = entries.size; bytes > target && entries.size > 0;) {
      const [key, entry] = entries.entries().next().value as [string, { answer: SharedAnswer; bytes: number }];
      if (entry.answer.isUsed && chances-- > 0) {
        entry.answer.isUsed = false;
        entries.delete(key);
        entries.set(key, entry);
      } else drop(key);
    }
  }

  budget.onPressure((excess) => shrink(Math.max(0, bytes - excess)));

  return {
    get: (key) => entries.get(key)?.answer,
    set(key, answer) {
      drop(key);
      const size = answer.bytes;
      if (size > maxBytes / 2) return;
      shrink(maxBytes - size);
      entries.set(key, { answer, bytes: size });
      bytes += size;
      budget.take(size);
    },
    delete: drop,
    clear() {
      for (const key of [...entries.keys()]) drop(key);
    },
    prune(isOver) {
      for (const [key, { answer }] of entries) if (isOver(answer)) drop(key);
    },
    grown(key, answer, more) {
      const entry = entries.get(key);
      if (entry?.answer !== answer) return;
      entry.bytes += more;
      bytes += more;
      budget.take(more);
      shrink(maxBytes);
    },
    get bytes() {
      return bytes;
    },
    get size() {
      return entries.size;
    },
  };
}
