import { expect, test } from "vitest";
import { gatewayStatus, groupStatus, nodeStatus, now, reachable } from "../../control/testing/samples.ts";
import type { GroupStatus } from "../../control/types.ts";
import { isolationOffers } from "./isolation-offers.ts";
import { offerGroupsOf, type Inventory } from "./offer-groups.ts";

const inventory: Inventory = { hostOf: (node) => (node === "bn1" ? "h1" : undefined), validatorsOf: () => 64 };
const healthy = groupStatus([nodeStatus("bn1"), nodeStatus("bn2"), nodeStatus("bn3")]);
const groupsOf = (group: GroupStatus) => offerGroupsOf([reachable(gatewayStatus([group]))], inventory);
const nodesOf = (group: GroupStatus) => groupsOf(group)[0]?.nodes ?? [];

test("a gateway's groups as they were seen", () => {
  const hold = { by: "ada", reason: "slashed", at: now };
  const [group] = groupsOf({ ...healthy, hold, proposals: [{ slot: 3202, validatorIndex: 7 }] });
  expect(group).toMatchObject({ gateway: "main", group: "default", isKnown: true, hold, validators: 64 });
  expect(group?.proposals).toEqual([{ slot: 3202, at: now + 24_000 }]);
  expect(group?.nodes[0]).toEqual({
    ...{ node: "bn1", operator: "active", isReady: true, host: "h1", clientFamily: "lodestar/geth" },
    ...{ differs: false, labels: {} },
  });
});

test("ready is who may serve signing inputs; unknown is unknown", () => {
  const view = { ...healthy.view, signingInputs: ["bn1"] };
  const nodes = [nodeStatus("bn1"), nodeStatus("bn2"), nodeStatus("bn3", { health: "unknown" })];
  expect(nodesOf({ ...healthy, view, nodes }).map(({ isReady }) => isReady)).toEqual([true, false, undefined]);
});

test("a gateway that does not answer is not known, and nothing of it is allowed; one never seen has no groups", () => {
  const silent = { ...reachable(gatewayStatus([healthy])), isReachable: false };
  const groups = offerGroupsOf([silent, { ...silent, status: undefined }], inventory);
  expect(groups.map(({ isKnown }) => isKnown)).toEqual([false]);
  const offers = isolationOffers({ groups, cohorts: [], suspects: [], slashedGroups: [] }, now);
  expect(offers.length).toBeGreaterThan(0);
  expect(offers.every(({ isAllowed }) => !isAllowed)).toBe(true);
});

test("in a split that is open all differ; once a person chose, those of other branches do", () => {
  const branch = (root: string, ...nodes: string[]) => {
    return { root, slot: 1, nodes, support: 1, justifiedEpoch: 1, finalizedEpoch: 1 };
  };
  const split = { ...healthy, branches: [branch("0xa", "bn1", "bn2"), branch("0xb", "bn3")] };
  const differing = (group: GroupStatus) => nodesOf(group).flatMap(({ node, differs }) => (differs ? node : []));
  expect(differing(split)).toEqual(["bn1", "bn2", "bn3"]);
  expect(differing({ ...split, chosenBranch: { root: "0xa", by: "ada", at: now } })).toEqual(["bn3"]);
  expect(differing({ ...healthy, branches: [] })).toEqual([]);
});
