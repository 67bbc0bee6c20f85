import { expect, test } from "vitest";
import type { View } from "../upstream/types.ts";
import { judgeState } from "./judge-state.ts";
import { gatewayStatus, groupStatus, nodeStatus, now, reachable } from "./testing/samples.ts";
import type { GroupStatus } from "./types.ts";

const hold = { reason: "keys may be used twice.", by: "ops", at: now - 300_000 };
const refusal = { at: now - 60_000, kind: "double-vote", validatorIndex: 7, slot: 3190, client: "10.0.0.4" } as const;
const fault = { id: "f1", node: "bn2", kind: "hang", by: "ops", startedAt: now, expiresAt: now + 30_000 };

/** Three nodes, of which those in `down` are down. */
function judge(part: Partial<GroupStatus>, view: Partial<View> = {}, down: readonly string[] = []) {
  const nodes = ["bn1", "bn2", "bn3"].map((name) =>
    nodeStatus(name, down.includes(name) ? { health: "down", reason: "connection-refused" } : {}),
  );
  return judgeState([reachable(gatewayStatus([{ ...groupStatus(nodes, view), ...part }]))], now);
}

test("a hold says why, since when and what it costs", () => {
  expect(judge({ hold })).toMatchObject({
    level: "bad",
    reason: "signing-on-hold",
    sentence:
      "Signing is on hold since 22:08 UTC (keys may be used twice; by ops): validators of group default sign nothing.",
  });
});

test("a hold speaks before a split, and no ready node before a hold", () => {
  const split = judge({ hold }, { kind: "split" });
  expect(split.findings.map(({ reason }) => reason)).toEqual(["signing-on-hold", "split"]);
  const none = judge({ hold }, { kind: "none", ready: [] });
  expect(none.findings.map(({ reason }) => reason)).toEqual(["no-node-ready", "signing-on-hold"]);
});

test("a hold is told from the first moment of a gateway", () => {
  const nodes = [nodeStatus("bn1", { health: "unknown" })];
  const group = { ...groupStatus(nodes, { kind: "none", ready: [] }), hold };
  const state = judgeState([reachable(gatewayStatus([group], { startedAt: now - 1_000 }))], now);
  expect(state.findings.map(({ reason }) => reason)).toEqual(["signing-on-hold", "starting"]);
});

test("a slashable message speaks first of all, for an hour; then it is a warning, for a day", () => {
  const fresh = judge({ hold, tripwire: { refused: 1, last: refusal } }, { kind: "none", ready: [] });
  expect(fresh.sentence).toMatch(
    /^Slashable: a second, different attestation of validator 7 for slot 3190 came from 10\.0\.0\.4 at 22:12 UTC and was not published\./,
  );
  const at = (ageMs: number) => judge({ tripwire: { refused: 1, last: { ...refusal, at: now - ageMs } } }).level;
  expect([at(3_600_000), at(3_600_001), at(86_400_000), at(86_400_001)]).toEqual(["bad", "warning", "warning", "fine"]);
  expect(judge({ tripwire: { refused: 0 } }).level).toBe("fine");
});

test("two clients with one key are bad while both go on, then a warning for an hour", () => {
  const epochMs = 32 * 12_000;
  const at = (ageMs: number) =>
    judge({ duplicateKey: { at: now - ageMs, validatorIndex: 7, clients: ["10.0.0.4", "10.0.0.5"] } });
  expect(at(60_000)).toMatchObject({
    level: "bad",
    reason: "duplicate-key",
    sentence: "Two clients use validator 7: 10.0.0.4 and 10.0.0.5, last at 22:12 UTC.",
  });
  expect([at(2 * epochMs).level, at(2 * epochMs + 1).level, at(3_600_001).level]).toEqual(["bad", "warning", "fine"]);
});

test("a split asks for a person, and a branch that was chosen stays said until the nodes agree", () => {
  expect(judge({}, { kind: "split" }).sentence).toContain("until a person chooses the branch");
  const chosenBranch = { root: `0x${"ab".repeat(32)}`, by: "ops", at: now - 300_000 };
  expect(judge({ chosenBranch })).toMatchObject({
    level: "warning",
    sentence: "The nodes are split; the branch with head 0xabababab… is served, as ops chose at 22:08 UTC.",
  });
});

test("a node that a drill shows as failed is a drill, not a failure", () => {
  const state = judge({ faults: [fault] }, { ready: ["bn1", "bn3"] }, ["bn2"]);
  expect(state).toMatchObject({
    level: "warning",
    reason: "drill-running",
    sentence: "Drill: bn2 shows the fault hang, asked for by ops; duties are served by bn1.",
  });
  expect(state.findings).toHaveLength(1);
});

test("a node that fails during a drill speaks before the drill", () => {
  const state = judge({ faults: [fault] }, { ready: ["bn1"] }, ["bn2", "bn3"]);
  expect(state.findings.map(({ reason }) => reason)).toEqual(["no-spare", "drill-running"]);
  expect(state.sentence).toContain("1 of 3 beacon nodes is down (bn3: connection refused)");
});

test("a drill that leaves nobody ready is bad, and still named", () => {
  const state = judge({ faults: [fault] }, { kind: "none", ready: [] }, ["bn1", "bn2", "bn3"]);
  expect(state.findings.map(({ reason }) => reason)).toEqual(["no-node-ready", "drill-running"]);
});

test("a drain is the operator's will and says what it waits for", () => {
  const nodes = [nodeStatus("bn1", { operator: "draining" }), nodeStatus("bn2"), nodeStatus("bn3")];
  const wait = { kind: "proposal", detail: "the proposal of slot 3205", untilAt: undefined } as const;
  const drain = { node: "bn1", by: "ops", at: now, waitsFor: [wait, { ...wait, detail: "two calls under way" }] };
  const fine = judgeState([reachable(gatewayStatus([{ ...groupStatus(nodes), drains: [drain] }]))], now);
  expect(fine).toMatchObject({
    level: "fine",
    sentence:
      "2 of 3 beacon nodes are in sync (bn1 draining, waits for: the proposal of slot 3205 and 1 more); finality 2 epochs back.",
  });
});

test("a drain of the last ready node is a warning: it will not end by itself", () => {
  const nodes = [nodeStatus("bn1", { operator: "draining" }), nodeStatus("bn2"), nodeStatus("bn3")];
  const waitsFor = [{ kind: "last-ready-node", detail: "no other node is ready", untilAt: undefined }] as const;
  const group = { ...groupStatus(nodes), drains: [{ node: "bn1", by: "ops", at: now, waitsFor }] };
  expect(judgeState([reachable(gatewayStatus([group]))], now)).toMatchObject({
    level: "warning",
    reason: "drain-waits",
  });
});
