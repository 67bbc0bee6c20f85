import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from "yaml";
import type { ConfigProblem, ConfigPath, Finding } from "./problem.ts";
import { formatPath } from "./problem.ts";
import type { ConfigReasonCode } from "./reasons.ts";

const maxBytes = 1024 * 1024;

/** A YAML text that was read, and the places of its values. */
export interface YamlSource {
  /** Plain data; `undefined` when the text is too broken to be looked at further. */
  data: unknown;
  problems: ConfigProblem[];
  place(finding: Finding): ConfigProblem;
}

/**
 * Reads YAML 1.2 of one document. Hexadecimal numbers stay text (addresses are written bare), and anchors, aliases, tags
 * and keys written twice are problems: a line should mean what it says.
 */
export function readYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (offset: number, code: ConfigReasonCode, message: string, fix: string): ConfigProblem => ({
    file,
    ...at(offset),
    path: "",
    code,
    message,
    fix,
  });
  if (Buffer.byteLength(text) > maxBytes) {
    const tooLarge = problem(0, "too-large", "the file is larger than 1 MiB", "Check that it is the right file.");
    return { data: undefined, problems: [tooLarge], place: (finding) => ({ ...tooLarge, ...finding, path: "" }) };
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !("format" in tag) || tag.format !== "HEX"),
  });
  const problems = document.errors.map((error) => syntaxProblem(error, problem));
  for (const { pos } of document.warnings)
    problems.push(problem(pos[0], "yaml-alias", "this tag is not accepted", "Leave the tag out."));
  let isReadable = document.errors.every((error) => error.code === "DUPLICATE_KEY");
  const inspect = (node: Node) => {
    const isAnchored = "anchor" in node && node.anchor !== undefined;
    if (!isAlias(node) && !isAnchored) return;
    isReadable = false;
    const what = isAlias(node) ? `*${node.source}` : `&${String(isAnchored ? node.anchor : "")}`;
    const message = `the anchor or alias "${what}" is not accepted`;
    problems.push(problem(node.range?.[0] ?? 0, "yaml-alias", message, "Write the value out."));
  };
  visit(document, {
    Map(_key, map) {
      inspect(map);
      // Of a key written twice the first is looked at, as everywhere else that places are searched.
      const keys = map.items.map(({ key }) => (isScalar(key) ? key.value : key));
      map.items = map.items.filter((_pair, i) => keys.indexOf(keys[i]) === i);
    },
    Node: (_key, node) => inspect(node),
  });
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return {
    data: isReadable ? (document.toJS() as unknown) : undefined,
    problems,
    place: ({ path, code, message, fix, isAboutKey }) => ({
      file,
      ...at(offsetOf(document, path, isAboutKey ?? false)),
      path: formatPath(path),
      code,
      message,
      fix,
    }),
  };
}

type MakeProblem = (offset: number, code: ConfigReasonCode, message: string, fix: string) => ConfigProblem;

function syntaxProblem(
  error: { code: string; message: string; pos: [number, number] },
  problem: MakeProblem,
): ConfigProblem {
  const [offset] = error.pos;
  switch (error.code) {
    case "DUPLICATE_KEY":
      return problem(
        offset,
        "yaml-duplicate-key",
        "this key is written twice in the same place",
        "Keep one of the two.",
      );
    case "TAB_AS_INDENT":
      return problem(offset, "yaml-syntax", "a tab is used to indent", "Use spaces.");
    case "MULTIPLE_DOCS":
      return problem(
        offset,
        "yaml-syntax",
        'the file holds several documents, separated by "---"',
        "Keep one document.",
      );
    case "BAD_ALIAS":
      return problem(offset, "yaml-alias", "an alias is not accepted", "Write the value out.");
    default:
      return problem(
        offset,
        "yaml-syntax",
        `not valid YAML: ${error.message}`,
        "Check the indentation, quotes and colons here.",
      );
  }
}

/** Where a path stands in the text; the nearest parent that exists stands in for what is missing. */
function offsetOf(document: Document, path: ConfigPath, isAboutKey: boolean): number {
  const parent = path.slice(0, -1);
  const last = path.at(-1);
  if (isAboutKey && last !== undefined) {
    const map = parent.length === 0 ? document.contents : document.getIn(parent, true);
    const pair = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && String(key.value) === String(last))
      : undefined;
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
  }
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
