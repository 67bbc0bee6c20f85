import { failedReading, maxSourceKeys, Skips, type ListedValidator, type SourceReading } from "./reading.ts";
import { rowReader, type RowReader } from "./table-rows.ts";
import { textLines } from "./text-lines.ts";

/**
 * A table with a line of column names: `pubkey` or `index` or both, and labels. Commas, semicolons or tabs part the cells;
 * quotes as in RFC 4180, but no line breaks inside them. `file` is for messages. Never throws, whatever the text.
 */
export function parseCsv(text: string, file: string): SourceReading {
  if (text.includes("\0")) return failedReading("source-unreadable", `read ${file}: it is not a text file in UTF-8`);
  const skips = new Skips();
  const validators: ListedValidator[] = [];
  let separator = ",";
  let columns = 0;
  let rows: RowReader | undefined;
  for (const { line, number } of textLines(text)) {
    if (line.trim() === "") continue;
    if (!rows) {
      separator = separatorOf(line);
      const names = splitCells(line, separator);
      const reader = names ? rowReader(names) : "a quote is not closed";
      if (typeof reader === "string")
        return failedReading("source-bad-columns", `read ${file}, line ${number}: ${reader}`);
      for (const why of reader.left) skips.add(`line ${number}`, why);
      columns = names?.length ?? 0;
      rows = reader;
      continue;
    }
    const cells = splitCells(line, separator);
    const row =
      cells === undefined
        ? "a quote is not closed"
        : cells.length === columns
          ? rows.read(cells)
          : `has ${cells.length} columns instead of ${columns}`;
    if (typeof row === "string") skips.add(`line ${number}`, row);
    else if (validators.length === maxSourceKeys)
      return failedReading("source-too-large", `read ${file}: it lists more than ${maxSourceKeys} validators`);
    else validators.push(row);
  }
  if (!rows)
    return failedReading("source-bad-columns", `read ${file}: it is empty; its first line must name the columns`);
  return { ok: true, validators, skipped: skips.list(), skippedCount: skips.count };
}

/** Spreadsheets of many countries write semicolons. */
function separatorOf(header: string): string {
  return [",", ";", "\t"].find((candidate) => header.includes(candidate)) ?? ",";
}

/** The cells of a line, or `undefined` where a quote is not closed on it. */
function splitCells(line: string, separator: string): string[] | undefined {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  for (let at = 0; ;) {
    if (line[at] !== '"') {
      const end = line.indexOf(separator, at);
      cells.push(line.slice(at, end === -1 ? line.length : end));
      if (end === -1) return cells;
      at = end + 1;
      continue;
    }
    let cell = "";
    let from = at + 1;
    let close = line.indexOf('"', from);
    while (close !== -1 && line[close + 1] === '"') {
      cell += line.slice(from, close + 1);
      from = close + 2;
      close = line.indexOf('"', from);
    }
    if (close === -1) return undefined;
    cells.push(cell + line.slice(from, close));
    const after = line.indexOf(separator, close);
    if (line.slice(close + 1, after === -1 ? line.length : after).trim() !== "") return undefined;
    if (after === -1) return cells;
    at = after + 1;
  }
}
