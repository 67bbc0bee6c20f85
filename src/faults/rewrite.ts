import type { IncomingMessage } from "node:http";
import type { Exchange, Rewrite } from "./types.ts";

const maxRewrittenBytes = 64 * 1024 * 1024;
const dropped = new Set(["content-length", "transfer-encoding", "content-type", "etag", "content-encoding", "trailer"]);

/** Reads the target's answer whole, changes it and sends it. Rejects when it is over 64 MiB or cut off. */
export async function sendRewritten(exchange: Exchange, response: IncomingMessage, rewrite: Rewrite): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxRewrittenBytes) throw new Error("answer too large to rewrite");
    chunks.push(chunk);
  }
  const raw = Buffer.concat(chunks);
  const status = response.statusCode ?? 502;
  const parsed = parseJson(raw);
  const answer = parsed === undefined ? undefined : rewrite.change({ status, body: parsed });
  const body = answer ? Buffer.from(JSON.stringify(answer.body)) : raw;
  const headers: string[] = [];
  for (let i = 0; i + 1 < response.rawHeaders.length; i += 2) {
    const name = response.rawHeaders[i] ?? "";
    const isKept = name.toLowerCase() === "content-type" && !answer;
    if (isKept || !dropped.has(name.toLowerCase())) headers.push(name, response.rawHeaders[i + 1] ?? "");
  }
  if (answer) headers.push("Content-Type", "application/json");
  headers.push("Content-Length", String(body.length));
  exchange.res.sendDate = false;
  exchange.res.writeHead(answer?.status ?? status, headers);
  exchange.res.end(body);
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
