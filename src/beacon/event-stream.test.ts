import type { RequestListener } from "node:http";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import {
  openEventStream,
  type EventStream,
  type EventStreamOptions,
  type StreamEvent,
  type StreamState,
} from "./event-stream.ts";
import { startHostileServer, type HostileServer } from "./hostile-server.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Watched {
  server: HostileServer;
  stream: EventStream;
  events: StreamEvent[];
  states: StreamState[];
  stop: AbortController;
  /** Resolves with the first state or event that fits, past ones included. */
  until(fits: (seen: { events: StreamEvent[]; states: StreamState[] }) => boolean): Promise<void>;
}

async function watch(listener: RequestListener, changes: Partial<EventStreamOptions> = {}): Promise<Watched> {
  const server = await startHostileServer(listener);
  ends.push(() => server.stop());
  const stop = new AbortController();
  const events: StreamEvent[] = [];
  const states: StreamState[] = [];
  const waiting = new Set<() => void>();
  const look = () => waiting.forEach((check) => check());
  const stream = openEventStream({
    url: server.url,
    name: "bn1",
    topics: ["head", "block", "chain_reorg", "finalized_checkpoint", "block_gossip"],
    clock: systemClock,
    random: () => 0.5,
    signal: stop.signal,
    onEvent: (event) => (events.push(event), look()),
    onState: (state) => (states.push(state), look()),
    ...changes,
  });
  ends.push(async () => {
    stop.abort();
    await stream.ended;
  });
  const until: Watched["until"] = (fits) =>
    new Promise((resolve) => {
      const check = () => {
        if (!fits({ events, states })) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { server, stream, events, states, stop, until };
}

const sse = { "content-type": "text/event-stream" };

test("events come with topic, untouched data and time; comments, garbage and nameless events are dropped", async () => {
  const { events, until } = await watch((_, response) => {
    response.writeHead(200, sse);
    response.write(
      ':hello\n\n\u0000\u0001garbage\n\nevent: head\ndata: {"slot": "1"}\n\ndata: nameless\n\nevent: x\ndata: {not json\n\n',
    );
  });
  await until(({ events }) => events.length === 2);
  expect(events.map(({ topic, data }) => ({ topic, data }))).toEqual([
    { topic: "head", data: '{"slot": "1"}' },
    { topic: "x", data: "{not json" },
  ]);
  expect(events[0]?.receivedAt).toBeGreaterThan(1e12);
});

test("an event in many pieces, cut inside a character, is one event", async () => {
  const bytes = Buffer.from('event: head\ndata: {"graffiti":"日本"}\n\n');
  const { events, until } = await watch((_, response) => {
    response.writeHead(200, sse);
    let at = 0;
    const next = () => at < bytes.length && response.write(bytes.subarray(at, ++at), next);
    next();
  });
  await until(({ events }) => events.length === 1);
  expect(events[0]?.data).toBe('{"graffiti":"日本"}');
});

test("a node that refuses unknown topics is asked for fewer, at once, and in the other spelling last", async () => {
  const asked: string[] = [];
  const { states, until } = await watch((request, response) => {
    asked.push(request.url ?? "");
    const isComma = request.url?.includes(",") ?? false;
    if (!isComma) return void response.writeHead(400).end("{}");
    response.writeHead(200, sse);
    response.write(":\n\n");
  });
  await until(({ states }) => states.some((state) => state.kind === "open"));
  expect(asked).toEqual([
    "/eth/v1/events?topics=head&topics=block&topics=chain_reorg&topics=finalized_checkpoint&topics=block_gossip",
    "/eth/v1/events?topics=head&topics=block&topics=chain_reorg&topics=finalized_checkpoint",
    "/eth/v1/events?topics=head,block,chain_reorg,finalized_checkpoint",
  ]);
  expect(states.find((state) => state.kind === "open")).toEqual({
    kind: "open",
    topics: ["head", "block", "chain_reorg", "finalized_checkpoint"],
  });
  expect(states.some((state) => state.kind === "failed")).toBe(false);
});

test("a good stream that is reset is open again within 250 ms", async () => {
  let opened = 0;
  const openedAt: number[] = [];
  let brokenAt = 0;
  const { states, until } = await watch((request, response) => {
    openedAt.push(performance.now());
    response.writeHead(200, sse);
    response.write("event: head\ndata: {}\n\n", () => {
      if (++opened > 1) return;
      brokenAt = performance.now();
      request.socket.resetAndDestroy();
    });
  });
  await until(({ events }) => events.length === 2);
  expect((openedAt[1] ?? Infinity) - brokenAt).toBeLessThan(250);
  expect(states.map((state) => state.kind)).toEqual(["connecting", "open", "broken", "connecting", "open"]);
  expect(states[2]).toMatchObject({ failure: { kind: "reset" }, isAsked: false });
});

test("an endless event closes the connection at the byte bound, then the stream goes on", async () => {
  let connections = 0;
  const { states, until } = await watch(
    (_, response) => {
      response.writeHead(200, sse);
      if (++connections > 1) return void response.write("event: head\ndata: {}\n\n");
      const pour = () => {
        while (!response.destroyed && response.write("data: " + "x".repeat(8000)));
      };
      response.on("drain", pour);
      response.write("event: head\n");
      pour();
    },
    { maxEventBytes: 100_000 },
  );
  await until(({ events }) => events.length === 1);
  expect(states.find((state) => state.kind === "broken")).toMatchObject({ failure: { kind: "too-large" } });
});

test("a stream that falls silent is opened anew", async () => {
  const { states, until } = await watch(
    (_, response) => {
      response.writeHead(200, sse);
      response.write(":\n\n");
    },
    { silenceMs: 60 },
  );
  await until(({ states }) => states.filter((state) => state.kind === "open").length === 2);
  expect(states.find((state) => state.kind === "broken")).toMatchObject({ failure: { kind: "timeout" } });
});

test("a node that takes the connection and says nothing fails at the deadline, and is tried again later and later", async () => {
  const { states, until } = await watch(() => undefined, { openTimeoutMs: 30 });
  await until(({ states }) => states.filter((state) => state.kind === "failed").length === 3);
  const waits = states.flatMap((state) => (state.kind === "failed" ? [state.retryInMs] : []));
  expect(states.find((state) => state.kind === "failed")).toMatchObject({ failure: { kind: "timeout" } });
  expect(waits).toEqual([150, 300, 600]);
});

test("a page that is no event stream is a failure, not a stream", async () => {
  const { states, until } = await watch((_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
  );
  await until(({ states }) => states.some((state) => state.kind === "failed"));
  expect(states.find((state) => state.kind === "failed")).toMatchObject({ failure: { kind: "status", status: 200 } });
  expect(states.some((state) => state.kind === "open")).toBe(false);
});

test("reopen connects at once, says that it was asked, and leaves no connection behind", async () => {
  const { server, stream, states, stop, until } = await watch((_, response) => {
    response.writeHead(200, sse);
    response.write(":\n\n");
  });
  await until(({ states }) => states.some((state) => state.kind === "open"));
  stream.reopen("test");
  await until(({ states }) => states.filter((state) => state.kind === "open").length === 2);
  expect(states.find((state) => state.kind === "broken")).toMatchObject({ isAsked: true });
  stop.abort();
  await stream.ended;
  await server.allClosed();
  expect(server.openSockets).toBe(0);
});

test("reopen cuts a long wait short", async () => {
  let isUp = false;
  const { stream, until } = await watch(
    (request, response) => {
      if (!isUp) return void request.socket.resetAndDestroy();
      response.writeHead(200, sse);
      response.write(":\n\n");
    },
    { random: () => 0.99 },
  );
  await until(({ states }) => states.some((state) => state.kind === "failed" && state.retryInMs > 700));
  isUp = true;
  const at = performance.now();
  stream.reopen("the node answers again");
  await until(({ states }) => states.some((state) => state.kind === "open"));
  expect(performance.now() - at).toBeLessThan(500);
});
