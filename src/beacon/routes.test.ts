import fc from "fast-check";
import { expect, test } from "vitest";
import { callFailure, failureKindOf } from "./call-failure.ts";
import { decodeEvent } from "./events.ts";
import { topicAttempts, topicQuery } from "./event-topics.ts";
import { fillPath } from "./route.ts";
import { beaconRoutes } from "./routes.ts";

const root = (digit: string) => `0x${digit.repeat(64)}`;

test("every route is named after its operationId and bounds its answer", () => {
  for (const [name, route] of Object.entries(beaconRoutes)) {
    expect(route.operationId).toBe(name);
    expect(route.path).toMatch(/^\/eth\/v\d\//);
    expect(route.maxBytes).toBeLessThanOrEqual(1024 * 1024);
  }
});

test("no route throws on any JSON, and none takes what is no table", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      for (const route of Object.values(beaconRoutes)) {
        const decoded = route.decode(json);
        if (decoded.ok) expect(json).toHaveProperty("data");
      }
    }),
  );
});

test("a header, checkpoints, genesis and forks are read into the words of the specification", () => {
  const header = {
    root: root("A"),
    canonical: true,
    header: { message: { slot: "5", proposer_index: "3", parent_root: root("b") } },
  };
  expect(beaconRoutes.getBlockHeader.decode({ data: header, execution_optimistic: false })).toEqual({
    ok: true,
    executionOptimistic: false,
    value: { root: root("a"), isCanonical: true, slot: 5, parentRoot: root("b"), proposerIndex: 3 },
  });
  const checkpoint = (epoch: string) => ({ epoch, root: root("c") });
  expect(
    beaconRoutes.getStateFinalityCheckpoints.decode({
      data: { previous_justified: checkpoint("1"), current_justified: checkpoint("2"), finalized: checkpoint("1") },
    }),
  ).toMatchObject({ ok: true, value: { justified: { epoch: 2 }, finalized: { epoch: 1, root: root("c") } } });
  expect(
    beaconRoutes.getGenesis.decode({
      data: { genesis_time: "1606824023", genesis_validators_root: root("d"), genesis_fork_version: "0x0000000A" },
    }),
  ).toMatchObject({ ok: true, value: { genesisTimeMs: 1_606_824_023_000, genesisForkVersion: "0x0000000a" } });
  expect(
    beaconRoutes.getForkSchedule.decode({
      data: [{ previous_version: "0x00000000", current_version: "0x01000000", epoch: "18446744073709551615" }],
    }),
  ).toMatchObject({ ok: true, value: [{ version: "0x01000000" }] });
});

test("control characters and length of a version string are cut: people and terminals read it", () => {
  const decoded = beaconRoutes.getNodeVersion.decode({ data: { version: `Teku/\u001b[31m${"x".repeat(1000)}` } });
  expect(decoded.ok && decoded.value.version).toMatch(/^Teku\/ \[31mx{1,200}$/);
});

test("path parameters are escaped", () => {
  expect(fillPath("/a/{id}/b", { id: "../x?y" })).toBe("/a/..%2Fx%3Fy/b");
});

test("events that Slotkeeper acts on are read; others pass; broken ones are garbage", () => {
  expect(
    decodeEvent("head", JSON.stringify({ slot: "3", block: root("A"), execution_optimistic: false })),
  ).toMatchObject({
    kind: "head",
    slot: 3,
    root: root("a"),
    isOptimistic: false,
    isEpochTransition: undefined,
  });
  expect(
    decodeEvent("finalized_checkpoint", JSON.stringify({ epoch: 4, block: root("b"), state: root("c") })),
  ).toMatchObject({ epoch: 4 });
  expect(decodeEvent("voluntary_exit", "{broken").kind).toBe("other");
  expect(decodeEvent("constructor", "{}").kind).toBe("other");
  expect(decodeEvent("head", "{broken").kind).toBe("garbage");
  expect(decodeEvent("head", '{"slot":"x"}').kind).toBe("garbage");
});

test("a stream for one unusual topic is still asked for by that name", () => {
  const attempts = topicAttempts(["payload_attributes"]);
  expect(attempts.map(topicQuery)).toEqual(["topics=payload_attributes", "topics=payload_attributes"]);
});

test("errors keep their kind through causes and lists of addresses", () => {
  const refused = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
  expect(failureKindOf(new Error("outer", { cause: refused }))).toBe("refused");
  expect(failureKindOf(new AggregateError([refused]))).toBe("refused");
  expect(failureKindOf(Object.assign(new Error("x"), { code: "CERT_HAS_EXPIRED" }))).toBe("tls");
  expect(failureKindOf(Object.assign(new Error("x"), { code: "EAI_AGAIN" }))).toBe("unreachable");
  expect(failureKindOf("a string")).toBe("reset");
  expect(callFailure("getGenesis of bn1", "refused").message).toBe("getGenesis of bn1: connection refused");
});
