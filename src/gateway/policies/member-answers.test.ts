import fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer, FanOutState } from "../send/fan-out.ts";
import { decideBroadcast } from "./broadcast.ts";
import { memberAnswer, memberView, unclearNodes } from "./member-answers.ts";

const answer = (status: number, body: unknown = "", node = "a"): Answer => ({
  node,
  isReady: true,
  status,
  headers: {},
  body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  failure: status === 0 ? "timeout" : undefined,
});
const refusal = (indices: readonly number[], node?: string) =>
  answer(
    400,
    { code: 400, message: "some failed", failures: indices.map((index) => ({ index, message: "bad" })) },
    node,
  );
const state = (answers: readonly Answer[]): FanOutState => ({ answers, pending: [], isLate: false, isExpired: false });

/** What a node says to some items when it refuses those in `refused`. */
const judged = (items: readonly number[], refused: ReadonlySet<number>, node: string): Answer => {
  const bad = items.flatMap((item, index) => (refused.has(item) ? [index] : []));
  return bad.length === 0 ? answer(200, "", node) : refusal(bad, node);
};

test("each client of a merged call hears what it would have heard in a call of its own", () => {
  const node = fc.oneof(
    fc.constant("silent" as const),
    fc.array(fc.nat(11), { maxLength: 12 }).map((items) => new Set(items)),
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(node, { minLength: 1, maxLength: 3 }), sizes, (nodes, counts) => {
      const total = counts.reduce((sum, count) => sum + count, 0);
      const items = Array.from({ length: total }, (_, index) => index);
      const toAll = (of: readonly number[]) =>
        nodes.map((verdict, at) => (verdict === "silent" ? answer(0, "", `n${at}`) : judged(of, verdict, `n${at}`)));
      const merged = state(toAll(items));
      expect(unclearNodes(merged)).toEqual([]);
      let first = 0;
      for (const count of counts) {
        const alone = decideBroadcast(state(toAll(items.slice(first, first + count))));
        const decision = decideBroadcast(memberView(merged, { first, count }, new Map()));
        expect(decision.kind).toBe(alone.kind);
        if (decision.kind === "failures") expect(decision).toEqual(alone);
        if (decision.kind === "serve" && alone.kind === "serve")
          expect([decision.answer.status, decision.answer.node]).toEqual([alone.answer.status, alone.answer.node]);
        first += count;
      }
    }),
  );
});

test.each([
  ["a refusal of the whole body", answer(400, { code: 400, message: "not JSON" })],
  ["an error of the node", answer(500, { code: 500, message: "AGGREGATOR_ALREADY_KNOWN" })],
  ["a media type that it does not take", answer(415)],
  ["a refusal that names no place", refusal([-1])],
])("%s does not say whose items it is about", (_what, unclear) => {
  expect(memberAnswer(unclear, { first: 0, count: 1 })).toBeUndefined();
  expect(unclearNodes(state([answer(200), unclear]))).toEqual([unclear]);
});

test.each([answer(0), answer(503), answer(202)])(
  "a node's silence, unreadiness and acceptance are everybody's",
  (one) => {
    expect(memberAnswer(one, { first: 5, count: 2 })).toBe(one);
  },
);

test("where everything that failed is known already, everything is published", () => {
  const known = answer(500, { code: 500, message: "Multiple errors\nPublishError.Duplicate\nPublishError.Duplicate" });
  expect(memberAnswer(known, { first: 3, count: 1 })).toBe(known);
  expect(decideBroadcast(memberView(state([known]), { first: 3, count: 1 }, new Map())).kind).toBe("accepted");
});

test("a node with an unclear answer is waited for until it has answered the client's own body", () => {
  const span = { first: 0, count: 1 };
  const merged = state([answer(500, "", "b")]);
  expect(memberView(merged, span, new Map())).toMatchObject({ answers: [], pending: [{ node: "b" }] });
  const asked = { ...state([]), pending: [{ node: "b", isReady: true }] };
  expect(memberView(merged, span, new Map([["b", asked]])).pending).toEqual([{ node: "b", isReady: true }]);
  const told = memberView(merged, span, new Map([["b", state([answer(400, "no", "b")])]]));
  expect([told.answers.map(({ status }) => status), told.pending]).toEqual([[400], []]);
  // Asked again, and there was no room for the call: nobody is waited for.
  expect(memberView(merged, span, new Map([["b", state([])]]))).toMatchObject({ answers: [], pending: [] });
});
