import type { DrillsPage, DrillRefusal, ErrorAnswer, StartDrillAnswer } from "../api/contract.ts";
import { createDrillDesk } from "../drills/create-desk.ts";
import type { DrillProgress, DrillRecord, DrillRequest } from "../drills/types.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";
import { createLogger } from "../lib/log.ts";
import type { SlotkeeperConfig } from "./config.ts";
import { apiBase, authorization } from "./reach-gateways.ts";
import { userName } from "./user-name.ts";
import { controlClients } from "./watch-sources.ts";

/** From where the command line runs drills: the monitor, which keeps their records, or this very process. */
export interface DrillSeat {
  /** For a person, where it matters: "no monitor runs: …". */
  readonly note: string | undefined;
  start(request: Omit<DrillRequest, "by">): Promise<DrillProgress>;
  abort(id: string): Promise<void>;
  running(): Promise<readonly DrillProgress[]>;
  past(limit: number): Promise<readonly DrillRecord[]>;
  /** Drills that run in this process are ended first. */
  close(): Promise<void>;
}

/** A start waits until the guards have looked, and the fault proxy stands. */
const timeoutMs = 15_000;

/** Takes the monitor where one answers. Throws `AppError` where one answers and refuses. */
export async function openDrillSeat(config: SlotkeeperConfig): Promise<DrillSeat> {
  const headers = authorization(config);
  const base = apiBase(config);
  if (headers && (await isAnswering(base, headers))) return seatAtMonitor(base, headers);
  return seatHere(config);
}

async function isAnswering(base: string, headers: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    await fetch(`${base}/healthz`, { headers, signal: AbortSignal.timeout(5_000) });
    return true;
  } catch {
    return false;
  }
}

function seatAtMonitor(base: string, headers: Readonly<Record<string, string>>): DrillSeat {
  async function call<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
    let response: Response;
    try {
      response = await fetch(`${base}/api/v1/${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new AppError(`ask the monitor at ${base}`, { code: "api-unreachable", cause, retryable: true });
    }
    const answer = (await response.json()) as T & Partial<ErrorAnswer & DrillRefusal>;
    if (response.ok || answer.drill) return answer;
    throw new AppError(answer.error?.message ?? `${path}: the API answered ${response.status}`, {
      code: answer.error?.code ?? "api-refused",
    });
  }
  return {
    note: undefined,
    start: async (request) => (await call<StartDrillAnswer>("POST", "drills", request)).drill,
    abort: async (id) => void (await call("POST", `drills/${encodeURIComponent(id)}/abort`)),
    running: async () => (await call<DrillsPage>("GET", "drills?limit=1")).running,
    past: async (limit) => (await call<DrillsPage>("GET", `drills?limit=${limit}`)).past,
    close: () => Promise.resolve(),
  };
}

function seatHere(config: SlotkeeperConfig): DrillSeat {
  const clients = controlClients(config, systemClock);
  const log = createLogger("warn", { role: "drill" });
  const desk = createDrillDesk({ gateways: () => clients, clock: systemClock, random: Math.random, log });
  const by = `${userName()} at the command line`;
  return {
    note: "No monitor runs: the drill runs in this process, and its record is not stored.",
    start: (request) => desk.start({ ...request, by }),
    // A drill of another process is known to the gateway only as its fault.
    async abort(id) {
      try {
        return desk.abort(id, by);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "unknown-drill") throw error;
      }
      let isFound = false;
      for (const client of clients.values()) {
        const status = await client.status().catch((error: unknown) => describeError(error));
        if (typeof status === "string") continue;
        for (const fault of status.groups.flatMap((group) => group.faults ?? []))
          if (fault.id === id) {
            await client.stopFault(id);
            isFound = true;
          }
      }
      if (!isFound)
        throw new AppError(
          `end drill ${id}: no gateway shows a fault with this id. \`slotkeeper drill list\` shows them.`,
          {
            code: "unknown-drill",
          },
        );
    },
    running: () => Promise.resolve(desk.running()),
    past: () => Promise.resolve([]),
    close: desk.stop,
  };
}
