import type { ErrorAnswer } from "../api/contract.ts";
import { AppError } from "../lib/app-error.ts";
import { requireConfigWithoutAlarms } from "./config/load.ts";
import { apiBase, authorization } from "./reach-gateways.ts";

/** The running monitor, as commands read from it. */
export interface AskedMonitor {
  readonly base: string;
  /** `path` under `/api/v1/`. Throws AppError: `monitor-unreachable`, or the API's own code. */
  get<T>(path: string, query?: Readonly<Record<string, string | number | undefined>>): Promise<T>;
  /** Changes something. The same errors; whoever is not reached has done nothing. */
  post<T>(path: string, body: Readonly<Record<string, unknown>>): Promise<T>;
}

/** A proof reads two epochs of blocks from a node that may be slow. */
const timeoutMs = 180_000;

/** The monitor of a configuration. Throws AppError `config-…`, and where its token may not be read. */
export async function askMonitor(configPath: string): Promise<AskedMonitor> {
  const { config } = await requireConfigWithoutAlarms(configPath, process.env);
  return monitorAt(apiBase(config), authorization(config) ?? {});
}

export function monitorAt(base: string, headers: Readonly<Record<string, string>>): AskedMonitor {
  async function ask<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${base}/api/v1/${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
      text = await response.text();
    } catch (cause) {
      throw new AppError(
        `ask the monitor at ${base}: nobody answers there. Start it with \`slotkeeper up\` or \`slotkeeper monitor\`; without it \`slotkeeper duties --beacon URL\` audits an epoch from a beacon node alone`,
        { code: "monitor-unreachable", cause, retryable: true },
      );
    }
    const answer = parse(text) as (T & Partial<ErrorAnswer>) | undefined;
    if (response.ok && typeof answer === "object") return answer;
    if (answer?.error) throw new AppError(answer.error.message, { code: answer.error.code });
    throw new AppError(
      `ask the monitor at ${base}: what answers there is no monitor of this version (status ${response.status}). Check server.listen in the configuration`,
      { code: "monitor-not-there" },
    );
  }
  return {
    base,
    get(path, query = {}) {
      const asked = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value));
      return ask(asked.size > 0 ? `${path}?${asked.toString()}` : path, { headers });
    },
    post: (path, body) =>
      ask(path, {
        ...{ method: "POST", body: JSON.stringify(body) },
        headers: { ...headers, "content-type": "application/json" },
      }),
  };
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
