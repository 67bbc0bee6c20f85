import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * How a stand-in behaves. `hang`: it takes nothing and never answers. `accept-then-drop`: it takes the message, and the
 * connection ends without an answer. `fail`: it takes nothing and answers with that status.
 */
export type StandInMode =
  { kind: "ok" } | { kind: "hang" } | { kind: "accept-then-drop" } | { kind: "fail"; status: number };

/** What a provider answers. `isAccepted`: it kept the message. */
export interface StandInAnswer {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

export interface StandInRequest {
  method: string;
  /** With its query. */
  url: URL;
  headers: IncomingMessage["headers"];
  text: string;
  /** The body as JSON, or an empty object. */
  json: Record<string, unknown>;
}

export interface ProviderStandIn {
  url: string;
  mode: StandInMode;
  stop(): Promise<void>;
}

/**
 * A local server in a provider's place, on a port of its own. `answer` judges what was asked and keeps what it accepts; the mode
 * decides what the client gets to see of that.
 */
export async function startProviderStandIn(
  answer: (request: StandInRequest) => StandInAnswer,
): Promise<ProviderStandIn> {
  const server = createServer((request, response) => void serve(request, response));
  const standIn: ProviderStandIn = {
    url: "",
    mode: { kind: "ok" },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { mode } = standIn;
    if (mode.kind === "hang") return;
    if (mode.kind === "fail") return void response.writeHead(mode.status).end("{}");
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const { status, headers, body } = answer({
      ...{ method: request.method ?? "", url, headers: request.headers, text, json: parse(text) },
    });
    if (mode.kind === "accept-then-drop") return void response.destroy();
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  standIn.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return standIn;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** At most `count` in any window of `perMs`; what is too much is refused with the seconds to wait, and does not count. */
export function createLimit(count: number, perMs: number): { take(): number | undefined } {
  let taken: number[] = [];
  return {
    take() {
      const now = performance.now();
      taken = taken.filter((at) => at + perMs > now);
      if (taken.length < count) {
        taken.push(now);
        return undefined;
      }
      return Math.max(1, Math.ceil(((taken[0] ?? now) + perMs - now) / 1_000));
    },
  };
}

/** One limit for each key, made when it is first met. */
export function createLimits(count: number, perMs: number): { take(key: string): number | undefined } {
  const limits = new Map<string, ReturnType<typeof createLimit>>();
  return {
    take(key) {
      const limit = limits.get(key) ?? createLimit(count, perMs);
      limits.set(key, limit);
      return limit.take();
    },
  };
}
