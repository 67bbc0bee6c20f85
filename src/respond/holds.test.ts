import { expect, test } from "vitest";
import { setHold } from "../incidents/set-hold.ts";
import { changeIncident } from "./acts/incident.ts";
import { createRun, inbound } from "./testing/fixtures.ts";

const slashed = (at = 0) =>
  inbound("ValidatorSlashed", { labels: { group: "main", customer: "acme", class: "security" } }, at);
const holds = (run: ReturnType<typeof createRun>) =>
  run.state().incidents[0]?.holds.map(({ gateway, group, state }) => `${gateway}/${group} ${state}`);

test("a gateway that had not answered when the slashing came is held as soon as it has", () => {
  const run = createRun({}, []);
  const first = run.step(0, { inbound: slashed() });
  expect(holds(run)).toEqual([]);
  expect(first.commit.entries.map(({ text }) => text).join()).toContain("Nothing is held for acme");
  run.gateways = [{ gateway: "a", groups: ["main", "other"] }];
  const second = run.step(1_000);
  expect(holds(run)).toEqual(["a/main wanted"]);
  expect(second.commit.entries.map(({ kind }) => kind)).toEqual(["hold"]);
  expect(run.step(2_000).commit.put).toEqual([]);
});

test("what a person released is not held again by itself", () => {
  const run = createRun({}, [{ gateway: "a", groups: ["main"] }]);
  run.step(0, { inbound: slashed() });
  for (const [state, by] of [
    ["done", "slotkeeper"],
    ["released", "ann"],
  ] as const)
    run.step(1_000, {}, (draft, context) =>
      changeIncident(draft, context, "INC-1", (incident, now) =>
        setHold(incident, { gateway: "a", group: "main", state, detail: "x", by }, now),
      ),
    );
  run.step(2_000);
  expect(holds(run)).toEqual(["a/main released"]);
});
