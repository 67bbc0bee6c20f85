import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { failedRequests, startShim, switchMs, type SeenRequest } from "./shim.ts";

const seen = (route: string, startedAt: number, endedAt: number, status: number): SeenRequest => ({
  route,
  startedAt,
  endedAt,
  status,
  problem: "",
  target: "",
  accept: "",
  requestBytes: 0,
  answerBytes: 0,
  given: "",
});

it("passes requests through and writes down their route, status and problem", async () => {
  const server = createServer((request, response) =>
    request.url === "/eth/v1/node/version" ? response.end("{}") : response.writeHead(503).end("no node is ready"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const shim = await startShim(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    await (await fetch(`${shim.url}/eth/v1/node/version`)).text();
    await (await fetch(`${shim.url}/eth/v1/validator/duties/proposer/17`)).text();
    expect(shim.seen.map(({ route, status }) => [route, status])).toEqual([
      ["GET /eth/v1/node/version", 200],
      ["GET /eth/v1/validator/duties/proposer/{}", 503],
    ]);
    expect(failedRequests(shim.seen).map(({ problem }) => problem)).toEqual(["no node is ready"]);
  } finally {
    await shim.stop();
    server.closeAllConnections();
    server.close();
  }
});

it("counts a broken connection as a failed request", async () => {
  const shim = await startShim("http://127.0.0.1:1");
  try {
    await expect(fetch(`${shim.url}/eth/v1/node/version`)).rejects.toThrow();
    expect(failedRequests(shim.seen)).toHaveLength(1);
  } finally {
    await shim.stop();
  }
});

it("measures the switch from the first request that the failure touched to the first good answer", () => {
  const requests = [
    seen("GET /a", 900, 950, 200),
    seen("GET /a", 990, 1400, 0),
    seen("GET /a", 1450, 1600, 200),
    seen("GET /b", 1100, 1120, 200),
    seen("GET /eth/v3/validator/blocks/{}", 1000, 4000, 200),
  ];
  expect(switchMs(requests, 1000, 5000)).toBe(600);
});
