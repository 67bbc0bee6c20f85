import type { IncomingMessage, ServerResponse } from "node:http";
import { createEventCutter } from "./event-cutter.ts";
import type { ForwardContext } from "./forward.ts";
import { isGone, whileHanging } from "./hanging.ts";
import type { Exchange } from "./types.ts";

/** Dripping wakes this often. */
const dripsPerSecond = 10;

/**
 * Moves the body to the client with backpressure, through whatever fault is at work for each chunk: a fault may begin
 * and end in the middle of a body. Rejects when the target cuts its answer short.
 */
export async function pumpBody(exchange: Exchange, response: IncomingMessage, context: ForwardContext): Promise<void> {
  const { res, req } = exchange;
  const isEvents = /^text\/event-stream\b/i.test(response.headers["content-type"] ?? "");
  if (isEvents) context.links.addStream(req.socket);
  const length = Number(response.headers["content-length"] ?? Infinity);
  const cutter = isEvents ? createEventCutter() : undefined;
  let sent = 0;
  for await (const received of response as AsyncIterable<Buffer>) {
    await whileHanging(exchange, context.active);
    if (isGone(exchange)) return;
    const fault = context.active.value;
    const chunk = cutter ? cutter.push(received, fault?.event) : received;
    if (chunk.length === 0) continue;
    const room = Math.min(fault?.resetAfterBytes ?? Infinity, fault?.resetAfterBytes ? length / 2 : Infinity) - sent;
    if (room < chunk.length) {
      await write(res, chunk.subarray(0, Math.max(0, Math.floor(room))));
      return void req.socket.resetAndDestroy();
    }
    await drip(exchange, chunk, context);
    sent += chunk.length;
  }
  await whileHanging(exchange, context.active);
  if (context.active.value?.resetAfterBytes !== undefined) return void req.socket.resetAndDestroy();
  res.end();
}

/** Writes a chunk at the fault's speed; what is left goes at once when the fault ends. */
async function drip(exchange: Exchange, chunk: Buffer, context: ForwardContext): Promise<void> {
  const { res } = exchange;
  let rest = chunk;
  for (;;) {
    const speed = context.active.value?.bytesPerSecond;
    if (speed === undefined || isGone(exchange)) break;
    const piece = Math.max(1, Math.floor(speed / dripsPerSecond));
    if (rest.length <= piece) break;
    await write(res, rest.subarray(0, piece));
    rest = rest.subarray(piece);
    await context.clock.sleep((piece / speed) * 1000, AbortSignal.any([context.active.replaced, closeSignal(res)]));
  }
  await write(res, rest);
}

/** Resolves when the client has room again or has gone. */
function write(res: ServerResponse, chunk: Buffer): Promise<void> | void {
  if (res.destroyed || chunk.length === 0 || res.write(chunk)) return;
  return new Promise((resolve) => {
    const finish = () => {
      res.off("drain", finish);
      res.off("close", finish);
      resolve();
    };
    res.once("drain", finish);
    res.once("close", finish);
  });
}

const closeSignals = new WeakMap<ServerResponse, AbortSignal>();

/** Aborts when the client has gone. */
export function closeSignal(res: ServerResponse): AbortSignal {
  const known = closeSignals.get(res);
  if (known) return known;
  const controller = new AbortController();
  res.once("close", () => controller.abort());
  closeSignals.set(res, controller.signal);
  return controller.signal;
}
