import { expect, test } from "vitest";
import { dutyBits } from "../../duties/types.ts";
import { lateProof, missProof, root } from "./fixtures.ts";
import { attestationSentence, byHandLines, flagWords, proofLines } from "./proof-text.ts";

test("a miss: seat, what a right vote named, and every slot that was looked at", () => {
  expect(proofLines(missProof)).toEqual([
    "proof: validator 5, epoch 8 (final)",
    "  Its attestation is in no block of the chain.",
    "  duty: slot 65, committee 1, position 2",
    `  a right vote named head ${root("a")}`,
    `              and target ${root("b")}`,
    "  examined, every slot in which a block could include it:",
    "    66 no block",
    `    67 ${root("c")}`,
  ]);
});

test("a late one: which block, which attestation, which bit", () => {
  const text = proofLines(lateProof).join("\n");
  expect(text).toContain("included after 2 slots, of which 1 had no block: source, target timely; head not.");
  expect(text).toContain(`included in block ${root("c")} of slot 67: attestation 3, bit 77, delay 2`);
});

test("what it says of a duty", () => {
  const base = { delay: 0, emptySlots: 0, state: "final" as const };
  expect(attestationSentence({ ...base, duties: 0 })).toBe("It had no attestation duty in this epoch.");
  expect(attestationSentence({ ...base, state: "live", duties: dutyBits.assigned })).toContain("it can still be");
  expect(attestationSentence({ ...base, duties: dutyBits.assigned | dutyBits.slashed })).toContain("slashed");
  expect(flagWords(0)).toBe("neither source nor target nor head timely");
});

test("one without a duty has nothing to check by hand", () => {
  expect(byHandLines({ ...missProof, duty: undefined }, "http://bn1:5052")).toEqual([]);
});
