import type { ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, vi } from "vitest";
import type { GatewaySettings } from "../settings.ts";
import { sendJson, type FakeNode } from "./fake-node.ts";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";

/** A gateway with one node for tests of the quick lane, and the connections that they open to it. */
export function createLaneBed() {
  let under: TestGateway | undefined;
  const open: Socket[] = [];
  return {
    async start(settings: Partial<GatewaySettings> = {}, answer?: FakeNode["answer"]): Promise<TestGateway> {
      const plain: FakeNode["answer"] = ({ method }, response) =>
        method === "POST" ? sendJson(response, {}) : sendJson(response, { data: { root: "0xaa" } });
      under = await startTestGateway({ nodes: [answer ?? plain], settings });
      return under;
    },
    connection(gateway: TestGateway) {
      const one = connection(gateway);
      open.push(one.socket);
      return one;
    },
    async stop(): Promise<void> {
      for (const socket of open.splice(0)) socket.destroy();
      await under?.stop();
      under = undefined;
    },
  };
}

/** One kept-alive connection; `send` resolves with the next whole answer. */
function connection(gateway: TestGateway): { send(...parts: string[]): Promise<string>; socket: Socket } {
  const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1");
  socket.setNoDelay(true);
  let text = "";
  let onAnswer: (() => void) | undefined;
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
    onAnswer?.();
  });
  socket.on("error", () => onAnswer?.());
  socket.on("close", () => onAnswer?.());
  return {
    socket,
    async send(...parts) {
      for (const [index, part] of parts.entries()) {
        if (index > 0) await new Promise((resolve) => setImmediate(resolve));
        await new Promise<void>((resolve) => socket.write(part, "latin1", () => resolve()));
      }
      return new Promise((resolve) => {
        onAnswer = () => {
          const head = text.indexOf("\r\n\r\n");
          const length = /content-length: (\d+)/i.exec(text)?.[1];
          const end = head + 4 + Number(length ?? 0);
          if (!socket.destroyed && (head === -1 || text.length < end)) return;
          onAnswer = undefined;
          const answer = text.slice(0, end);
          text = text.slice(end);
          resolve(answer);
        };
        onAnswer();
      });
    },
  };
}

export const headRoot = "GET /eth/v1/beacon/blocks/head/root HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n";
export const bodyOf = (answer: string) => answer.slice(answer.indexOf("\r\n\r\n") + 4);
export const headersOf = (answer: string) =>
  new Map(
    answer
      .slice(0, answer.indexOf("\r\n\r\n"))
      .split("\r\n")
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)] as const),
  );
export const requestId = (answer: string) => headersOf(answer).get("x-request-id") ?? "";
/** Only answers that did not go through the HTTP server have such ids. */
export const isQuick = (answer: string) => /-q[0-9a-z]+$/.test(requestId(answer));

/** A node that answers the first request at once, and the others when the test says so. */
export function patientNode() {
  const waiting: ServerResponse[] = [];
  let isFirst = true;
  const answer: FakeNode["answer"] = (_q, response) => {
    if (isFirst) sendJson(response, { data: 0 });
    else waiting.push(response);
    isFirst = false;
  };
  return { answer, waiting, asked: (count: number) => vi.waitFor(() => expect(waiting).toHaveLength(count)) };
}

export const inFlight = (gateway: TestGateway, count: number) =>
  vi.waitFor(() => expect(gateway.gateway.stats().inFlight).toBe(count));
