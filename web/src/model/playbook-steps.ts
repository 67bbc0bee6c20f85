/** A piece of a line: plain words, or something to type. */
export interface PlaybookSpan {
  text: string;
  isCode: boolean;
}

export type PlaybookBlock =
  | { kind: "heading" | "text"; spans: readonly PlaybookSpan[] }
  | { kind: "steps"; steps: readonly (readonly PlaybookSpan[])[] };

const bullet = /^\s*(?:[-*]|\d{1,2}[.)])\s+/;

/**
 * A playbook's text as something to follow: numbered steps (each on a line of its own, or all in one), bullets, headings
 * and plain paragraphs. Whatever else the text holds is shown as it stands.
 */
export function playbookBlocks(text: string): readonly PlaybookBlock[] {
  const blocks: PlaybookBlock[] = [];
  let steps: (readonly PlaybookSpan[])[] = [];
  const endSteps = () => {
    if (steps.length > 0) blocks.push({ kind: "steps", steps });
    steps = [];
  };
  for (const line of text.split("\n").flatMap(splitInline)) {
    if (line.trim() === "") continue;
    if (bullet.test(line)) {
      steps.push(spansOf(line.replace(bullet, "")));
      continue;
    }
    endSteps();
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    if (heading?.[1] !== undefined) blocks.push({ kind: "heading", spans: spansOf(heading[1]) });
    else blocks.push({ kind: "text", spans: spansOf(line) });
  }
  endSteps();
  return blocks;
}

/** "First this. 1. Look. 2. Do." is three lines; a number begins one only where it runs on from 1. */
function splitInline(line: string): string[] {
  const parts: string[] = [];
  let rest = line;
  for (let number = 1; ; number += 1) {
    const found = new RegExp(`(?:^|\\s)${number}\\.\\s`).exec(rest);
    if (found === null) return [...parts, rest];
    parts.push(rest.slice(0, found.index));
    rest = rest.slice(found.index).trimStart();
  }
}

function spansOf(text: string): readonly PlaybookSpan[] {
  return text
    .trim()
    .split(/`([^`]+)`/)
    .map((part, index) => ({ text: part, isCode: index % 2 === 1 }))
    .filter((span) => span.text !== "");
}
