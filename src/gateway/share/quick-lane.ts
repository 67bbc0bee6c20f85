import type { Socket } from "node:net";
import type { GroupContext } from "../context.ts";
import type { ClientSocket, Exchange } from "../exchange.ts";
import { acceptsGzip } from "../http/accepts-gzip.ts";
import { acceptedForm, type AnswerForm } from "./accepted-form.ts";
import type { Sharing } from "./create-sharing.ts";
import { readFraming } from "./framing.ts";
import { LaneRequest } from "./lane-request.ts";

/**
 * Answers requests on shared routes without the HTTP server, at a third of its cost: those whose headers are, byte for
 * byte, the ones of a request that the HTTP server has served on the same connection, and whose answer is in memory or
 * on its way. Whatever is the least out of the ordinary goes to the HTTP server.
 */
export interface QuickLane {
  /** Stands between a connection and the HTTP server, which has taken it over already. */
  attach(client: ClientSocket): void;
  /** Forgets whom it served: the rules for clients have changed. */
  reset(): void;
  /** From now on the HTTP server answers everything. */
  close(): void;
}

/** What a block of headers asks for; read by the HTTP server once. */
export interface HeaderBlock {
  form: AnswerForm;
  wantsGzip: boolean;
  authorization: string | undefined;
}

/** What the lane knows of one connection. */
export interface ClientLane {
  /** Headers of the request that the HTTP server is reading, if another with the same ones could be answered here. */
  block: string | undefined;
  /** Under which rules a shared answer was served on it; and to whom. */
  admittedIn: number;
  authorization: string | undefined;
  /** A request that waits for another's call. */
  waiting: LaneRequest | undefined;
  /** When the request that the HTTP server is about to read arrived, if that was earlier. */
  arrivedAt: number | undefined;
  /** Hands bytes to the HTTP server. */
  pass(chunk: Buffer): void;
  /** A request was served a shared answer: others with its headers may be served here. */
  served(exchange: Exchange): void;
}

/** Longer requests are the HTTP server's; so are those of the headers beyond so many spellings. */
const longestRequest = 2_048;
const mostBlocks = 1_024;

const [letterG, newline] = [0x47, 0x0a];
/** What HTTP allows in a request target; the HTTP server would refuse anything else. */
const plainTarget = /^\/[\x21-\x7e]*$/;

export function createQuickLane(context: GroupContext, sharing: () => Sharing): QuickLane {
  const blocks = new Map<string, HeaderBlock>();
  const ids = { base: `${Math.floor(context.random() * 0xffffffff).toString(36)}-q`, last: 0 };
  let rules = 1;
  let isClosed = false;

  function served(this: ClientLane, exchange: Exchange): void {
    const { block } = this;
    this.block = undefined;
    if (isClosed) return;
    this.admittedIn = rules;
    this.authorization = exchange.req.headers.authorization;
    if (block === undefined || blocks.size >= mostBlocks || blocks.has(block) || !isOrdinary(exchange)) return;
    const { accept, "accept-encoding": encoding } = exchange.req.headers;
    const form = acceptedForm(accept);
    if (form !== undefined)
      blocks.set(block, { form, wantsGzip: acceptsGzip(encoding), authorization: this.authorization });
  }

  /** Is the request answered, or will it be? */
  function mayServe(client: ClientSocket, lane: ClientLane, chunk: Buffer, text: string): boolean {
    const line = text.indexOf("\r\n");
    if (!text.startsWith("GET ") || !text.startsWith(" HTTP/1.1", line - 9)) return false;
    const name = text.slice(line);
    lane.block = name;
    if (lane.admittedIn !== rules || client.socket.writableLength > 0) return false;
    const block = blocks.get(name);
    if (block === undefined || block.authorization !== lane.authorization) return false;
    const target = text.slice(4, line - 9);
    if (!plainTarget.test(target)) return false;
    const query = target.indexOf("?");
    const match = client.identity.resolve("GET", query === -1 ? target : target.slice(0, query));
    if ("reason" in match || match.route.share === undefined) return false;
    const found = sharing().find(match.route, match.param, target, block.form);
    if (!found) return false;
    const request = new LaneRequest(context, client, lane, match.route, chunk, block.wantsGzip, ids);
    if (found.kind === "kept") request.replyShared(found.answer, "hit");
    else {
      lane.waiting = request;
      found.call.join(request);
    }
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
        arrivedAt: undefined,
        pass: (chunk) => (toServer as (this: Socket, data: Buffer) => void).call(socket, chunk),
        served,
      };
      client.lane = lane;
      /** Bytes of a request's body that are still to come; -1: this connection is the HTTP server's alone. */
      let remaining = 0;
      socket.removeListener("data", toServer as (chunk: Buffer) => void);
      socket.on("data", (chunk: Buffer) => {
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
        const { length } = chunk;
        if (length <= longestRequest && chunk[0] === letterG && chunk[length - 1] === newline) {
          const text = chunk.toString("latin1");
          if (text.indexOf("\r\n\r\n") === length - 4 && mayServe(client, lane, chunk, text)) return;
        }
        remaining = readFraming(chunk);
        if (remaining !== 0) lane.block = undefined;
        lane.pass(chunk);
      });
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

/** Would another request with these headers mean nothing else but its path? */
function isOrdinary({ req, res, isHead }: Exchange): boolean {
  const { expect, upgrade, "x-request-id": requestId, "content-length": length } = req.headers;
  if (isHead || !res.shouldKeepAlive || req.httpVersion !== "1.1") return false;
  if (expect !== undefined || upgrade !== undefined || requestId !== undefined) return false;
  return length === undefined && req.headers["transfer-encoding"] === undefined;
}
