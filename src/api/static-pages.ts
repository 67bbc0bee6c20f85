import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../lib/app-error.ts";

const notBuilt =
  "<!doctype html><meta charset=utf-8><title>Slotkeeper</title><p>Slotkeeper runs, but its web page is not built. Run <code>npm run setup</code>, or use <code>slotkeeper status</code>.";

/**
 * Serves the built page from `root`: files under `assets/` carry a hash in their names and are kept for ever, the page
 * itself is asked for again each time. Paths that are no file are the page's own routes, unless they are the API's.
 */
export async function staticPages(app: FastifyInstance, root: string): Promise<void> {
  const isBuilt = existsSync(join(root, "index.html"));
  if (isBuilt)
    await app.register(fastifyStatic, {
      root,
      wildcard: true,
      index: false,
      preCompressed: true,
      cacheControl: false,
      schemaHide: true,
      setHeaders(reply, path) {
        const isHashed = path.includes("/assets/");
        void reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  const page = (_request: FastifyRequest, reply: FastifyReply) => {
    void reply.header("cache-control", "no-cache").type("text/html; charset=utf-8");
    return isBuilt ? reply.sendFile("index.html") : reply.code(200).send(notBuilt);
  };
  // The folder itself is no file: without this route it would be answered with 403.
  app.get("/", { schema: { hide: true } }, page);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "/";
    // The token of a signed link may hold a dot.
    const isFile = /\.\w+$/.test(path) && !path.startsWith("/acknowledge/");
    const isPage = (request.method === "GET" || request.method === "HEAD") && !path.startsWith("/api/") && !isFile;
    if (isPage) return page(request, reply);
    throw new AppError(`answer ${request.method} ${path}: there is no such route, see /api/v1/openapi.json`, {
      code: "not-found",
    });
  });
}
