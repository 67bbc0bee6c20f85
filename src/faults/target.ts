import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";

const maxAnswerBytes = 16 * 1024 * 1024;
const readTimeoutMs = 3_000;

/** The beacon node behind the proxy. */
export interface Target {
  /** Value of the `Host` header. */
  host: string;
  createAgent(): HttpAgent;
  request(options: RequestOptions): ClientRequest;
  /** Reads JSON from a path of the Beacon API; rejects with AppError after 3 s, on a status other than 200, or no JSON. */
  readJson(path: string): Promise<unknown>;
  /** Ends reads that wait. */
  close(): void;
}

/** Throws AppError for a URL that is not http or https. */
export function openTarget(targetUrl: string, clock: Clock, ownHeaders: Readonly<Record<string, string>> = {}): Target {
  const url = URL.parse(targetUrl);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new AppError(
      `Open a fault proxy: ${targetUrl} is no http or https URL. Write one like http://127.0.0.1:5052.`,
      {
        code: "fault-target-url",
      },
    );
  }
  const isTls = url.protocol === "https:";
  const prefix = url.pathname.replace(/\/$/, "");
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port || (isTls ? 443 : 80);
  const reads = new Set<ClientRequest>();

  function request(options: RequestOptions): ClientRequest {
    const send = isTls ? httpsRequest : httpRequest;
    return send({ ...options, hostname, port, path: `${prefix}${options.path ?? "/"}` });
  }

  return {
    host: url.host,
    createAgent: () => new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 }),
    request,
    readJson(path) {
      return new Promise((resolve, reject) => {
        const fail = (cause: unknown) =>
          reject(
            new AppError(`Read ${path} of ${targetUrl} to begin a fault`, {
              code: "fault-target-read",
              cause,
              retryable: true,
            }),
          );
        const req = request({ path, agent: false, headers: { ...ownHeaders, accept: "application/json" } });
        reads.add(req);
        const cancel = clock.after(readTimeoutMs, () => req.destroy(new Error("no answer within 3 s")));
        req.once("close", () => (cancel(), reads.delete(req)));
        req.on("error", fail);
        req.once("response", (res) => {
          const chunks: Buffer[] = [];
          let size = 0;
          res.on("data", (chunk: Buffer) => {
            size += chunk.length;
            if (size > maxAnswerBytes) req.destroy(new Error("answer over 16 MiB"));
            chunks.push(chunk);
          });
          res.on("error", fail);
          res.once("end", () => {
            if (res.statusCode !== 200) return fail(new Error(`HTTP ${res.statusCode}`));
            try {
              resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")));
            } catch (cause) {
              fail(cause);
            }
          });
        });
        req.end();
      });
    },
    close() {
      for (const read of reads) read.destroy(new Error("the proxy stops"));
    },
  };
}
