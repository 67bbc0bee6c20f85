import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import {
  fakeChain,
  startFakeBeaconNode,
  startFakeServer,
  type FakeNode,
  type FakeServer,
  type Respond,
} from "./fake-servers.ts";
import { checkJson, renderJson } from "./render-json.ts";
import { renderTable } from "./render-table.ts";
import type { CheckReport } from "./report.ts";
import { runCheck, type CheckRequest } from "./run-check.ts";

let servers: FakeServer[] = [];
let dispatcher: Agent;
beforeEach(() => {
  dispatcher = new Agent({ connections: 8 });
});
afterEach(async () => {
  await dispatcher.destroy();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function node(changes: Partial<FakeNode> = {}): Promise<string> {
  const server = await startFakeBeaconNode(changes);
  servers.push(server);
  return server.url;
}

async function server(respond: Respond): Promise<string> {
  const started = await startFakeServer(respond);
  servers.push(started);
  return started.url;
}

function check(request: Partial<CheckRequest>, timeoutMs = 4000): Promise<CheckReport> {
  const nothing = { nodes: [], references: [], validatorClients: [], hosts: [], logs: [], expectKeys: undefined };
  return runCheck({ ...nothing, ...request }, { clock: systemClock, dispatcher, timeoutMs });
}

function reasons(report: CheckReport, url: string): string[] {
  const { host } = new URL(url);
  return report.answers
    .filter(({ subject }) => subject.name === host)
    .map(({ verdict, reason }) => `${verdict} ${reason}`);
}

test("a server that closes each connection does listen: the advice is another one than for a refused connection", async () => {
  const report = await check({
    nodes: [await server((request) => request.socket.resetAndDestroy()), "http://127.0.0.1:1"],
  });
  expect(report.answers.filter(({ id }) => id === "node-up").map(({ reason }) => reason)).toEqual([
    "node-reset",
    "node-refused",
  ]);
});

test("three healthy nodes are good, on one chain", async () => {
  const nodes = [await node(), await node({ elOffline: undefined, lag: 1 }), await node()];
  const report = await check({ nodes });
  expect(report.answers.filter(({ verdict }) => !["good", "not-asked"].includes(verdict))).toEqual([]);
  expect(report.answers.filter(({ id }) => id === "fork").map(({ evidence }) => evidence["voices"])).toEqual([3, 3, 3]);
  expect(report.exitStatus).toBe(0);
});

describe("beside two healthy nodes", () => {
  test.each<[string, Partial<FakeNode>, string]>([
    ["a syncing one", { isSyncing: true, lag: 400 }, "bad syncing"],
    ["an optimistic one", { isOptimistic: true }, "bad optimistic"],
    ["one without execution client", { elOffline: true }, "bad el-offline"],
    [
      "one of another network",
      { chain: { ...fakeChain, genesisValidatorsRoot: `0x${"13".repeat(32)}` } },
      "bad network-wrong",
    ],
    ["one on another branch", { branch: "b", branchFrom: 0 }, "bad fork-differs"],
    ["one whose clock is an hour off", { clockOffsetMs: -3_600_000 }, "bad clock-off"],
    ["one that follows a chain an hour ahead", { now: () => systemClock.now() + 3_600_000 }, "bad head-in-future"],
    ["one that does not finalize", { finalizedLag: 9 }, "bad finality-node-behind"],
    ["one without peers", { peers: 0 }, "bad peers-none"],
    ["one that stands still", { lag: 100 }, "bad head-stale"],
  ])("%s is found, and the others stay good", async (_, changes, expected) => {
    const healthy = [await node(), await node()];
    const odd = await node(changes);
    const report = await check({ nodes: [...healthy, odd] });
    expect(reasons(report, odd)).toContain(expected);
    for (const url of healthy) expect(reasons(report, url).filter((reason) => !reason.startsWith("good"))).toEqual([]);
    expect(report.exitStatus).toBe(2);
  });
});

describe("what is no beacon node, or a broken one, is named and never crashes the check", () => {
  const endless: Respond = (_, response) => {
    const more = () => void (response.destroyed || response.write("x".repeat(65_536), () => setImmediate(more)));
    more();
  };
  const cases: [string, Respond, string][] = [
    [
      "a web server",
      (_, response) => response.setHeader("content-type", "text/html").end("<html>"),
      "bad node-not-beacon",
    ],
    ["404 for everything", (_, response) => response.writeHead(404).end(), "bad node-not-beacon"],
    [
      "a redirect",
      (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      "bad node-not-beacon",
    ],
    ["truncated JSON", (_, response) => response.end('{"data":{"head_'), "bad node-not-beacon"],
    ["wrong types", (_, response) => response.end('{"data":[null,{"head_slot":-1}]}'), "bad node-not-beacon"],
    ["an endless body", endless, "bad node-not-beacon"],
    ["a proxy without a node", (_, response) => response.writeHead(502).end("bad gateway"), "bad node-behind-proxy"],
    ["a node that is not ready", (_, response) => response.writeHead(503).end(), "bad node-starting"],
    ["a reset", (request) => request.socket.destroy(), "bad node-reset"],
  ];
  test.each(cases)("%s", async (_, respond, expected) => {
    const url = await server(respond);
    const report = await check({ nodes: [url, await node()] });
    expect(reasons(report, url)[0]).toBe(expected);
    expect(
      reasons(report, url)
        .slice(1)
        .some((reason) => reason.startsWith("good")),
    ).toBe(false);
    expect(report.exitStatus).toBe(2);
  });

  test("a hanging one, within the time given", async () => {
    const url = await server(() => undefined);
    const report = await check({ nodes: [url, await node(), await node()] }, 700);
    expect(reasons(report, url)[0]).toBe("bad node-hangs");
    expect(report.durationMs).toBeLessThan(2000);
    expect(report.answers.filter(({ reason }) => reason === "fork-same")).toHaveLength(2);
  });

  test("one that drips its answer", async () => {
    const url = await server((_, response) => void response.write('{"data":'));
    expect(reasons(await check({ nodes: [url] }, 500), url)[0]).toBe("bad node-hangs");
  });

  test("one that hangs in a single call only", async () => {
    const url = await node({ intercept: (path) => path.endsWith("/head") });
    expect(reasons(await check({ nodes: [url] }, 600), url)[0]).toBe("warning node-partly");
  });
});

describe("references", () => {
  test("count as voices about the chain", async () => {
    const [ours, outside] = [await node({ branch: "b", branchFrom: 0 }), [await node(), await node()]];
    const report = await check({ nodes: [ours], references: outside });
    expect(reasons(report, ours)).toContain("bad fork-differs");
  });
  test("that are down are unknown, not bad", async () => {
    const report = await check({ nodes: [await node(), await node()], references: ["http://127.0.0.1:1"] });
    expect(reasons(report, "http://127.0.0.1:1")[0]).toBe("unknown node-refused");
    expect(report.exitStatus).toBe(1);
  });
  test("that serve no blocks by slot have no voice", async () => {
    const reference = await node({
      intercept: (path, response) => path.includes("/blocks/") && Boolean(response.writeHead(404).end()),
    });
    const report = await check({ nodes: [await node(), await node()], references: [reference] });
    expect(reasons(report, reference)).toContain("unknown not-answered");
    expect(report.answers.filter(({ verdict }) => verdict === "bad")).toEqual([]);
  });
});

describe("metrics pages", () => {
  const nodeExporter =
    (busySeconds: () => number): Respond =>
    (_, response) =>
      response.end(
        `node_cpu_seconds_total{cpu="0",mode="idle"} ${100 + busySeconds()}\nnode_cpu_seconds_total{cpu="0",mode="user"} ${50 + busySeconds() * 3}\nnode_load1 0.2\nnode_memory_MemTotal_bytes 64e9\nnode_memory_MemAvailable_bytes 2e9\nnode_filesystem_size_bytes{mountpoint="/",device="a",fstype="ext4"} 4e12\nnode_filesystem_avail_bytes{mountpoint="/",device="a",fstype="ext4"} 2e12\n`,
      );
  test("of a host: CPU from two scrapes, memory, disk", async () => {
    let scrapes = 0;
    const host = await server(nodeExporter(() => scrapes++ / 2));
    const report = await check({ hosts: [host] });
    const cpu = report.answers.find(({ id }) => id === "host-cpu");
    expect(cpu?.evidence["busyShare"]).toBeCloseTo(0.8, 0);
    expect(reasons(report, host)).toEqual(["good cpu-good", "bad memory-out", "good disk-good"]);
  });
  test("of a validator client: its keys against what is expected", async () => {
    const vc = await server((_, response) => response.end("vc_signers_count 32\nvc_indices_count 32\n"));
    expect((await check({ validatorClients: [vc], expectKeys: 32 })).exitStatus).toBe(0);
    expect((await check({ validatorClients: [vc], expectKeys: 33 })).exitStatus).toBe(2);
  });
  test("that are something else are unknown", async () => {
    const page = await server((_, response) => response.end("<html>hello</html>"));
    const report = await check({ validatorClients: [page], hosts: [page] });
    expect(report.answers.filter(({ verdict }) => verdict === "good")).toEqual([]);
    expect(report.exitStatus).toBe(1);
  });
});

test("the machine's report keeps to its schema, with everything wrong at once", async () => {
  const hanging = await server(() => undefined);
  const nodes = [await node(), hanging, "http://127.0.0.1:1"];
  const request = {
    nodes,
    validatorClients: ["http://127.0.0.1:1"],
    hosts: [hanging],
    logs: ["/does/not/exist"],
    expectKeys: 3,
  };
  const report = await check(request, 500);
  const json = checkJson.parse(JSON.parse(renderJson(report)));
  expect(json.exitStatus).toBe(2);
  expect(json.answers).toHaveLength(report.answers.length);
});

test("the table speaks without colour, and a server cannot paint it", async () => {
  const evil = await node({ version: "\u001b[2J\u202eteku\u0007" });
  const report = await check({ nodes: [evil] });
  expect(renderTable(report, false)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(renderTable(report, true)).not.toContain("\u001b[2J");
  expect(renderTable(report, false)).toMatch(/^ok: /);
});
