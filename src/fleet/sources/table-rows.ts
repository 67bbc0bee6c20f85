import { isLabelName, maxLabelLength } from "../label-names.ts";
import { parseIndex, parsePubkey } from "../validator-key.ts";
import { quoted, type Labels, type ListedValidator } from "./reading.ts";

/** Reads rows of a table whose columns are known: the columns `pubkey` and `index`, and labels. */
export interface RowReader {
  /** Columns that are no label, with why; to be told once. */
  left: readonly string[];
  /** The validator of a row, or why it is left out. An empty cell is no label. */
  read(cells: readonly (string | null)[]): ListedValidator | string;
}

/** What is wrong with the columns, or how to read their rows. Names of columns count without regard to case for the two keys. */
export function rowReader(columns: readonly string[]): RowReader | string {
  const names = columns.map((name) => name.trim());
  const keys = names.map((name) => name.toLowerCase());
  const pubkeyAt = keys.indexOf("pubkey");
  const indexAt = keys.indexOf("index");
  const shown = names.slice(0, 20).map(quoted).join(", ");
  if (pubkeyAt === -1 && indexAt === -1)
    return `no column is named pubkey or index, the columns are ${shown || "none"}`;
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) return `two columns are named ${quoted(twice)}`;
  const others = names.map((name, at) => ({ name, at })).filter(({ at }) => at !== pubkeyAt && at !== indexAt);
  const labels = others.filter(({ name }) => isLabelName(name));
  const left = others
    .filter(({ name }) => !isLabelName(name))
    .map(({ name }) => `column ${quoted(name)} cannot be a label`);
  // Most rows share their labels with many others: one object for all of them keeps memory and later comparison small.
  const shared = new Map<string, Labels>();

  function labelsOf(cells: readonly (string | null)[]): Labels | string {
    const values = labels.map(({ at }) => cells[at]?.trim() ?? "");
    const key = values.join("\0");
    const known = shared.get(key);
    if (known) return known;
    const long = labels.find((_, i) => (values[i] ?? "").length > maxLabelLength);
    if (long) return `the label ${quoted(long.name)} is longer than ${maxLabelLength} characters`;
    const filled = labels.map(({ name }, i): [string, string] => [name, values[i] ?? ""]);
    const made: Labels = Object.fromEntries(filled.filter(([, value]) => value !== ""));
    shared.set(key, made);
    return made;
  }

  return {
    left,
    read(cells) {
      const key = pubkeyAt === -1 ? "" : (cells[pubkeyAt]?.trim() ?? "");
      const number = indexAt === -1 ? "" : (cells[indexAt]?.trim() ?? "");
      if (key === "" && number === "") return "has neither key nor index";
      const pubkey = key === "" ? undefined : parsePubkey(key);
      if (key !== "" && pubkey === undefined) return `${quoted(key)} is not a key`;
      const index = number === "" ? undefined : parseIndex(number);
      if (number !== "" && index === undefined) return `${quoted(number)} is not an index`;
      const rowLabels = labelsOf(cells);
      return typeof rowLabels === "string" ? rowLabels : { pubkey, index, labels: rowLabels };
    },
  };
}
