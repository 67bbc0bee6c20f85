/** One number of a metrics page. Labels have no prototype, so that a hostile label name is only a key. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

export interface Exposition {
  samples: readonly Sample[];
  /** Lines that are neither a comment nor a sample. */
  malformedLines: number;
  /** True when something was left out because a bound was reached: counts made from it would be too low. */
  isTruncated: boolean;
}

export interface ExpositionLimits {
  /** Only these names are kept; everything else is counted and dropped. Absent: every name. */
  names?: ReadonlySet<string>;
  maxSamples: number;
  maxLineLength: number;
  maxLabels: number;
}

export const defaultExpositionLimits: ExpositionLimits = { maxSamples: 500_000, maxLineLength: 65_536, maxLabels: 64 };

const nameAtStart = /^[a-zA-Z_:][a-zA-Z0-9_:.]*/;

/**
 * Reads the Prometheus text format 0.0.4 and OpenMetrics 1.0 text. Never throws, whatever the text: a line that cannot be
 * read is counted and left out. Timestamps and exemplars are ignored.
 * Source: prometheus.io/docs/instrumenting/exposition_formats.
 */
export function parseExposition(text: string, limits: ExpositionLimits = defaultExpositionLimits): Exposition {
  const samples: Sample[] = [];
  let malformedLines = 0;
  let isTruncated = false;
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const lineStart = start;
    start = end + 1;
    if (end - lineStart > limits.maxLineLength) {
      isTruncated = true;
      malformedLines++;
      continue;
    }
    const line = text.slice(lineStart, end).trim();
    if (line === "" || line.startsWith("#")) continue;
    const sample = parseSample(line, limits);
    if (sample === undefined) malformedLines++;
    else if (sample === "not wanted") continue;
    else if (samples.length >= limits.maxSamples) {
      isTruncated = true;
      break;
    } else samples.push(sample);
  }
  return { samples, malformedLines, isTruncated };
}

function parseSample(line: string, limits: ExpositionLimits): Sample | "not wanted" | undefined {
  const name = nameAtStart.exec(line)?.[0];
  if (name === undefined) return undefined;
  if (limits.names && !limits.names.has(name)) return "not wanted";
  let rest = line.slice(name.length).trimStart();
  let labels: Record<string, string> = emptyLabels();
  if (rest.startsWith("{")) {
    const parsed = parseLabels(rest, limits.maxLabels);
    if (!parsed) return undefined;
    labels = parsed.labels;
    rest = rest.slice(parsed.length).trimStart();
  } else if (rest.length === line.length - name.length) {
    // A name that runs straight into other text is no sample ("foo%bar 1").
    return undefined;
  }
  const value = parseValue(/^\S+/.exec(rest)?.[0]);
  return value === undefined ? undefined : { name, labels, value };
}

function emptyLabels(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

/** Reads `{a="b",c="d"}` at the start of `text`; `length` counts its characters, braces included. */
function parseLabels(text: string, maxLabels: number): { labels: Record<string, string>; length: number } | undefined {
  const labels = emptyLabels();
  const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/y;
  let at = 1;
  for (let count = 0; count <= maxLabels; count++) {
    const closing = /\s*\}/y;
    closing.lastIndex = at;
    if (closing.test(text)) return { labels, length: closing.lastIndex };
    label.lastIndex = at;
    const match = label.exec(text);
    if (!match) return undefined;
    labels[match[1] as string] = unescapeValue(match[2] as string);
    at = label.lastIndex;
    if (match[3] === "" && !/^\s*\}/.test(text.slice(at))) return undefined;
  }
  return undefined;
}

function unescapeValue(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\(.)/gs, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

const infinities: Readonly<Record<string, number>> = { "+inf": Infinity, inf: Infinity, "-inf": -Infinity, nan: NaN };

function parseValue(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const special = infinities[word.toLowerCase()];
  if (special !== undefined) return special;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : undefined;
}
