import { expect, test } from "vitest";
import { setHold } from "./set-hold.ts";
import { doneBy, refusedBy, sampleIncident, startAt, textsOf } from "./testing/sample-incident.ts";
import type { Incident, IncidentHold } from "./types.ts";

type State = IncidentHold["state"];
const states: readonly State[] = ["wanted", "done", "failed", "released"];
const hold = (incident: Incident, state: State, by: string, at = startAt) =>
  setHold(incident, { gateway: "gw1", group: "mainnet", state, detail: "why", by }, at);
const heldAs = (state: State | undefined): Incident => ({
  ...sampleIncident(),
  holds: state === undefined ? [] : [{ gateway: "gw1", group: "mainnet", state, detail: "", at: startAt }],
});

/** What becomes of each step: "-" nothing changes, "p" a person alone may, "!" nobody may. */
const table: readonly [State | undefined, string][] = [
  [undefined, "++!!"],
  ["wanted", "-++p"],
  ["done", "!-!p"],
  ["failed", "++-p"],
  ["released", "pp!-"],
];

test.each(table)("from %s to wanted, done, failed, released: %s", (from, marks) => {
  const outcome = (state: State, by: string) => {
    const result = hold(heldAs(from), state, by);
    return result.kind === "refused" ? result.reason : result.entries.length === 0 ? "same" : "done";
  };
  states.forEach((state, index) => {
    const mark = marks[index];
    const [person, system] = [outcome(state, "ada"), outcome(state, "slotkeeper")];
    if (mark === "+") expect([person, system], state).toEqual(["done", "done"]);
    if (mark === "-") expect([person, system], state).toEqual(["same", "same"]);
    if (mark === "p") expect([person, system], state).toEqual(["done", "person-needed"]);
    if (mark === "!") expect([person, system], state).toEqual(["hold-not-so", "hold-not-so"]);
  });
});

test("each step is written down, and each group has one hold", () => {
  const wanted = doneBy(hold(sampleIncident(), "wanted", "slotkeeper", startAt + 1));
  const done = doneBy(hold(wanted.incident, "done", "slotkeeper", startAt + 2));
  const other = doneBy(
    setHold(done.incident, { gateway: "gw2", group: "mainnet", state: "wanted", detail: "", by: "ada" }, startAt),
  );
  expect(other.incident.holds).toMatchObject([
    { gateway: "gw1", state: "done", at: startAt + 2 },
    { gateway: "gw2", state: "wanted" },
  ]);
  expect(textsOf([...wanted.entries, ...done.entries])).toEqual([
    "hold: Hold of mainnet at gw1 wanted: why",
    "hold: Hold of mainnet at gw1 done: why",
  ]);
});

test("what a gateway said is kept in one line, however long it was", () => {
  const detail = `refused\0\n${"x".repeat(20_000)}`;
  const { incident } = doneBy(
    setHold(sampleIncident(), { gateway: "gw1", group: "g", state: "wanted", detail, by: "slotkeeper" }, startAt),
  );
  expect(incident.holds[0]?.detail).toBe(`refused ${"x".repeat(9_992)}`);
});

test("what is over wants nothing more held, but what is held can be released, and what was under way ends", () => {
  const over = (state: State | undefined): Incident => ({ ...heldAs(state), status: "resolved" });
  expect(refusedBy(hold(over(undefined), "done", "ada"))).toBe("incident-over");
  expect(refusedBy(hold(over("released"), "wanted", "ada"))).toBe("incident-over");
  expect(hold(over("wanted"), "done", "slotkeeper").kind).toBe("done");
  expect(hold(over("done"), "released", "ada").kind).toBe("done");
});
