import { expect, test } from "vitest";
import { entryOf, inOrder } from "./timeline.ts";

test("a timeline begins with the declaration and ends with the end, also where all is of one instant", () => {
  const kinds = ["page", "resolved", "declared", "role"] as const;
  const entries = [
    entryOf("INC-1", "note", "ann", "later", 2),
    ...kinds.map((kind) => entryOf("INC-1", kind, "a", "", 1)),
  ];
  expect(inOrder(entries).map(({ kind }) => kind)).toEqual(["declared", "page", "role", "resolved", "note"]);
});
