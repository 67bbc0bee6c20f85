import { describe, expect, it } from "vitest";
import type { FleetPage } from "../../../src/api/contract-duties.ts";
import { doubledKeys, findingFacts, keyFacts, sourceFacts, statusWords } from "./inventory-words.ts";

const reasonOf = (code: string) => ({ short: `short ${code}`, long: `long ${code}` });
const source = { name: "a", kind: "csv", readAt: 1, validators: 2, skipped: [] } as const;
const place = {
  ...({ place: "vc1", kind: "validator-client", checkedAt: 1, expected: 3, loaded: 3 } as const),
  ...{ missing: [], unexpected: [], doubled: [], counts: { missing: 0, unexpected: 0, doubled: 0 } },
};
const fleet = (change: Partial<FleetPage>): FleetPage => ({
  ...{ revision: 1, validators: 3, withoutIndex: 0, statuses: {}, sources: [], conflicts: [], findings: [], keys: [] },
  ...change,
});

describe("inventory in words", () => {
  it("puts a source that never read before one that fails now, before one that left lines out, before a good one", () => {
    const error = { code: "source-timeout", message: "No answer. Look at it.", at: 2 };
    const sources = [
      source,
      { ...source, name: "b", skipped: ["line 3: no key"] },
      { ...source, name: "c", error },
      { ...source, name: "d", readAt: undefined, validators: 0, error },
    ];
    const facts = sourceFacts(fleet({ sources }), reasonOf);
    expect(facts.map(({ name, tone }) => `${name} ${tone}`)).toEqual(["d bad", "b warn", "c warn", "a fine"]);
    expect(facts[0]).toMatchObject({
      words: "CSV file: 0 validators, short source-timeout",
      lines: ["No answer. Look at it.", "long source-timeout"],
    });
    expect(facts[1]).toMatchObject({ words: "CSV file: 2 validators, 1 line left out", lines: ["line 3: no key"] });
  });

  it("tells a doubled key first, then what attests nowhere, and never calls fine what cannot be read", () => {
    const counts = place.counts;
    const doubled = [{ pubkey: "0xaabbccddeeff00112233", places: ["vc1", "vc2"] }];
    const keys = [
      place,
      { ...place, place: "vc2", unexpected: ["0x1"], counts: { ...counts, unexpected: 1 } },
      { ...place, place: "vc3", loaded: undefined, error: { code: "x", message: "No answer." } },
      { ...place, place: "vc4", missing: ["0x2"], counts: { ...counts, missing: 25 } },
      { ...place, place: "vc5", doubled, counts: { ...counts, doubled: 1 } },
    ];
    const facts = keyFacts(fleet({ keys }));
    expect(facts.map(({ name, tone }) => `${name} ${tone}`)).toEqual([
      ...["vc5 bad", "vc4 bad", "vc2 warn", "vc3 unknown", "vc1 fine"],
    ]);
    expect(facts[1]?.lines).toEqual(["Missing, attests nowhere: 0x2", "and 24 more"]);
    expect(facts[0]?.words).toBe("validator client: 3 expected, 3 loaded, 1 ALSO LOADED ELSEWHERE");
    expect(facts[3]).toMatchObject({ words: "validator client: 3 expected, cannot be read", lines: ["No answer."] });
    expect(doubledKeys(fleet({ keys: [...keys, keys[4] ?? place] }))).toMatchObject([{ places: ["vc1", "vc2"] }]);
  });

  it("counts statuses, the most first, and those that the chain does not know", () => {
    expect(statusWords(fleet({ statuses: { exited_slashed: 1, active_ongoing: 1200 }, withoutIndex: 2 }))).toBe(
      "1,200 active ongoing, 1 exited slashed, 2 not on the chain yet",
    );
    const finding = { reason: "empty-source", about: "b", validators: 0, detail: "" } as const;
    expect(findingFacts(fleet({ findings: [finding] }), reasonOf)).toMatchObject([
      { name: "b", words: "short empty-source", lines: ["long empty-source"] },
    ]);
  });
});
