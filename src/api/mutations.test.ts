import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fromJSONSchema } from "zod";
import { ControlRefusal } from "../control/client.ts";
import { gatewayStatus, groupStatus, nodeStatus, reachable } from "../control/testing/samples.ts";
import { AppError } from "../lib/app-error.ts";
import { drillsPage } from "./schemas-drills.ts";
import { snapshot as snapshotSchema } from "./schemas.ts";
import {
  authorization,
  codeOf,
  drillOf,
  messageOf,
  startApiUnderTest,
  type ApiUnderTest,
} from "./testing/api-under-test.ts";

let api: ApiUnderTest;
const post = (path: string, body?: unknown) => api.ask("POST", `/api/v1${path}`, { authorization }, body);
const by = "by api token from 127.0.0.1";
const root = `0x${"ab".repeat(32)}`;

beforeEach(async () => {
  api = await startApiUnderTest();
});
afterEach(() => api.end());

describe.each([
  ["/nodes/main/default/bn1/cordon", undefined, `default/bn1 cordoned ${by}`, "node.cordon", "bn1 is cordoned"],
  [
    "/nodes/main/default/bn1/uncordon",
    undefined,
    `default/bn1 active ${by}`,
    "node.uncordon",
    "bn1 is in service again",
  ],
  ["/nodes/main/default/bn1/drain", undefined, `default/bn1 drain ${by}`, "node.drain", "bn1 is draining"],
  [
    "/nodes/main/default/bn1/drain?force=true",
    undefined,
    `default/bn1 drain forced ${by}`,
    "node.drain",
    "bn1 is draining",
  ],
  ["/nodes/main/default/bn1/return", undefined, `default/bn1 active ${by}`, "node.return", "bn1 is in service again"],
  [
    "/groups/main/default/hold",
    { reason: " key leaked " },
    `default hold "key leaked" ${by}`,
    "group.hold",
    "signing of group default is on hold",
  ],
  [
    "/groups/main/default/release",
    undefined,
    `default release ${by}`,
    "group.release",
    "the hold on group default is released",
  ],
  [
    "/groups/main/default/watermark/reset",
    {},
    `default reset watermark ${by}`,
    "group.watermark-reset",
    "the source watermark of group default is reset",
  ],
  [
    "/groups/main/default/branch",
    { root },
    `default branch ${root} ${by}`,
    "group.branch",
    `group default serves the branch with head ${root}`,
  ],
  ["/drills/d1/abort", undefined, `abort d1 ${by}`, "drill.abort", "drill d1 is told to end"],
])("POST %s", (path, body, call, action, done) => {
  test("needs the token, is done once, and is audited before and after", async () => {
    const refused = await api.ask("POST", `/api/v1${path}`, {}, body);
    expect([refused.status, codeOf(refused), api.calls, api.audited]).toEqual([401, "token-missing", [], []]);
    const answer = await post(path, body);
    expect(JSON.parse(answer.text)).toEqual({ auditId: 2, done });
    expect(api.calls).toEqual([call]);
    expect(api.audited).toMatchObject([
      { action, actor: "api token from 127.0.0.1", result: "asked" },
      { action, result: "done (asked in record 1)" },
    ]);
  });
});

test.each([
  ["/nodes/west/default/bn1/drain", "unknown-gateway", "There is no gateway west. Gateways: main."],
  ["/nodes/main/other/bn1/drain", "unknown-group", "There is no group other. Groups of gateway main: default."],
  ["/nodes/main/default/bn9/drain", "unknown-node", "There is no node bn9. Nodes of group default: bn1."],
  ["/groups/main/other/release", "unknown-group", "There is no group other. Groups of gateway main: default."],
  ["/drills/d9/abort", "unknown-drill", "There is no drill d9."],
])("POST %s is 404 and says what exists", async (path, code, message) => {
  const answer = await post(path);
  expect([answer.status, codeOf(answer), messageOf(answer)]).toEqual([404, code, message]);
  expect(api.calls).toEqual([]);
  expect(api.audited.map(({ result }) => result)).toEqual(["asked", `failed: ${message} (asked in record 1)`]);
});

test("a gateway that cannot be reached is asked all the same, and its silence is a 502", async () => {
  const hand = api.ports.gateway("main")!;
  api.ports.gateway = () => ({
    ...hand,
    drain: () => Promise.reject(new AppError("reach the gateway at /run/x.sock", { code: "control-unreachable" })),
  });
  const snapshot = api.ports.snapshot();
  api.ports.snapshot = () => ({
    ...snapshot,
    gateways: [{ name: "main", isReachable: false, lastContactAt: 1, error: "gone", status: gatewayStatus([]) }],
  });
  const answer = await post("/nodes/main/default/bn1/drain");
  expect([answer.status, codeOf(answer)]).toEqual([502, "control-unreachable"]);
});

