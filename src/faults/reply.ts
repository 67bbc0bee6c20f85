import type { ServerResponse } from "node:http";
import type { Exchange } from "./types.ts";

/** Answers with a beacon-APIs error body. Returns true, for use as an `answer` hook's result. */
export function replyError({ res }: Pick<Exchange, "req" | "res">, status: number, message: string): true {
  return replyBytes(res, status, "application/json", JSON.stringify({ code: status, message }));
}

export function replyEmpty(res: ServerResponse, status: number): true {
  res.writeHead(status, { "content-length": "0" });
  res.end();
  return true;
}

export function replyBytes(res: ServerResponse, status: number, contentType: string, body: string): true {
  res.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(body) });
  res.end(body);
  return true;
}
