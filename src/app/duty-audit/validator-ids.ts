import { readFileSync } from "node:fs";
import { maxValidatorIndex, parseIndex, parsePubkey } from "../../fleet/validator-key.ts";
import { AppError, describeError } from "../../lib/app-error.ts";

/** Validators as they were named: rising indices, and keys that a node must resolve. */
export interface NamedValidators {
  indices: readonly number[];
  pubkeys: readonly string[];
}

const maxNamed = 1_000_000;
const maxFileBytes = 128 * 2 ** 20;

/**
 * Reads `1,2,5-9`, `0xkey`, `@file` and any mix of them, parted by commas or space; in a file `#` begins a comment.
 * Throws AppError `bad-validators` that names the word and says what to write.
 */
export function readValidatorIds(text: string, readFile: (path: string) => string = readBounded): NamedValidators {
  const indices = new Set<number>();
  const pubkeys = new Set<string>();
  const add = (word: string, from: string): void => {
    const range = /^(\d{1,10})-(\d{1,10})$/.exec(word);
    const index = parseIndex(word);
    const pubkey = parsePubkey(word);
    if (range) addRange(Number(range[1]), Number(range[2]), word);
    else if (index !== undefined) indices.add(index);
    else if (pubkey !== undefined) pubkeys.add(pubkey);
    else
      throw refuse(
        `"${word.length > 120 ? `${word.slice(0, 120)}…` : word}"${from} is neither an index, a range nor a key`,
      );
    if (indices.size + pubkeys.size > maxNamed) throw refuse(`more than ${maxNamed} validators are named`);
  };
  function addRange(first: number, last: number, word: string): void {
    if (first > last || last > maxValidatorIndex) throw refuse(`the range ${word} cannot be`);
    if (last - first >= maxNamed) throw refuse(`the range ${word} is of more than ${maxNamed} validators`);
    for (let index = first; index <= last; index++) indices.add(index);
  }
  for (const part of wordsOf(text)) {
    if (!part.startsWith("@")) {
      add(part, "");
      continue;
    }
    const path = part.slice(1);
    for (const [at, line] of readFile(path).split(/\r?\n/).entries())
      for (const word of wordsOf(line.replace(/#.*$/, ""))) add(word, ` in line ${at + 1} of ${path}`);
  }
  if (indices.size + pubkeys.size === 0) throw refuse("no validator is named");
  return { indices: [...indices].sort((a, b) => a - b), pubkeys: [...pubkeys] };
}

const wordsOf = (text: string): string[] => text.split(/[\s,;]+/).filter((word) => word !== "");

function refuse(problem: string): AppError {
  return new AppError(
    `read --validators: ${problem}. Write indices, ranges, keys or files, such as 1,2,5-9,0x93…74a,@validators.txt`,
    { code: "bad-validators" },
  );
}

function readBounded(path: string): string {
  try {
    const text = readFileSync(path);
    if (text.length > maxFileBytes) throw new Error(`larger than ${maxFileBytes} bytes`);
    return text.toString("utf8");
  } catch (error) {
    throw new AppError(`read the validators in ${path}: ${describeError(error)}`, { code: "bad-validators" });
  }
}
