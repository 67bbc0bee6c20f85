import { describe, expect, test } from "vitest";
import type { DutyException, EpochResult } from "../../duties/types.ts";
import { createCauseBook } from "./cause-book.ts";

const loss = (epoch: number, validatorIndex: number, code: string): DutyException => ({
  ...{ epoch, slot: epoch * 32, validatorIndex, kind: "attestation", outcome: "missed", detail: 0, lost: 100 },
  cause: { code, confidence: "likely", evidence: [] },
});
const labels = [{ host: "a" }, { host: "b" }];

/** Ten validators: the first five on host a. */
function bookOver(stored: readonly DutyException[]) {
  const asked: number[] = [];
  const book = createCauseBook({
    labelsOf: (index) => labels[index < 5 ? 0 : 1] ?? {},
    indices: () => Uint32Array.from({ length: 10 }, (_, index) => index),
    store: {
      exceptions({ fromEpoch = 0, before }) {
        asked.push(fromEpoch);
        const items = stored.filter(({ epoch }) => epoch === fromEpoch);
        // Two to a page.
        const from = before === undefined ? 0 : Number(before);
        const rest = items.length > from + 2 ? { nextBefore: String(from + 2) } : {};
        return Promise.resolve({ items: items.slice(from, from + 2), ...rest });
      },
    },
  });
  return { book, asked };
}

describe("losses by cause", () => {
  test("they are counted by cause, with the label that explains them", async () => {
    const { book } = bookOver([]);
    const exceptions = [0, 1, 2, 3, 4].map((index) => loss(7, index, "node-down")).concat(loss(7, 9, "unknown"));
    book.put({ epoch: 7, exceptions } as unknown as EpochResult);
    const page = await book.page(7, 7);
    expect(page).toMatchObject({ lost: 6, unknownShare: 1 / 6 });
    expect(page.causes).toEqual([
      { code: "node-down", lost: 5, validators: 5, lostGwei: 500 },
      { code: "unknown", lost: 1, validators: 1, lostGwei: 100 },
    ]);
    expect(page.blastRadius[0]).toMatchObject({ labels: { host: "a" }, lost: 5, assigned: 5, share: 1 });
  });

  test("older epochs are read from the store once, page by page; an epoch that is stored again counts anew", async () => {
    const { book, asked } = bookOver([1, 2, 3, 4, 5].map((index) => loss(3, index, "late")));
    expect((await book.page(3, 3)).lost).toBe(5);
    expect((await book.page(3, 3)).lost).toBe(5);
    expect(asked).toEqual([3, 3, 3]);
    book.put({ epoch: 3, exceptions: [loss(3, 1, "late")] } as unknown as EpochResult);
    expect((await book.page(3, 3)).lost).toBe(1);
  });

  test("nothing lost is nothing unknown", async () => {
    expect(await bookOver([]).book.page(1, 2)).toEqual({ lost: 0, unknownShare: 0, causes: [], blastRadius: [] });
  });
});
