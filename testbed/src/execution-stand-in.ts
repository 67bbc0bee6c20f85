import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ExecutionMode, SeenPayload } from "./devnet-types.ts";
import { answerRpc, newExecutionChain } from "./execution-methods.ts";
import type { RpcCall } from "./execution-methods.ts";

/** Stand-in of the execution clients of all nodes: one loopback server, one path `/NAME` per node. */
export type ExecutionStandIn = {
  readonly url: string;
  mode(nodeName: string): ExecutionMode;
  setMode(nodeName: string, mode: ExecutionMode): void;
  payloads(): SeenPayload[];
  close(): Promise<void>;
};

export async function startExecutionStandIn(): Promise<ExecutionStandIn> {
  const chain = newExecutionChain();
  const modes = new Map<string, ExecutionMode>();
  const modeOf = (name: string): ExecutionMode => modes.get(name) ?? "valid";

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = (request.url ?? "").split("/")[1] ?? "";
    const calls = await readCalls(request);
    const mode = modeOf(name);
    // A hanging client keeps the connection open; `close` ends it.
    if (mode === "hang") return;
    if (mode === "error") return void response.writeHead(500).end();
    const isSyncing = mode === "syncing";
    const body = Array.isArray(calls)
      ? calls.map((call) => answerRpc(chain, call, isSyncing, name))
      : answerRpc(chain, calls, isSyncing, name);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: modeOf,
    setMode: (name, mode) => void modes.set(name, mode),
    payloads: () => [...chain.payloads.values()],
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readCalls(request: IncomingMessage): Promise<RpcCall | RpcCall[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const parsed = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Partial<RpcCall> | Partial<RpcCall>[];
  const complete = (call: Partial<RpcCall>): RpcCall => ({
    id: call.id ?? null,
    method: call.method ?? "",
    params: call.params ?? [],
  });
  return Array.isArray(parsed) ? parsed.map(complete) : complete(parsed);
}
