import { expect, test } from "vitest";
import { createFakeProvider } from "../../control/testing/fake-provider.ts";
import { refuseChanges } from "./refuse-changes.ts";

test("while a gateway is replaced nothing that changes something is done, and everything else is", async () => {
  let isReplaced = false;
  const provider = createFakeProvider();
  const guarded = refuseChanges(provider, () => isReplaced);
  expect(Object.keys(guarded).sort()).toEqual(Object.keys(provider).sort());
  guarded.hold("main", "test", "alice");
  isReplaced = true;
  for (const change of [
    () => guarded.setOperatorState("main", "bn1", "cordoned", "alice"),
    () => guarded.hold("main", "test", "alice"),
    () => guarded.release("main", "alice"),
    () => guarded.resetWatermark("main", "alice"),
    () => guarded.chooseBranch("main", "0x", "alice"),
    () => guarded.startFault({ group: "main", node: "bn1", kind: "hang", leaseMs: 1, by: "alice" }),
    () => guarded.renewFault("1", 1),
  ])
    expect(change).toThrow(/being upgraded, nothing was changed/);
  expect(guarded.status()).toEqual(provider.status());
  await expect(guarded.stopFault("1")).resolves.not.toThrow();
});
