import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sendJson } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

let under: TestGateway;
let waiting: ServerResponse[];
beforeEach(async () => {
  waiting = [];
  under = await startTestGateway({ nodes: [(_request, response) => void waiting.push(response)] });
});
afterEach(() => under.stop());

const request = (root: string) => `GET /eth/v1/beacon/blocks/${root}/root HTTP/1.1\r\nHost: a\r\n\r\n`;
const [first, second] = [request(`0x${"11".repeat(32)}`), request(`0x${"22".repeat(32)}`)];

/** Answers what the node was asked, when it has been asked so much. */
async function answer(count: number): Promise<void> {
  await expect.poll(() => waiting.length).toBe(count);
  for (const response of waiting.splice(0)) sendJson(response, { data: {} });
}

async function open(text: string) {
  const socket = connect(under.gateway.address.port, "127.0.0.1");
  let received = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (received += chunk));
  socket.write(text);
  const closed = once(socket, "close");
  return {
    socket,
    closed,
    connections: () => [...received.matchAll(/^connection: (\S+)\r$/gim)].map((match) => match[1]),
  };
}

test("a gateway that leaves ends a connection with the last answer that is under way on it, not with an earlier one", async () => {
  const { closed, connections } = await open(first + second);
  await expect.poll(() => waiting.length).toBe(2);
  const drained = under.gateway.drain();
  await answer(2);
  await closed;
  expect(connections()).toEqual(["keep-alive", "close"]);
  await drained;
});

test("a request that comes behind one under way, while it leaves, is answered too", async () => {
  const { socket, closed, connections } = await open(first);
  await expect.poll(() => waiting.length).toBe(1);
  const drained = under.gateway.drain();
  socket.write(second);
  await answer(2);
  await closed;
  expect(connections()).toEqual(["keep-alive", "close"]);
  await drained;
});
