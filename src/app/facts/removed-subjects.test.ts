import { expect, test } from "vitest";
import { fleetSubjects, withRemoved } from "./removed-subjects.ts";
import { fleetOf } from "./testing/made-up-epoch.ts";

test("a customer that has left is removed, alone and with its group; what others still carry is not", () => {
  const before = fleetSubjects(fleetOf({ a: 2, b: 1 }, { group: "main" }));
  const after = fleetSubjects(fleetOf({ a: 2 }, { group: "main" }));
  expect(withRemoved([], before, after)).toEqual([{ customer: "b" }, { customer: "b", group: "main" }]);
  // The customer goes on without the label: its set is gone, but nothing that an alert could be about.
  const without = fleetSubjects(fleetOf({ a: 2, b: 1 }));
  expect(withRemoved([], before, [...without, { group: "main" }])).toEqual([
    { customer: "a", group: "main" },
    { customer: "b", group: "main" },
  ]);
});

test("what comes back is no longer removed", () => {
  const gone = withRemoved([], [{ node: "a" }, { node: "b" }], [{ node: "b" }]);
  expect(gone).toEqual([{ node: "a" }]);
  expect(withRemoved(gone, [{ node: "b" }], [{ node: "a" }])).toEqual([{ node: "b" }]);
});
