import type { ClientRequest, IncomingMessage } from "node:http";
import type { Clock } from "../lib/clock.ts";
import { isGone, whileHanging } from "./hanging.ts";
import type { Links } from "./links.ts";
import { closeSignal, pumpBody } from "./pump.ts";
import type { Replacer } from "./replacer.ts";
import { acceptsJson } from "./accepts-json.ts";
import { replyError } from "./reply.ts";
import { sendRewritten } from "./rewrite.ts";
import type { Target } from "./target.ts";
import type { ActiveFault, Exchange, Rewrite } from "./types.ts";

export interface ForwardContext {
  target: Target;
  links: Links;
  active: Replacer<ActiveFault | undefined>;
  clock: Clock;
}

/** Takes one request to the target and its answer back, through whatever fault is at work. Never rejects. */
export async function forward(exchange: Exchange, context: ForwardContext): Promise<void> {
  const { req, res } = exchange;
  req.on("error", () => undefined);
  res.on("error", () => undefined);
  context.links.begin(req.socket);
  try {
    await whileHanging(exchange, context.active);
    if (isGone(exchange)) return;
    const fault = context.active.value;
    if (fault?.resetAfterBytes === -1) return void req.socket.resetAndDestroy();
    if (fault?.answer?.(exchange)) return void req.resume();
    const rewrite = fault?.rewrite?.(exchange);
    // Changed answers are JSON. A client that takes nothing else is told so, as by a node without SSZ on this route.
    if (rewrite && !acceptsJson(req.headers.accept))
      return void (replyError(exchange, 406, "Accepted media type not supported") && req.resume());
    await exchangeWithTarget(exchange, rewrite, context);
  } catch {
    // What cannot be delivered whole must not look whole: the client sees a reset, as from the target itself.
    req.socket.resetAndDestroy();
  } finally {
    context.links.finish(req.socket);
  }
}

async function exchangeWithTarget(
  exchange: Exchange,
  rewrite: Rewrite | undefined,
  context: ForwardContext,
): Promise<void> {
  const { req, res } = exchange;
  const upstream = context.target.request({
    method: rewrite && req.method === "HEAD" ? "GET" : (req.method ?? "GET"),
    path: rewrite?.url ?? req.url ?? "/",
    agent: context.links.agentFor(req.socket),
    headers: requestHeaders(req, context.target.host, rewrite !== undefined),
  });
  const abandon = () => upstream.destroy();
  res.once("close", abandon);
  upstream.once("socket", (socket) => context.links.join(req.socket, socket));
  const answer = answerOf(upstream);
  req.pipe(upstream);
  const response = await answer;
  response.on("error", () => undefined);
  if (rewrite) await sendRewritten(exchange, response, rewrite);
  else await sendUntouched(exchange, response, context);
  res.off("close", abandon);
}

function answerOf(upstream: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    upstream.once("response", resolve);
    upstream.on("error", reject);
    upstream.once("close", () => reject(new Error("connection to the target closed")));
  });
}

async function sendUntouched(exchange: Exchange, response: IncomingMessage, context: ForwardContext): Promise<void> {
  const { res } = exchange;
  await whileHanging(exchange, context.active);
  await whileHeadDrips(exchange, response, context);
  if (isGone(exchange)) return;
  res.sendDate = false;
  res.writeHead(response.statusCode ?? 502, response.statusMessage, response.rawHeaders);
  // Event streams and slow bodies: the client must see the status before the first byte of the body.
  res.flushHeaders();
  await pumpBody(exchange, response, context);
}

async function whileHeadDrips(exchange: Exchange, response: IncomingMessage, context: ForwardContext): Promise<void> {
  const fault = context.active.value;
  if (!fault?.isHeadSlow || !fault.bytesPerSecond) return;
  const bytes = response.rawHeaders.reduce((sum, text) => sum + text.length + 2, 17);
  const signal = AbortSignal.any([context.active.replaced, closeSignal(exchange.res)]);
  await context.clock.sleep((bytes / fault.bytesPerSecond) * 1000, signal);
}

/**
 * The client's own headers, with the target as host. A rewritten answer is asked for as plain JSON, which every node
 * can give.
 */
function requestHeaders(req: IncomingMessage, host: string, isRewritten: boolean): string[] {
  const headers: string[] = ["Host", host];
  let hasLength = false;
  for (let i = 0; i + 1 < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i] ?? "";
    const lower = name.toLowerCase();
    if (lower === "host") continue;
    if (isRewritten && (lower === "accept" || lower === "accept-encoding" || lower === "if-none-match")) continue;
    if (lower === "content-length" || lower === "transfer-encoding") hasLength = true;
    headers.push(name, req.rawHeaders[i + 1] ?? "");
  }
  if (isRewritten) headers.push("Accept", "application/json", "Accept-Encoding", "identity");
  // Without it Node would frame the empty body of a POST as chunked, which the client did not send.
  if (!hasLength && req.method !== "GET" && req.method !== "HEAD") headers.push("Content-Length", "0");
  return headers;
}
