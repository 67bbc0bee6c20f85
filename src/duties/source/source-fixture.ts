import type { IncomingMessage, ServerResponse } from "node:http";
import { startHostileServer, type HostileServer } from "../../beacon/hostile-server.ts";
import { readBlockSizes } from "../../beacon/ssz/block-sizes.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLogger } from "../../lib/log.ts";
import { createHttpDutySource } from "./create-http-duty-source.ts";
import type { HttpDutySource, HttpDutySourceOptions } from "./types.ts";

/** For tests: a node that answers what the test says, and notes what it was asked. */
export interface ScriptedDutyNode {
  /** `GET /path?query`, oldest first. */
  readonly asked: string[];
  /** Bodies of POSTs, parsed. */
  readonly bodies: unknown[];
}

export interface ScriptedAnswer {
  status?: number;
  /** Sent as JSON unless it is bytes. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

export type Script = (call: { method: string; path: string; query: URLSearchParams; body: unknown }) => ScriptedAnswer;

export const spec: HttpDutySourceOptions["spec"] = {
  slotsPerEpoch: 8,
  slotDurationMs: 12_000,
  forks: [{ name: "capella", version: "0x00000000", epoch: 0 }],
};

/** Starts a node for each script, and a source that prefers the first; `end` stops all. */
export async function startScripted(
  scripts: readonly Script[],
  options: Partial<HttpDutySourceOptions> = {},
): Promise<{ source: HttpDutySource; nodes: readonly ScriptedDutyNode[]; end(): Promise<void> }> {
  const servers: HostileServer[] = [];
  const nodes: ScriptedDutyNode[] = [];
  for (const script of scripts) {
    const node: ScriptedDutyNode = { asked: [], bodies: [] };
    servers.push(await startHostileServer((request, response) => void answer(request, response, script, node)));
    nodes.push(node);
  }
  const source = createHttpDutySource({
    nodes: servers.map(({ url }, i) => ({ name: `bn${i + 1}`, url })),
    clock: systemClock,
    spec,
    sizes: readBlockSizes({}),
    log: silentLogger,
    ...options,
  });
  return {
    source,
    nodes,
    async end() {
      await source.close();
      for (const server of servers) await server.stop();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  script: Script,
  node: ScriptedDutyNode,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  const { pathname: path, searchParams: query, search } = new URL(request.url ?? "/", "http://node");
  node.asked.push(`${request.method} ${path}${search}`);
  if (body !== undefined) node.bodies.push(body);
  const reply = script({ method: request.method ?? "GET", path, query, body });
  const isBytes = Buffer.isBuffer(reply.body);
  response.writeHead(reply.status ?? 200, {
    "content-type": isBytes ? "application/octet-stream" : "application/json",
    ...reply.headers,
  });
  response.end(isBytes ? reply.body : JSON.stringify(reply.body ?? { code: reply.status, message: "no" }));
}
