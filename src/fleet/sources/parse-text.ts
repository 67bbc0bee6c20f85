import { parseValidatorId } from "../validator-key.ts";
import { textLines } from "./text-lines.ts";
import { failedReading, maxSourceKeys, quoted, Skips, type ListedValidator, type SourceReading } from "./reading.ts";

const noLabels = {};

/** One key or index on each line; `#` begins a comment. `file` is for messages. Never throws, whatever the text. */
export function parseText(text: string, file: string): SourceReading {
  if (text.includes("\0")) return failedReading("source-unreadable", `read ${file}: it is not a text file in UTF-8`);
  const skips = new Skips();
  const validators: ListedValidator[] = [];
  for (const { line, number } of textLines(text)) {
    const comment = line.indexOf("#");
    const entry = (comment === -1 ? line : line.slice(0, comment)).trim();
    if (entry === "") continue;
    const id = parseValidatorId(entry);
    if (!id) skips.add(`line ${number}`, `${quoted(entry)} is neither a key nor an index`);
    else if (validators.length === maxSourceKeys)
      return failedReading("source-too-large", `read ${file}: it lists more than ${maxSourceKeys} validators`);
    else validators.push({ ...id, labels: noLabels });
  }
  return { ok: true, validators, skipped: skips.list(), skippedCount: skips.count };
}
