import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import { fakeRoot, startScriptedNode, type ScriptedNode } from "./scripted-node.ts";
import { startUpstreamGroup } from "./start-upstream-group.ts";
import type { NodeEvent, OperatorState, Transition, UpstreamGroup, UpstreamGroupConfig } from "./types.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const slotMs = 2000;

function chain() {
  const genesisTime = Math.floor(Date.now() / 1000) - 200;
  const slot = () => Math.floor((Date.now() - genesisTime * 1000) / slotMs);
  return { genesisTime, slot };
}

const reply = (response: ServerResponse, data: unknown) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ data, execution_optimistic: false, finalized: false }));
};

async function goodNode({ genesisTime, slot }: ReturnType<typeof chain>): Promise<ScriptedNode> {
  const header = (of: number) => ({
    root: fakeRoot(`b${of}`),
    canonical: true,
    header: { message: { slot: String(of), proposer_index: "1", parent_root: fakeRoot(`b${of - 1}`) } },
  });
  const checkpoint = (epoch: string) => ({ epoch, root: fakeRoot("c") });
  const node = await startScriptedNode({
    "/eth/v1/node/version": { version: "Lodestar/v1.5.1" },
    "/eth/v1/node/peer_count": { connected: "2" },
    "/eth/v1/config/spec": { SECONDS_PER_SLOT: "2", SLOTS_PER_EPOCH: "8", EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "8" },
    "/eth/v1/config/fork_schedule": [{ previous_version: "0x00000001", current_version: "0x00000001", epoch: "0" }],
    "/eth/v1/beacon/genesis": {
      genesis_time: String(genesisTime),
      genesis_validators_root: fakeRoot("genesis"),
      genesis_fork_version: "0x00000001",
    },
    "/eth/v1/beacon/states/head/finality_checkpoints": {
      previous_justified: checkpoint("1"),
      current_justified: checkpoint("2"),
      finalized: checkpoint("1"),
    },
    "/eth/v1/node/syncing": (_: IncomingMessage, response: ServerResponse) =>
      reply(response, { head_slot: String(slot()), sync_distance: "0", is_syncing: false, is_optimistic: false }),
    "/eth/v1/beacon/headers/head": (_: IncomingMessage, response: ServerResponse) => reply(response, header(slot())),
  });
  ends.push(() => node.kill().catch(() => undefined));
  return node;
}

interface Seen {
  group: UpstreamGroup;
  transitions: (Transition & { seenAt: number })[];
  events: NodeEvent[];
  /** Resolves when the group fits. */
  until(fits: () => boolean): Promise<void>;
}

function start(
  nodes: Readonly<Record<string, ScriptedNode>>,
  options: Partial<Parameters<typeof startUpstreamGroup>[0]> = {},
): Seen {
  const group = startUpstreamGroup({
    config: configOf(nodes),
    clock: systemClock,
    random: () => 0.5,
    log: silentLogger,
    ...options,
  });
  ends.push(() => group.stop());
  const transitions: Seen["transitions"] = [];
  const events: NodeEvent[] = [];
  const waiting = new Set<() => void>();
  const look = () => waiting.forEach((check) => check());
  group.onTransition((transition) => (transitions.push({ ...transition, seenAt: performance.now() }), look()));
  group.onView(look);
  group.onEvent((event) => (events.push(event), look()));
  const until = (fits: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!fits()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { group, transitions, events, until };
}

function configOf(nodes: Readonly<Record<string, ScriptedNode>>): UpstreamGroupConfig {
  return {
    name: "g",
    network: { kind: "auto" },
    nodes: Object.entries(nodes).map(([name, node]) => ({
      name,
      url: node.url,
      priority: 0,
      executionClient: "geth",
      labels: {},
      headers: {},
    })),
  };
}

test("three nodes: ready with network, head, checkpoints, version and peers", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time), c: await goodNode(time) };
  const { group, until } = start(nodes);
  await until(
    () => group.view().ready.length === 3 && group.view().finalized !== undefined && group.view().head !== undefined,
  );
  expect(group.view()).toMatchObject({
    kind: "serving",
    signingInputs: ["a", "b", "c"],
    justified: { epoch: 2 },
    finalized: { epoch: 1 },
  });
  expect(group.network()).toMatchObject({
    spec: { slotDurationMs: 2000 },
    genesis: { genesisTimeMs: time.genesisTime * 1000 },
  });
  await until(() => group.status("a")?.peers === 2 && group.status("a")?.version !== undefined);
  expect(group.status("a")).toMatchObject({
    clientFamily: "lodestar/geth",
    isSyncing: false,
    elOffline: undefined,
    headLagSlots: 0,
  });
  expect(group.status("nobody")).toBeUndefined();
});

