import { expect, test } from "vitest";
import type { AuditLog } from "../../access/audit.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { silentLogger } from "../../lib/log.ts";
import { createRun, inbound, startAt } from "../../respond/testing/fixtures.ts";
import { createHoldCarrier } from "./carry-out-holds.ts";
import type { RespondEngine } from "./respond-engine.ts";

function gatewayWithSlashing() {
  const clock = createFakeClock(startAt);
  const run = createRun({}, [{ gateway: "a", groups: ["main"] }]);
  run.step(0, { inbound: inbound("ValidatorSlashed", { labels: { group: "main", class: "security" } }) });
  const engine = {
    state: run.state,
    step: (input, act) => Promise.resolve(run.step(clock.now() - startAt, input, act)),
  } as Pick<RespondEngine, "state" | "step"> as RespondEngine;
  const calls: { answer: (error?: Error) => void }[] = [];
  const hold = () =>
    new Promise<never>((resolve, reject) =>
      calls.push({ answer: (error) => (error ? reject(error) : resolve(undefined as never)) }),
    );
  const observed: ObservedGateway[] = [];
  const audit = { append: () => Promise.resolve() } as unknown as AuditLog;
  const carrier = createHoldCarrier({
    ...{ engine, audit, clock, log: silentLogger, observed: () => observed },
    gateways: () => new Map([["a", { hold }]]),
  });
  const states = () => run.state().incidents[0]?.holds.map(({ state }) => state);
  return { clock, carrier, calls, states, observed };
}

test("however often it is looked at while a slow gateway is asked, it is asked once", async () => {
  const { clock, carrier, calls, states } = gatewayWithSlashing();
  for (let second = 0; second < 12; second++) {
    carrier.look();
    await clock.advance(1_000);
  }
  expect(calls).toHaveLength(1);
  calls[0]?.answer();
  await carrier.idle();
  carrier.look();
  await carrier.idle();
  expect(calls).toHaveLength(1);
  expect(states()).toEqual(["done"]);
});

test("a gateway that refuses is asked again after a while, and not every second", async () => {
  const { clock, carrier, calls, states } = gatewayWithSlashing();
  carrier.look();
  await clock.advance(1);
  calls[0]?.answer(new Error("away"));
  await carrier.idle();
  expect(states()).toEqual(["failed"]);
  carrier.look();
  await carrier.idle();
  expect(calls).toHaveLength(1);
  await clock.advance(5_000);
  carrier.look();
  await clock.advance(1);
  calls[1]?.answer();
  await carrier.idle();
  expect(states()).toEqual(["done"]);
});
