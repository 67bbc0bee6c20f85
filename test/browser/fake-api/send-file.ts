import { readFile } from "node:fs/promises";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";

export const distFolder = join(import.meta.dirname, "../../../web/dist");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A file of the built web app, brotli where the browser takes it; any other path is a page, so it gets `index.html`. */
export async function sendFile(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  const name = extname(path) === "" || path.startsWith("/acknowledge/") ? "/index.html" : normalize(path);
  const type = types[extname(name)] ?? "application/octet-stream";
  const plain = await readFile(join(distFolder, name)).catch(() => undefined);
  if (plain === undefined) return void response.writeHead(404).end();
  const takesBrotli = /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
  const small = takesBrotli ? await readFile(join(distFolder, `${name}.br`)).catch(() => undefined) : undefined;
  response.writeHead(200, {
    ...headers,
    "content-type": type,
    ...(small === undefined ? {} : { "content-encoding": "br" }),
  });
  response.end(small ?? plain);
}
