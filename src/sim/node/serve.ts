import type { IncomingMessage, ServerResponse } from "node:http";
import type { Interference } from "../fault-kinds/types.ts";
import type { EventHub } from "./event-hub.ts";
import { negotiate } from "./negotiate.ts";
import type { ReceivedLog } from "./received-log.ts";
import { fail } from "./reply.ts";
import type { Router } from "./router.ts";
import type { NodeContext, Reply } from "./types.ts";

const maxBodyBytes = 64 * 1024 * 1024;

export interface ServeContext {
  node: NodeContext;
  hub: EventHub;
  log: ReceivedLog;
  router: Router;
  interferences: (path: string) => readonly Interference[];
  /** Aborts when a fault is set or cleared. */
  faultsChanged: () => AbortSignal;
}

/** Answers one request. Never rejects. */
export async function serve(req: IncomingMessage, res: ServerResponse, context: ServeContext): Promise<void> {
  req.on("error", () => res.destroy());
  res.on("error", () => res.destroy());
  try {
    const url = req.url ?? "/";
    const [path = "/", search = ""] = url.split("?", 2);
    const query = new URLSearchParams(search);
    const method = req.method ?? "GET";
    const body = await readBody(req);
    if (body === undefined) return send(req, res, fail(413, "Body too large"), context);
    const json = isJson(req) ? parse(body) : undefined;
    const { headers } = req;
    const entry = context.log.add({ at: context.node.clock.now(), method, path, query, headers, body, json });
    res.once("finish", () => void (entry.status = res.statusCode));
    if (await interfere(path, res, context)) return;
    if (path === "/eth/v1/events" && method === "GET") {
      const refusal = context.hub.open(query, res);
      if (refusal) send(req, res, refusal, context);
      else entry.status = 200;
      return;
    }
    send(req, res, answer(req, { method, path, query, body, json }, context), context);
  } catch {
    res.destroy();
  }
}

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Buffer;
  json: unknown;
}

function answer(
  req: IncomingMessage,
  { method, path, query, body, json }: Asked,
  { router, node }: ServeContext,
): Reply {
  const match = router(method, path);
  if (match === undefined) return unknownRoute(method, path);
  if (match === "wrong-method") return fail(405, "Method not allowed");
  if (method === "POST" && body.length > 0) {
    const type = req.headers["content-type"] ?? "";
    if (!isJson(req) && !/^application\/octet-stream\b/i.test(type))
      return fail(415, `Unsupported media type: ${type}`);
    if (isJson(req) && json === undefined) return fail(400, "Body is not valid JSON");
  }
  const { needs } = match.route;
  if (needs && !node.quirks[needs]) {
    return needs === "hasPostValidators" ? fail(405, "Method not allowed") : unknownRoute(method, path);
  }
  const call = { params: match.params, query, headers: req.headers, body, json, node, sight: node.sight() };
  return match.route.handle(call);
}

function send(req: IncomingMessage, res: ServerResponse, reply: Reply, { node }: ServeContext): void {
  if (res.destroyed) return;
  const type = negotiate(req.headers.accept, reply.ssz !== undefined && node.quirks.hasSsz);
  const chosen =
    type === undefined && reply.status === 200 && reply.json !== undefined ? fail(406, "Not acceptable") : reply;
  const isSsz = type === "ssz" && chosen === reply;
  const pieces = isSsz && reply.ssz ? [reply.ssz()] : jsonPieces(chosen);
  const { clockOffsetMs } = node.sight().view;
  res.writeHead(chosen.status, {
    ...chosen.headers,
    ...(pieces.length > 0 ? { "content-type": isSsz ? "application/octet-stream" : "application/json" } : {}),
    "content-length": pieces.reduce((sum, piece) => sum + piece.length, 0),
    date: new Date(node.clock.now() + clockOffsetMs).toUTCString(),
  });
  for (const piece of pieces) res.write(piece);
  res.end();
}

function jsonPieces({ json, rawData, dataLater }: Reply): readonly Uint8Array[] {
  if (json === undefined) return [];
  if (!rawData) return [Buffer.from(JSON.stringify(dataLater ? { ...json, data: dataLater() } : json))];
  const around = JSON.stringify({ ...json, data: 0 });
  return [Buffer.from(around.slice(0, -2)), ...rawData, Buffer.from("}")];
}

function unknownRoute(method: string, path: string): Reply {
  return fail(404, `Route ${method}:${path.slice(0, 200)} not found`);
}

/** Lets faults delay or answer; true when the request is taken care of. */
async function interfere(path: string, res: ServerResponse, context: ServeContext): Promise<boolean> {
  for (;;) {
    const all = context.interferences(path);
    if (all.some(({ kind }) => kind === "hang")) {
      await changeOrClose(context.faultsChanged(), res);
      if (res.destroyed) return true;
      continue;
    }
    for (const one of all) if (one.kind === "wait") await context.node.clock.sleep(one.delayMs, closeSignal(res));
    if (res.destroyed) return true;
    const instead = all.find((one) => one.kind === "answer");
    if (instead) await sendInstead(res, instead);
    return instead !== undefined;
  }
}

async function sendInstead(res: ServerResponse, answer: Extract<Interference, { kind: "answer" }>): Promise<void> {
  res.writeHead(answer.status, { "content-type": answer.contentType });
  while (answer.isEndless && !res.destroyed) {
    if (!res.write(answer.body)) await changeOrClose(undefined, res);
  }
  res.end(answer.body);
}

/** Resolves on a fault's change, when the client reads on, or when it has gone. */
function changeOrClose(changed: AbortSignal | undefined, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      changed?.removeEventListener("abort", finish);
      res.off("close", finish);
      res.off("drain", finish);
      resolve();
    };
    changed?.addEventListener("abort", finish, { once: true });
    res.once("close", finish);
    res.once("drain", finish);
  });
}

function closeSignal(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => controller.abort());
  return controller.signal;
}

async function readBody(req: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isJson(req: IncomingMessage): boolean {
  return /^application\/json\b/i.test(req.headers["content-type"] ?? "");
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
