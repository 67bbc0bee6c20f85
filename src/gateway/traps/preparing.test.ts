import { afterEach, expect, test } from "vitest";
import { sendJson, type FakeNode } from "../testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

/** Traps 11 to 13: what every node must have been told before the duty comes, the ones not in use among them. */

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

const address = `0x${"ab".repeat(20)}`;
const told = {
  "/eth/v1/validator/prepare_beacon_proposer": [{ validator_index: "1", fee_recipient: address }],
  "/eth/v1/validator/register_validator": [
    {
      message: { pubkey: `0x${"01".repeat(48)}`, fee_recipient: address, gas_limit: "30000000", timestamp: "20" },
      signature: `0x${"02".repeat(96)}`,
    },
  ],
  "/eth/v1/validator/beacon_committee_subscriptions": [
    { validator_index: "1", committee_index: "2", committees_at_slot: "64", slot: "32010", is_aggregator: true },
  ],
  "/eth/v1/validator/sync_committee_subscriptions": [
    { validator_index: "1", sync_committee_indices: ["5"], until_epoch: "1100" },
  ],
} as const;

const ok: FakeNode["answer"] = (_request, response) => sendJson(response, {});

async function tell(gateway: TestGateway, path: keyof typeof told): Promise<number> {
  const headers = { "content-type": "application/json" };
  return (await fetch(gateway.url + path, { method: "POST", headers, body: JSON.stringify(told[path]) })).status;
}

const heard = (node: FakeNode | undefined, path: string) =>
  (node?.requests ?? []).filter(({ url }) => url === path).map(({ body }) => JSON.parse(body) as unknown);

async function everyNodeHears(path: keyof typeof told): Promise<void> {
  const gateway = (under = await startTestGateway({ nodes: [() => undefined, ok, ok, ok] }));
  gateway.upstream.setView({ ready: ["a", "b"], signingInputs: ["a", "b"] });
  gateway.upstream.patchStatus("c", { health: "suspect" });
  gateway.upstream.patchStatus("d", { health: "syncing" });
  expect(await tell(gateway, path)).toBe(200);
  await expect.poll(() => gateway.nodes.map((node) => heard(node, path))).toEqual(Array(4).fill([told[path]]));
}

async function returningNodeHears(path: keyof typeof told): Promise<void> {
  const gateway = (under = await startTestGateway({ nodes: [ok, ok] }));
  gateway.upstream.setView({ ready: ["a"], signingInputs: ["a"] });
  gateway.upstream.setHealth("b", "down");
  expect(await tell(gateway, path)).toBe(200);
  expect(heard(gateway.nodes[1], path)).toEqual([]);
  await gateway.upstream.runGate("b");
  expect(heard(gateway.nodes[1], path)).toEqual([told[path]]);
}

test("trap 11: preparations, told once, reach every node: the standby, the suspect, and the others though one hangs", () =>
  everyNodeHears("/eth/v1/validator/prepare_beacon_proposer"));

test("trap 12: registrations reach every node, since one without them builds locally and says nothing", () =>
  everyNodeHears("/eth/v1/validator/register_validator"));

test("trap 12: a node that was away is given the registrations before it is readmitted", () =>
  returningNodeHears("/eth/v1/validator/register_validator"));

const subscriptions = [
  "/eth/v1/validator/beacon_committee_subscriptions",
  "/eth/v1/validator/sync_committee_subscriptions",
] as const;

test.each(subscriptions)(
  "trap 13: every node, standbys too, is told whole of subscriptions, by which it sizes custody: %s",
  (path) => everyNodeHears(path),
);

test.each(subscriptions)("trap 13: a node that was away knows its subscriptions before it is readmitted: %s", (path) =>
  returningNodeHears(path),
);
