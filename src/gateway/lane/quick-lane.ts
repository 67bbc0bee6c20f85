import type { Socket } from "node:net";
import type { GroupContext } from "../context.ts";
import type { ClientSocket } from "../client-connection.ts";
import { Exchange } from "../exchange.ts";
import { admit } from "../http/admit.ts";
import type { Sharing } from "../share/create-sharing.ts";
import { readFraming } from "./framing.ts";
import { blockOf, isTaken, type HeaderBlock } from "./header-block.ts";
import { LaneRequest } from "./lane-request.ts";
import { LaneResponse } from "./lane-response.ts";
import { readHead, type QuickHead } from "./read-head.ts";

/**
 * Takes requests without the HTTP server, at a third of its cost: those whose headers are, byte for byte, the ones of a
 * request that the HTTP server has admitted on the same connection, and that came in one piece. Answers that are in memory
 * or on their way go out from here; publishes and questions to all nodes are served as any other. Whatever is the least out
 * of the ordinary goes to the HTTP server.
 */
export interface QuickLane {
  /** Stands between a connection and the HTTP server, which has taken it over already. */
  attach(client: ClientSocket): void;
  /** Forgets whom it served: the rules for clients have changed. */
  reset(): void;
  /** From now on the HTTP server answers everything. */
  close(): void;
}

/** What the lane knows of one connection. */
export interface ClientLane {
  /** Headers of the request that the HTTP server is reading, if another with the same ones could be taken here. */
  block: string | undefined;
  /** Under which rules a request was admitted on it; and whose. */
  admittedIn: number;
  authorization: string | undefined;
  /** A request that waits for another's call. */
  waiting: LaneRequest | undefined;
  /** A request that was taken here is being served: what comes behind it is held until its answer is out. */
  isServing: boolean;
  /** When the request that the HTTP server is about to read arrived, if that was earlier. */
  arrivedAt: number | undefined;
  /** Hands bytes to the HTTP server. */
  pass(chunk: Buffer): void;
  /** The request that was taken here has its answer. */
  served(): void;
  /** The HTTP server has admitted a request: others with its headers may be taken here. */
  admitted(exchange: Exchange): void;
}

export interface QuickLaneParts {
  context: GroupContext;
  sharing: () => Sharing;
  /** Serves an exchange as the HTTP server's are served: its body is there. */
  serve: (exchange: Exchange) => void;
}

/** Headers beyond so many spellings are the HTTP server's. */
const mostBlocks = 1_024;

