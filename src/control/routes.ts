import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError, describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import { findAction, readJson } from "./actions.ts";
import type { ControlProvider } from "./provider.ts";
import { sendJson, sendText } from "./http-messages.ts";
import { streamWatch } from "./watch-stream.ts";

const maxPageItems = 1_000;

/** Answers one control request; everything that goes wrong becomes a JSON error, never a crash. */
export async function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  provider: ControlProvider,
  clock: Clock,
): Promise<void> {
  try {
    await route(request, response, provider, clock);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const code = error instanceof AppError ? error.code : "internal";
    sendJson(response, statusOfCode(code), { error: { code, message: describeError(error) } });
  }
}

async function route(request: IncomingMessage, response: ServerResponse, provider: ControlProvider, clock: Clock) {
  const url = parseUrl(request.url);
  const action = findAction(url.pathname);
  if (action) {
    if (request.method !== action.method) throw wrongMethod(action.method);
    return sendJson(response, 200, await action.act(provider, action.names, await readJson(request, action.method)));
  }
  if (request.method !== "GET") throw wrongMethod("GET");
  switch (url.pathname) {
    case "/v1/status":
      return sendJson(response, 200, provider.status());
    case "/v1/transitions":
      return sendJson(response, 200, provider.transitions(cursor(url, "after", 0), cursor(url, "limit", maxPageItems)));
    case "/v1/evidence":
      return sendJson(response, 200, provider.evidence(cursor(url, "after", 0), cursor(url, "limit", maxPageItems)));
    case "/v1/arrivals":
      return sendJson(response, 200, provider.arrivals(cursor(url, "after", 0), cursor(url, "limit", maxPageItems)));
    case "/v1/watch":
      return streamWatch(response, provider, clock);
    case "/metrics":
      return sendText(response, 200, await provider.metrics(), "text/plain; version=0.0.4; charset=utf-8");
    case "/healthz": {
      const verdict = provider.health();
      return sendText(response, verdict.isHealthy ? 200 : 503, `${verdict.detail}\n`, "text/plain; charset=utf-8");
    }
    default:
      throw new AppError(`answer ${request.method} ${url.pathname}: this gateway's control has no such route`, {
        code: "not-found",
      });
  }
}

function parseUrl(target: string | undefined): URL {
  const url = URL.parse(target ?? "", "http://control");
  if (!url || !target?.startsWith("/"))
    throw new AppError("read the request target: it is no path", { code: "bad-request" });
  return url;
}

function cursor(url: URL, name: "after" | "limit", fallback: number): number {
  const text = url.searchParams.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text))
    throw new AppError(`read ${name}=${text.slice(0, 40)}: expected a whole number`, { code: "bad-request" });
  return name === "limit" ? Math.min(Math.max(1, value), maxPageItems) : value;
}

function wrongMethod(expected: string): AppError {
  return new AppError(`answer the request: this route takes ${expected} only`, { code: "method-not-allowed" });
}

function statusOfCode(code: string): number {
  switch (code) {
    case "bad-request":
      return 400;
    case "not-found":
    case "unknown-group":
    case "unknown-node":
    case "unknown-branch":
    case "unknown-fault":
      return 404;
    case "method-not-allowed":
      return 405;
    case "no-split":
    case "not-held":
    case "no-watermark":
    case "fault-refused":
    case "faults-not-allowed":
      return 409;
    case "too-large":
      return 413;
    case "upgrading":
    case "starting":
      return 503;
    default:
      return 500;
  }
}
