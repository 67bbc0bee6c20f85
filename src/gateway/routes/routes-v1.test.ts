import { describe, expect, it } from "vitest";
import { forkNames } from "../../chain/types.ts";
import { beaconApis } from "./beacon-apis.ts";
import { rowAt } from "./row-at.ts";
import type { Route } from "./route.ts";
import { routesAt, routesV1 } from "./routes-v1.ts";

const name = (method: string, path: string): string => `${method} ${path}`;
const listed = new Map(beaconApis.map(([method, path, id]) => [name(method, path), id]));
const rows = new Map(routesV1.map((route) => [name(route.method, route.path), route]));

function row(id: string): Route {
  const found = routesV1.find((route) => route.id === id);
  if (!found) throw new Error(`no row ${id}`);
  return found;
}

describe("the routing table against the list of the Beacon API", () => {
  it("has a row of its own for every operation, under the operation's name", () => {
    for (const [operation, id] of listed) expect(rows.get(operation)?.id, operation).toBe(id);
  });

  it("has nothing else but rows marked retired, and special cases of listed routes", () => {
    const others = routesV1.filter((route) => !listed.has(name(route.method, route.path)));
    expect(others.length).toBeGreaterThan(10);
    for (const route of others) {
      if (route.specialises === undefined) expect(route.retired, `${route.id} is not in the list`).toMatch(/\S; \S/);
      else expect([...listed.values()]).toContain(route.specialises);
    }
    for (const route of routesV1)
      if (route.retired !== undefined) expect(listed.has(name(route.method, route.path)), route.id).toBe(false);
  });

  it("names every row once", () => {
    expect(new Set(routesV1.map((route) => route.id)).size).toBe(routesV1.length);
    expect(rows.size).toBe(routesV1.length);
  });
});

describe("every row", () => {
  it.each(routesV1.map((route) => [route.id, route] as const))("%s agrees with itself", (_id, route) => {
    expect(route.keep === "cache", "cached is shared for longer than the flight").toBe(
      route.share !== undefined && route.share !== "flight",
    );
    expect(route.policy === "coalesce" || route.policy === "agree", "shared by policy").toBe(route.share !== undefined);
    expect(route.keep === "replay").toBe(route.policy === "replay");
    expect(route.replays !== undefined).toBe(route.policy === "replay");
    if (route.isDuty || route.isSigningInput) expect(route.lane).toBe("duty");
    if (route.isCheap) expect(route.isHeavy).toBe(false);
    if (route.isSigningInput) expect(route.keep === "cache" && route.share !== "head", "stale input").toBe(false);
    if (route.policy === "broadcast") expect([route.send, route.pick, route.mayRepeat]).toEqual(["all", "merge", true]);
    expect(route.success[0]).toBe(200);
    if (route.isDebug) expect(route.path).toMatch(/^\/eth\/v\d\/debug\//);
    if (route.path.includes("/debug/")) expect(route.isDebug).toBe(true);
  });
});

it("publishing, liveness, selections, blocks and what is replayed are never shared", () => {
  for (const route of routesV1) {
    const isOwnBusiness =
      /^(submit|publish|prepare|register|produceBl|getLiveness|getAggregated|produceSync|getExecutionPayload)/.test(
        route.id,
      );
    if (isOwnBusiness) expect(route.share, route.id).toBeUndefined();
  }
});

it("one attestation_data answer serves every committee from Electra on, and not before", () => {
  const route = row("produceAttestationData");
  expect(rowAt(route, "deneb").ignoresQuery).toBeUndefined();
  expect(rowAt(route, "electra").ignoresQuery).toEqual(["committee_index"]);
  expect(rowAt(route, "gloas").ignoresQuery).toEqual(["committee_index"]);
  expect(rowAt(route, "gloas")).toBe(rowAt(route, "gloas"));
});

it("a row that no fork changes is itself at every fork", () => {
  const route = row("getGenesis");
  for (const fork of forkNames) expect(rowAt(route, fork)).toBe(route);
});

it("204 for payload attestation data is an answer: do not vote", () => {
  expect(row("producePayloadAttestationData").success).toEqual([200, 204]);
});

it("202 for a block is a success: broadcast, not yet imported", () => {
  for (const id of ["publishBlock", "publishBlockV2", "publishBlindedBlockV2", "publishExecutionPayloadEnvelope"])
    expect(row(id).success, id).toEqual([200, 202]);
});

it("gives for each fork the rows that its nodes know, and one way for each duty", () => {
  const idsAt = (fork: (typeof forkNames)[number], like: RegExp): string[] =>
    routesAt(fork).flatMap(({ id, retired }) => (like.test(id) && retired === undefined ? [id] : []));
  expect(idsAt("fulu", /^produceBlock/)).toEqual(["produceBlockV3"]);
  expect(idsAt("gloas", /^produceBlock/)).toEqual(["produceBlockV4"]);
  expect(idsAt("fulu", /^publishBlinded/)).toEqual(["publishBlindedBlockV2"]);
  expect(idsAt("gloas", /^publishBlinded/)).toEqual([]);
  expect(idsAt("phase0", /SyncCommittee|Ptc|Payload/)).toEqual([]);
  // Clients begin one epoch before the fork, and the nodes honour the old ways until then.
  expect(idsAt("fulu", /^(submitProposerPreferences|prepareBeaconProposer|registerValidator)$/)).toHaveLength(3);
  expect(idsAt("gloas", /^(submitProposerPreferences|prepareBeaconProposer|registerValidator)$/)).toHaveLength(1);
  const retiredFor = routesV1.filter(({ since, until }) => since !== undefined && until !== undefined);
  for (const { id, since, until } of retiredFor)
    expect(forkNames.indexOf(since as "altair"), id).toBeLessThan(forkNames.indexOf(until as "gloas"));
});