export function createQuickLane({ context, sharing, serve }: QuickLaneParts): QuickLane {
  const { clock, settings, memory } = context;
  const blocks = new Map<string, HeaderBlock>();
  const ids = { base: `${Math.floor(context.random() * 0xffffffff).toString(36)}-q`, last: 0 };
  let rules = 1;
  let isClosed = false;

  function admitted(this: ClientLane, exchange: Exchange): void {
    const { block } = this;
    this.block = undefined;
    if (isClosed) return;
    this.admittedIn = rules;
    this.authorization = exchange.req.headers.authorization;
    if (block === undefined || blocks.size >= mostBlocks || blocks.has(block)) return;
    const known = blockOf(exchange);
    if (known) blocks.set(block, known);
  }

  /** Is the request answered, or will it be? */
  function mayTake(client: ClientSocket, lane: ClientLane, chunk: Buffer, head: QuickHead): boolean {
    if (lane.admittedIn !== rules || client.socket.writableLength > 0) return false;
    const block = blocks.get(head.block);
    if (block === undefined || block.authorization !== lane.authorization) return false;
    return head.method === "GET" ? mayAnswer(client, lane, chunk, head, block) : mayServe(client, lane, head, block);
  }

  function mayAnswer(
    client: ClientSocket,
    lane: ClientLane,
    chunk: Buffer,
    head: QuickHead,
    block: HeaderBlock,
  ): boolean {
    const { target } = head;
    const query = target.indexOf("?");
    const match = client.identity.resolve("GET", query === -1 ? target : target.slice(0, query));
    if ("reason" in match) return false;
    const { route, param } = match;
    if (isTaken(route)) return mayServe(client, lane, head, block);
    if (route.share === undefined || block.form === undefined) return false;
    const found = sharing().find(route, param, target, block.form);
    if (!found) return false;
    const request = new LaneRequest(context, client, lane, route, chunk, block.wantsGzip, ids);
    if (found.kind === "kept") request.replyShared(found.answer, "hit");
    else {
      lane.waiting = request;
      found.call.join(request);
    }
    return true;
  }

  function mayServe(client: ClientSocket, lane: ClientLane, head: QuickHead, block: HeaderBlock): boolean {
    const { socket, identity } = client;
    if (memory.isFull) return false;
    const requestId = ids.base + (++ids.last).toString(36);
    const { method, target, body } = head;
    const headers = {
      forward: [...block.forward, "x-request-id", requestId],
      requestId,
      authorization: block.authorization,
      contentEncoding: "",
      contentLength: body === null ? -1 : body.length,
      hasBody: body !== null,
      refusal: undefined,
    };
    const request = { method, url: target, headers: block.headers, httpVersionMinor: 1, socket };
    const admission = admit(request, headers, identity.resolve, settings);
    if (admission.kind === "refused" || !isTaken(admission.match.route)) return false;
    identity.tally.requests++;
    lane.isServing = true;
    const response = new LaneResponse(socket, clock, settings.keepAliveMs, () => lane.served());
    const exchange = new Exchange(context, request, response, client, admission.match, headers);
    exchange.body = body;
    if (body) {
      memory.take(body.length);
      exchange.heldBytes = body.length;
    }
    serve(exchange);
    return true;
  }

  return {
    attach(client) {
      const { socket } = client;
      const listeners = socket.listeners("data");
      const [toServer] = listeners;
      // As the HTTP server of this Node takes a connection. If it ever does so otherwise, it serves alone.
      if (listeners.length !== 1 || typeof toServer !== "function") return;
      const lane: ClientLane = {
        block: undefined,
        admittedIn: 0,
        authorization: undefined,
        waiting: undefined,
        isServing: false,
        arrivedAt: undefined,
        pass: (chunk) => (toServer as (this: Socket, data: Buffer) => void).call(socket, chunk),
        served() {
          // What is held is taken when whoever has answered is done with the exchange.
          if (held) clock.soon(takeHeld);
          else lane.isServing = false;
        },
        admitted,
      };
      client.lane = lane;
      /** Bytes of a request's body that are still to come; -1: this connection is the HTTP server's alone. */
      let remaining = 0;
      /** What came behind a request that is being served here. */
      let held: Buffer[] | undefined;

      function takeHeld(): void {
        const chunks = held ?? [];
        held = undefined;
        lane.isServing = false;
        if (socket.destroyed) return;
        socket.resume();
        for (const chunk of chunks) take(chunk);
      }

      function take(chunk: Buffer): void {
        if (lane.isServing) {
          socket.pause();
          return void (held ??= []).push(chunk);
        }
        if (remaining !== 0) {
          if (remaining > 0) remaining = Math.max(-1, remaining - chunk.length);
          return lane.pass(chunk);
        }
        lane.block = undefined;
        if (isClosed || lane.waiting || client.active.length > 0) {
          // Sent behind a request without waiting for its answer: the HTTP server knows how to keep these in order.
          remaining = -1;
          lane.waiting?.startOver();
          return lane.pass(chunk);
        }
        const head = readHead(chunk);
        if (head) {
          if (mayTake(client, lane, chunk, head)) return;
          lane.block = head.block;
        }
        remaining = readFraming(chunk);
        if (remaining !== 0) lane.block = undefined;
        lane.pass(chunk);
      }

      socket.removeListener("data", toServer as (chunk: Buffer) => void);
      socket.on("data", take);
    },

    reset() {
      rules++;
      blocks.clear();
    },
    close() {
      isClosed = true;
      blocks.clear();
    },
  };
}
