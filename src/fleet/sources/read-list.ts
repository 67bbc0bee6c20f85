import { parseValidatorId } from "../validator-key.ts";
import { quoted, Skips, type ListedValidator, type SourceReading } from "./reading.ts";

const noLabels = {};

/** The keys and indices that stand in the configuration. */
export function readList(keys: readonly string[]): SourceReading {
  const skips = new Skips();
  const validators: ListedValidator[] = [];
  keys.forEach((text, i) => {
    const id = parseValidatorId(text);
    if (id) validators.push({ ...id, labels: noLabels });
    else skips.add(`item ${i + 1}`, `${quoted(text)} is neither a key nor an index`);
  });
  return { ok: true, validators, skipped: skips.list(), skippedCount: skips.count };
}