test("a killed node is suspect or down within half a second, and comes back through the gate", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time) };
  const { group, transitions, until } = start(nodes);
  const gated: string[] = [];
  group.setReadmissionGate((node) => {
    gated.push(node);
    return Promise.resolve();
  });
  await until(() => group.view().ready.length === 2 && group.status("a")?.isStreamOpen === true);
  const killedAt = performance.now();
  await nodes.a.kill();
  await until(() => group.status("a")?.health === "down");
  const doubted = transitions.find((each) => each.node === "a" && each.to !== "ready" && each.seenAt >= killedAt);
  // The next regular probe would come a second later: this was noticed by the broken stream.
  expect((doubted?.seenAt ?? Infinity) - killedAt).toBeLessThan(500);
  expect(performance.now() - killedAt).toBeLessThan(500);
  expect(group.view().ready).toEqual(["b"]);

  await nodes.a.revive();
  await until(() => group.view().ready.length === 2);
  expect(gated).toEqual(["a"]);
  expect(group.view().ready).toEqual(["b", "a"]);
});

test("a fault that may pass is confirmed by a second probe", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time) };
  const { group, until } = start(nodes);
  await until(() => group.view().ready.length === 2);
  const askedAt: number[] = [];
  nodes.a.answers.set("/eth/v1/node/syncing", (request: IncomingMessage) => {
    askedAt.push(performance.now());
    request.socket.resetAndDestroy();
  });
  await until(() => group.status("a")?.health === "down");
  expect(group.status("a")?.reason).toBe("connection-reset");
  // The regular period is a second: a second look so soon can only be the confirming one.
  expect((askedAt[1] ?? Infinity) - (askedAt[0] ?? 0)).toBeLessThan(250);
});

test("a frozen node (open socket, silence) is suspect without any traffic", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time) };
  const { group, until } = start(nodes);
  await until(() => group.view().ready.length === 2);
  const frozenAt = performance.now();
  nodes.a.isFrozen = true;
  await until(() => group.status("a")?.health === "suspect");
  expect(performance.now() - frozenAt).toBeLessThan(2000);
  await until(() => group.status("a")?.health === "down");
  expect(group.status("a")?.reason).toBe("no-answer");
  nodes.a.isFrozen = false;
  await until(() => group.status("a")?.health === "ready");
});

test("a gate that never ends holds a node for a second and no longer; one that fails not at all", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time) };
  const { group, until } = start(nodes);
  await until(() => group.view().ready.length === 2);
  let isAborted = false;
  group.setReadmissionGate(
    (_, signal) =>
      new Promise(() => {
        signal.addEventListener("abort", () => (isAborted = true));
      }),
  );
  await nodes.a.kill();
  await until(() => group.status("a")?.health === "down");
  await nodes.a.revive();
  await until(() => group.status("a")?.health === "warming");
  await until(() => group.status("a")?.health === "ready");
  expect(isAborted).toBe(true);

  group.setReadmissionGate(() => Promise.reject(new Error("replay failed")));
  await nodes.b.kill();
  await until(() => group.status("b")?.health === "down");
  await nodes.b.revive();
  await until(() => group.status("b")?.health === "ready");
});

test("a head event reaches the view before its listeners hear of it", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time) };
  const { group, until } = start(nodes);
  await until(
    () => group.view().kind === "serving" && nodes.a.openStreams > 0 && group.status("a")?.isStreamOpen === true,
  );
  const block = fakeRoot("new");
  let headWhenHeard: string | undefined;
  group.onEvent((event) => {
    if (event.topic === "head") headWhenHeard = group.view().head?.root;
  });
  const data = JSON.stringify({ slot: String(time.slot()), block, state: fakeRoot("s"), execution_optimistic: false });
  nodes.a.emit("head", data);
  await until(() => headWhenHeard !== undefined);
  expect(headWhenHeard).toBe(block);
});

test("events come untouched with their node; broken ones are a warning on it, and nothing breaks", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time) };
  const { group, events, until } = start(nodes);
  await until(
    () => group.view().ready.length === 2 && group.status("a")?.isStreamOpen === true && nodes.a.openStreams > 0,
  );
  nodes.a.emit("head", "{broken");
  nodes.a.emit("voluntary_exit", '{"any":  "thing"}');
  await until(() => events.length === 2);
  expect(events).toMatchObject([
    { node: "a", topic: "head", data: "{broken" },
    { node: "a", topic: "voluntary_exit", data: '{"any":  "thing"}' },
  ]);
  expect(group.status("a")?.warnings).toMatchObject([{ reason: "events-unreadable" }]);
  expect(group.status("a")?.health).toBe("ready");
});

