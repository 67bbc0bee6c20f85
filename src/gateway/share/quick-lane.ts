import type { Socket } from "node:net";
import type { ClientIdentity } from "../clients/client-book.ts";
import { currentSlot, type GroupContext } from "../context.ts";
import { routeRow, type RouteCounters } from "../counters.ts";
import type { ClientSocket, Exchange } from "../exchange.ts";
import { readFraming } from "./framing.ts";
import type { SharedAnswer } from "./shared-answer.ts";

/**
 * Answers a request from memory without parsing it, when its bytes are those of one that the HTTP server has just served
 * on the same terms. Serving this way costs a third of what the HTTP server costs; whatever is the least out of the
 * ordinary goes there.
 */
export interface QuickLane {
  /** Stands between a connection and the HTTP server, which has taken it over already. */
  attach(client: ClientSocket): void;
  /** Forgets all requests and whom they were served to: the rules for clients have changed. */
  reset(): void;
  /** From now on the HTTP server answers everything. */
  close(): void;
}

interface Known {
  answer: SharedAnswer;
  row: RouteCounters;
  /** Value of `Authorization` in the request, and what its sender may ask. */
  authorization: string | undefined;
  resolve: ClientIdentity["resolve"];
  before: string;
  after: string;
}

/** What the lane knows of one connection. */
export interface ClientLane {
  /** Bytes of the request that the HTTP server is reading, where they could be answered from memory next time. */
  raw: string | undefined;
  /** Was a shared answer served on it, under the present rules? */
  admittedIn: number;
  authorization: string | undefined;
  /** The request on it was answered with a kept answer: the next one with the same bytes may be too. */
  served(exchange: Exchange, answer: SharedAnswer, isPacked: boolean): void;
}

/** Requests longer than this are not remembered, and not more than so many: each goes with its answer. */
const longestRequest = 1_024;
const mostRequests = 4_096;
/** Longer answers are written as buffers by the HTTP server. */
const longestAnswer = 16_384;

const [letterG, newline] = [0x47, 0x0a];

export function createQuickLane(context: GroupContext, isUsable: (answer: SharedAnswer) => boolean): QuickLane {
  const { counters, settings } = context;
  const known = new Map<string, Known>();
  const idBase = `${Math.floor(context.random() * 0xffffffff).toString(36)}-q`;
  let lastId = 0;
  let rules = 1;
  let isClosed = false;

  function answerQuickly(socket: Socket, client: ClientSocket, hit: Known): void {
    const requestId = idBase + (++lastId).toString(36);
    socket.write(`${hit.before}${requestId}${hit.after}`, "latin1");
    const { answer, row } = hit;
    answer.isUsed = true;
    counters.total++;
    counters.shared.hit++;
    client.identity.tally.requests++;
    row.ok++;
    row.buckets[0] = (row.buckets[0] as number) + 1;
    if (answer.route.isDuty) leaveEvidence(client, answer, requestId);
  }

  function leaveEvidence({ identity }: ClientSocket, { route, status, node, asked }: SharedAnswer, id: string): void {
    context.evidence.push({
      at: context.clock.now(),
      slot: currentSlot(context),
      group: context.name,
      client: identity.name,
      requestId: id,
      method: route.method,
      route: route.path,
      policy: route.policy,
      status,
      durationMs: 0,
      node,
      headRoot: context.upstream.view().head?.root,
      answers: asked ?? [],
      shared: "hit",
    });
  }

  /** The answer up to the request id, and behind it; `undefined` where it is too large for one string. */
  function answerText(answer: SharedAnswer, isPacked: boolean): { before: string; after: string } | undefined {
    const body = isPacked ? answer.packed : answer.body;
    if (!body || body.length > longestAnswer || answer.status !== 200 || !answer.hasDate) return undefined;
    const lines = ["HTTP/1.1 200 OK"];
    for (let i = 0; i + 1 < answer.headers.length; i += 2) lines.push(`${answer.headers[i]}: ${answer.headers[i + 1]}`);
    if (isPacked) lines.push("content-encoding: gzip");
    lines.push(`content-length: ${body.length}`, "Connection: keep-alive");
    lines.push(`Keep-Alive: timeout=${Math.floor(settings.keepAliveMs / 1000)}`, "x-request-id: ");
    return { before: lines.join("\r\n"), after: `\r\n\r\n${body.toString("latin1")}` };
  }

  function remember(exchange: Exchange, answer: SharedAnswer, isPacked: boolean): void {
    const { lane } = exchange.client;
    const raw = lane?.raw;
    if (!lane || isClosed) return;
    lane.raw = undefined;
    lane.admittedIn = rules;
    lane.authorization = exchange.req.headers.authorization;
    if (raw === undefined || !isOrdinary(exchange)) return;
    const text = answerText(answer, isPacked);
    if (text === undefined) return;
    if (known.has(raw)) return;
    if (known.size >= mostRequests) return;
    const row = routeRow(counters, answer.route);
    answer.onGrown?.(raw.length + text.after.length);
    answer.whenDropped(() => known.delete(raw));
    known.set(raw, { answer, row, authorization: lane.authorization, resolve: exchange.identity.resolve, ...text });
  }

  return {
    attach(client) {
      const { socket } = client;
      const listeners = socket.listeners("data");
      const [toServer] = listeners;
      // As the HTTP server of this Node takes a connection. If it ever does so otherwise, it serves alone.
      if (listeners.length !== 1 || typeof toServer !== "function") return;
      const lane: ClientLane = { raw: undefined, admittedIn: 0, authorization: undefined, served: remember };
      client.lane = lane;
      /** Bytes of a request's body that are still to come; -1: this connection is the HTTP server's alone. */
      let remaining = 0;
      const pass = (chunk: Buffer): void => (toServer as (this: Socket, data: Buffer) => void).call(socket, chunk);
      socket.removeListener("data", toServer as (chunk: Buffer) => void);
      socket.on("data", (chunk: Buffer) => {
        if (remaining !== 0) {
          if (remaining > 0) remaining = Math.max(-1, remaining - chunk.length);
          return pass(chunk);
        }
        lane.raw = undefined;
        if (isClosed || client.active.length > 0) {
          remaining = -1;
          return pass(chunk);
        }
        const { length } = chunk;
        if (length <= longestRequest && chunk[0] === letterG && chunk[length - 1] === newline) {
          const text = chunk.toString("latin1");
          if (text.indexOf("\r\n\r\n") === length - 4) {
            const hit = known.get(text);
            if (
              hit !== undefined &&
              lane.admittedIn === rules &&
              lane.authorization === hit.authorization &&
              client.identity.resolve === hit.resolve &&
              socket.writableLength === 0 &&
              isUsable(hit.answer)
            )
              return answerQuickly(socket, client, hit);
            lane.raw = text;
          }
        }
        remaining = lane.raw === undefined ? readFraming(chunk) : 0;
        pass(chunk);
      });
    },

    reset() {
      rules++;
      known.clear();
    },
    close() {
      isClosed = true;
      known.clear();
    },
  };
}

/** Would the same bytes get the same answer again, and nothing else but that? */
function isOrdinary({ req, res, isHead }: Exchange): boolean {
  const { expect, upgrade, "x-request-id": requestId, "content-length": length } = req.headers;
  if (isHead || !res.shouldKeepAlive || req.httpVersion !== "1.1") return false;
  if (expect !== undefined || upgrade !== undefined || requestId !== undefined) return false;
  return length === undefined && req.headers["transfer-encoding"] === undefined;
}
