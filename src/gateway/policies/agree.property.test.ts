import fc from "fast-check";
import { expect, test } from "vitest";
import { decideAgree, type AgreeAnswer, type AgreeState } from "./agree.ts";
import { neededAgreement } from "./needed-agreement.ts";

const head = { slot: 320, root: "head" };
const families = ["lighthouse/geth", "teku/besu", "nimbus/reth", "lodestar/nethermind"];

/** What one node may do wrong, as the group sees it: its own head, and what it answers, if anything. */
const fault = fc.oneof(
  fc.constant({ head, answer: undefined }),
  fc.constant({ head: { slot: 310, root: "stale" }, answer: { head: "stale", target: "before" } }),
  fc.record({
    head: fc.record({ slot: fc.integer({ min: 300, max: 330 }), root: fc.constantFrom("fork", "other") }),
    answer: fc.option(fc.record({ head: fc.constantFrom("fork", "other"), target: fc.constantFrom("good", "bad") }), {
      nil: undefined,
    }),
  }),
);

test("no fault of a single node costs a duty or changes what is signed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 4 }), fc.nat(), fault, (count, at, wrong) => {
      const bad = at % count;
      const names = families.slice(0, count).map((_, index) => `n${index}`);
      const answers: AgreeAnswer[] = names.flatMap((node, index) => {
        const said = index === bad ? wrong.answer : { head: "head", target: "good" };
        if (!said) return [];
        const target = { epoch: 10, root: said.target };
        return [{ node, data: { slot: 320, index: 0, headRoot: said.head, source: { epoch: 9, root: "s" }, target } }];
      });
      const state: AgreeState = {
        answers,
        pending: wrong.answer ? [] : [names[bad] ?? ""],
        nodes: new Map(
          names.map((name, index) => [
            name,
            { family: families[index] ?? "", head: index === bad ? wrong.head : head },
          ]),
        ),
        viewHead: head,
        needed: neededAgreement("auto", families.slice(0, count)),
        isLate: true,
        isExpired: false,
      };
      const decision = decideAgree(state);
      expect(decision.kind).toBe("serve");
      const served = answers.find((answer) => decision.kind === "serve" && answer.node === decision.node);
      expect(served?.data).toMatchObject({ headRoot: "head", target: { root: "good" } });
    }),
    { numRuns: 500 },
  );
});