describe("a hostile node gets a reason and harms nobody else", () => {
  const html = (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html>");
  const cases: [string, (request: IncomingMessage, response: ServerResponse) => unknown, string][] = [
    ["a web server", html, "not-a-beacon-node"],
    ["truncated JSON", (_, r) => r.end('{"data":{"head_slot":"1'), "not-a-beacon-node"],
    ["wrong types", (_, r) => r.end('{"data":{"head_slot":[],"is_syncing":7}}'), "answer-unreadable"],
    [
      "an endless body",
      (_, r) => {
        const pour = () => {
          while (!r.destroyed && r.write("x".repeat(9000)));
        };
        r.on("drain", pour);
        pour();
      },
      "answer-unreadable",
    ],
    ["206", (_, r) => r.writeHead(206).end('{"data":{}}'), "not-ready-status"],
    ["resets", (q) => q.socket.resetAndDestroy(), "connection-reset"],
  ];
  test.each(cases)("%s", async (_, answer, reason) => {
    const time = chain();
    const bad = await goodNode(time);
    for (const path of bad.answers.keys()) bad.answers.set(path, answer);
    bad.answers.set("/eth/v1/events", answer);
    const good = await goodNode(time);
    const { group, until } = start({ bad, good });
    await until(
      () =>
        group.view().kind === "serving" &&
        group.status("bad")?.reason === reason &&
        group.status("bad")?.health !== "unknown",
    );
    expect(group.view().ready).toEqual(["good"]);
    expect(["down", "syncing"]).toContain(group.status("bad")?.health);
  });
});

test("an operator's states are loaded, saved and obeyed", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time) };
  const saved: [string, OperatorState, string][] = [];
  const { group, until } = start(nodes, {
    loadOperatorStates: () => ({ a: "cordoned" }),
    saveOperatorState: (...args) => saved.push(args),
  });
  await until(() => group.view().ready.join() === "b");
  group.setOperatorState("a", "active", "kim");
  expect(group.view().ready).toEqual(expect.arrayContaining(["b"]));
  expect(saved).toEqual([["a", "active", "kim"]]);
  await until(() => group.view().ready.length === 2);
});

test("reports of calls: answers touch nothing but the time, refusals make the node suspect at once", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time) };
  const { group, until, transitions } = start(nodes);
  await until(() => group.view().ready.length === 2);
  const generation = group.view().generation;
  group.report({ node: "a", isCheap: true, outcome: "answered", latencyMs: 1, detail: "" });
  group.report({ node: "nobody", isCheap: true, outcome: "refused", latencyMs: 1, detail: "" });
  expect(group.view().generation).toBe(generation);
  const from = transitions.length;
  group.report({ node: "a", isCheap: true, outcome: "refused", latencyMs: 1, detail: "x" });
  expect(group.status("a")).toMatchObject({ health: "suspect", reason: "call-failed" });
  expect(group.view().ready).toEqual(["b"]);
  await until(() => group.status("a")?.health === "ready");
  expect(transitions.slice(from).filter((each) => each.kind === "health").length).toBe(2);
});

test("a listener that throws, and one that reports from within, break nothing", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time) };
  const { group, until } = start(nodes);
  group.onTransition(() => {
    throw new Error("listener bug");
  });
  group.onView(() => group.suspect("nobody", "from within"));
  await until(() => group.view().ready.length === 2);
  await nodes.a.kill();
  group.suspect("a", "test");
  await until(() => group.status("a")?.health === "down");
});

test("the machine's clock is stepped by an hour, back and forth: no node leaves the view for it", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time) };
  let stepMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + stepMs };
  const { group, until } = start(nodes, { clock });
  await until(() => group.view().ready.length === 2);
  for (const step of [-3_600_000, 0]) {
    group.report({ node: "a", isCheap: true, outcome: "reset", latencyMs: 1, detail: "" });
    expect(group.status("a")?.health).toBe("suspect");
    stepMs = step;
    await until(() => group.status("a")?.health === "ready");
    expect(group.view().ready).toEqual(["a", "b"]);
    expect(group.view().signingInputs).toEqual(["a", "b"]);
  }
});

test("a new config keeps what is known of unchanged nodes, starts new ones and leaves removed ones alone", async () => {
  const time = chain();
  const nodes = { a: await goodNode(time), b: await goodNode(time), c: await goodNode(time) };
  const { group, until } = start({ a: nodes.a, b: nodes.b });
  await until(() => group.view().ready.length === 2 && nodes.b.openStreams === 1);
  group.reconfigure(configOf({ a: nodes.a, c: nodes.c }));
  expect(group.status("a")?.health).toBe("ready");
  expect(group.status("b")).toBeUndefined();
  expect(group.view().ready).toEqual(["a"]);
  await until(() => group.view().ready.join() === "a,c");
  const asked = nodes.b.calls.get("/eth/v1/node/syncing");
  // The new node has been asked since, and would the removed one still be watched, it had been asked as well.
  group.suspect("b", "removed");
  await until(() => (nodes.c.calls.get("/eth/v1/node/peer_count") ?? 0) > 0);
  expect(nodes.b.calls.get("/eth/v1/node/syncing")).toBe(asked);
});

test("stop ends every connection, and is done when it says so", async () => {
  const time = chain();
  const node = await goodNode(time);
  const { group, until } = start({ a: node });
  await until(() => group.view().kind === "serving" && node.openStreams === 1);
  const view = group.view();
  await group.stop();
  const calls = [...node.calls.values()].reduce((a, b) => a + b, 0);
  group.suspect("a", "after the end");
  expect(group.view()).toBe(view);
  expect([...node.calls.values()].reduce((a, b) => a + b, 0)).toBe(calls);
});
