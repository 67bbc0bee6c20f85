import { expect, it } from "vitest";
import { defaultRules } from "../../../src/alerts/default-rules.ts";
import { playbookBlocks, type PlaybookBlock } from "./playbook-steps.ts";

const flat = (block: PlaybookBlock): string | string[] =>
  block.kind === "steps"
    ? block.steps.map((spans) => spans.map(({ text }) => text).join(""))
    : `${block.kind}: ${block.spans.map(({ text }) => text).join("")}`;
const read = (text: string) => playbookBlocks(text).map(flat);

it("numbers that run on from 1 in one line are steps; what stands before them is a sentence", () => {
  expect(read("Do not hurry. 1. Look at bn-1. 2. Wait 30. 3 nodes must stay.")).toEqual([
    "text: Do not hurry.",
    ["Look at bn-1.", "Wait 30. 3 nodes must stay."],
  ]);
});

it("a number that does not run on begins no step", () => {
  expect(read("Keep at least 2. Never fewer.")).toEqual(["text: Keep at least 2. Never fewer."]);
});

it("Markdown of several lines is headings, steps, bullets and paragraphs", () => {
  expect(read("# Node down\n\n1. Look.\n2) Restart it.\n\nThen:\n- drain it\n* wait\n")).toEqual([
    "heading: Node down",
    ["Look.", "Restart it."],
    "text: Then:",
    ["drain it", "wait"],
  ]);
});

it("what is to be typed is told apart", () => {
  expect(playbookBlocks("Run `df -h` now")).toEqual([
    {
      kind: "text",
      spans: [
        { text: "Run ", isCode: false },
        { text: "df -h", isCode: true },
        { text: " now", isCode: false },
      ],
    },
  ]);
});

it("no text is nothing, and no word of a shipped playbook is lost", () => {
  expect(read("")).toEqual([]);
  const letters = (text: string) => text.replace(/\b\d\.\s|[\s`]/g, "");
  expect(defaultRules.length).toBeGreaterThan(20);
  for (const { alert, playbook } of defaultRules)
    expect(letters(read(playbook).flat().join(" ").replaceAll("text: ", "")), alert).toBe(letters(playbook));
});