test.each([
  ["no-split", 409],
  ["unknown-node", 404],
])("what the gateway refuses as %s is told in its own words, with status %d", async (code, status) => {
  const hand = api.ports.gateway("main")!;
  const refusal = () => Promise.reject(new ControlRefusal("choose a branch: there is no split now.", code, status));
  api.ports.gateway = () => ({ ...hand, chooseBranch: refusal });
  const answer = await post("/groups/main/default/branch", { root });
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  expect(messageOf(answer)).toBe("choose a branch: there is no split now.");
});

test.each([
  ["/groups/main/default/hold", {}],
  ["/groups/main/default/hold", { reason: "   " }],
  ["/groups/main/default/hold", { reason: "x".repeat(501) }],
  ["/groups/main/default/hold", undefined],
  ["/groups/main/default/branch", { root: "0x1" }],
  ["/drills", { gateway: "main", group: "default", node: "bn1" }],
  ["/drills", { gateway: "main", group: "default", node: "bn1", kind: "hang", durationMs: 10 }],
])("POST %s with %j is refused before anything is recorded or done", async (path, body) => {
  const answer = await post(path, body);
  expect([answer.status, codeOf(answer)]).toEqual([400, "bad-request"]);
  expect([api.calls, api.audited]).toEqual([[], []]);
});

const wanted = { gateway: "main", group: "default", node: "bn1", kind: "hang" };

test("a drill is begun with its defaults, and answered as it begins", async () => {
  const answer = await post("/drills", wanted);
  expect(answer.status).toBe(200);
  const value = JSON.parse(answer.text) as { auditId: number; done: string; drill: { phase: string } };
  expect([value.auditId, value.done, value.drill.phase]).toEqual([2, "drill d1 (hang on bn1) begins", "guarding"]);
  const asked = { durationMs: 30_000, ...wanted, by: "api token from 127.0.0.1" };
  expect(api.calls.map((call) => JSON.parse(call.slice("drill ".length)) as object)).toEqual([asked]);
});

test("a drill that the guards refuse is a 409 that says which of them may be overruled", async () => {
  const finding = { reason: "node-not-ready", detail: "bn1 is down", isSoft: true, tryAgainAt: undefined } as const;
  api.ports.drills.start = (request) =>
    Promise.resolve(drillOf(request, { phase: "refused", sentence: "bn1 is down.", findings: [finding] }));
  const answer = await post("/drills", wanted);
  expect([answer.status, codeOf(answer)]).toEqual([409, "drill-refused"]);
  const { drill } = JSON.parse(answer.text) as { drill: { findings: object[] } };
  expect(drill.findings).toEqual([{ reason: "node-not-ready", detail: "bn1 is down", isSoft: true }]);
  expect(api.audited.at(-1)?.result).toContain("failed: bn1 is down.");
});

test("drills are listed as the document says", async () => {
  const answer = await api.ask("GET", "/api/v1/drills?limit=3");
  expect(fromJSONSchema(drillsPage as never).safeParse(JSON.parse(answer.text)).error?.issues).toBeUndefined();
  expect(api.calls).toEqual(["past 3"]);
});

test("the document knows every field of a group that is held, split, drained and drilled", async () => {
  const at = 1_700_000_000_000;
  const group = {
    ...groupStatus([nodeStatus("bn1")]),
    hold: { reason: "key leaked", by: "ops", at },
    sourceWatermark: { epoch: 9, at },
    branches: [{ root, slot: 3, nodes: ["bn1"], support: 1, justifiedEpoch: 1, finalizedEpoch: undefined }],
    chosenBranch: { root, by: "ops", at },
    drains: [{ node: "bn1", by: "ops", at, waitsFor: [{ kind: "proposal", detail: "slot 9", untilAt: at }] }],
    faults: [{ id: "f1", node: "bn1", kind: "hang", by: "ops", startedAt: at, expiresAt: at }],
    tripwire: {
      refused: 1,
      last: { at, kind: "double-vote", validatorIndex: undefined, slot: 9, client: "vc1" },
    },
    duplicateKey: { at, validatorIndex: 7, clients: ["10.0.0.4", "10.0.0.5"] },
    proposals: [{ slot: 10, validatorIndex: 7 }],
  } as const;
  const snapshot = api.ports.snapshot();
  api.ports.snapshot = () => ({ ...snapshot, gateways: [reachable(gatewayStatus([group]))], drills: [drillOf()] });
  const answer = await api.ask("GET", "/api/v1/snapshot");
  expect(fromJSONSchema(snapshotSchema as never).safeParse(JSON.parse(answer.text)).error?.issues).toBeUndefined();
});

test("the document says what goes into a body and a query", async () => {
  const { paths } = JSON.parse((await api.ask("GET", "/api/v1/openapi.json")).text) as {
    paths: Record<string, { post: { requestBody?: unknown; parameters: { name: string; in: string }[] } }>;
  };
  expect(paths["/api/v1/groups/{gateway}/{group}/hold"]?.post.requestBody).toMatchObject({
    content: { "application/json": { schema: { required: ["reason"] } } },
  });
  expect(paths["/api/v1/nodes/{gateway}/{group}/{node}/drain"]?.post.parameters.at(-1)).toMatchObject({
    name: "force",
    in: "query",
  });
});
