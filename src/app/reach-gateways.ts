import { existsSync } from "node:fs";
import { apiTokenPath, readApiToken } from "../access/api-token.ts";
import type { ErrorAnswer, MutationAnswer, Snapshot } from "../api/contract.ts";
import { createControlClient, type ControlClient } from "../control/client.ts";
import type { GatewayStatus } from "../control/types.ts";
import { listenUrl } from "../fleet/listen-address.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";
import type { MonitoredGateway, SlotkeeperConfig } from "./config.ts";
import { controlAddressOf } from "./watch-sources.ts";
import { userName } from "./user-name.ts";

/** What a command asks one gateway to do. */
export type GatewayAsk =
  | { kind: "node"; verb: "cordon" | "uncordon" | "drain" | "return"; group: string; node: string; isForced: boolean }
  | { kind: "hold"; group: string; reason: string }
  | { kind: "release"; group: string }
  | { kind: "watermark/reset"; group: string }
  | { kind: "branch"; group: string; root: string };

/** A gateway of the config as a command reaches it: through the monitor's API where one runs, so that its audit has it. */
export interface ReachedGateway {
  name: string;
  /** `undefined` where it cannot be reached; `error` then says why. */
  status: GatewayStatus | undefined;
  error: string | undefined;
  /** Does it, and says where it is recorded. Throws `AppError`. */
  tell(ask: GatewayAsk): Promise<string>;
}

const timeoutMs = 5_000;

/** Every gateway of the config, reached or not. Throws `AppError` where a monitor runs and refuses to answer. */
export async function reachGateways(config: SlotkeeperConfig): Promise<ReachedGateway[]> {
  const headers = authorization(config);
  const base = apiBase(config);
  const snapshot = headers && (await readSnapshot(base, headers));
  return Promise.all(
    config.monitor.gateways.map(async (gateway) => {
      const view = snapshot?.gateways.find(({ name, isReachable }) => name === gateway.name && isReachable);
      // What the monitor cannot reach, this command may: the two need not fail together.
      if (!headers || !view?.status) return reachByControl(gateway);
      const tell = (ask: GatewayAsk) => tellApi(base, headers, gateway.name, ask);
      return { name: gateway.name, status: view.status, error: undefined, tell };
    }),
  );
}

async function reachByControl(gateway: MonitoredGateway): Promise<ReachedGateway> {
  const { name } = gateway;
  const client = createControlClient(controlAddressOf(gateway), systemClock);
  const tell = async (ask: GatewayAsk) => {
    await tellControl(client, ask, `${userName()} at the command line`);
    return "audit of the gateway";
  };
  try {
    return { name, status: await client.status(), error: undefined, tell };
  } catch (error) {
    return { name, status: undefined, error: describeError(error), tell };
  }
}

function tellControl(client: ControlClient, ask: GatewayAsk, by: string): Promise<void> {
  switch (ask.kind) {
    case "node":
      if (ask.verb === "drain") return client.drain(ask.group, ask.node, by, ask.isForced);
      return client.setOperatorState(ask.group, ask.node, ask.verb === "cordon" ? "cordoned" : "active", by);
    case "hold":
      return client.hold(ask.group, ask.reason, by);
    case "release":
      return client.release(ask.group, by);
    case "watermark/reset":
      return client.resetWatermark(ask.group, by);
    case "branch":
      return client.chooseBranch(ask.group, ask.root, by);
  }
}

async function tellApi(
  base: string,
  headers: Readonly<Record<string, string>>,
  gateway: string,
  ask: GatewayAsk,
): Promise<string> {
  const path = (...parts: string[]) => parts.map(encodeURIComponent).join("/");
  const target =
    ask.kind === "node"
      ? `nodes/${path(gateway, ask.group, ask.node)}/${ask.verb}${ask.isForced ? "?force=true" : ""}`
      : `groups/${path(gateway, ask.group)}/${ask.kind}`;
  const body = ask.kind === "hold" ? { reason: ask.reason } : ask.kind === "branch" ? { root: ask.root } : undefined;
  const response = await fetch(`${base}/api/v1/${target}`, {
    method: "POST",
    headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = (await response.json()) as Partial<MutationAnswer & ErrorAnswer>;
  if (response.ok) return `audit record ${answer.auditId}`;
  throw new AppError(answer.error?.message ?? `${target}: the API answered ${response.status}`, {
    code: answer.error?.code ?? "api-refused",
  });
}

/** `undefined` where no monitor answers. One that refuses the token is not gone around: that is thrown. */
async function readSnapshot(base: string, headers: Readonly<Record<string, string>>): Promise<Snapshot | undefined> {
  let response: Response;
  let answer: Partial<Snapshot & ErrorAnswer>;
  try {
    response = await fetch(`${base}/api/v1/snapshot`, { headers, signal: AbortSignal.timeout(timeoutMs) });
    answer = (await response.json()) as typeof answer;
  } catch {
    // Nobody listens, nobody answers, or it is another program: then the gateways are asked themselves.
    return undefined;
  }
  if (response.ok) return Array.isArray(answer.gateways) ? (answer as Snapshot) : undefined;
  if (response.status !== 401 && response.status !== 403) return undefined;
  throw new AppError(`ask the API at ${base}: ${answer.error?.message ?? response.status}`, {
    code: answer.error?.code ?? "api-refused",
  });
}

export function apiBase({ server: { listen } }: SlotkeeperConfig): string {
  const host = listen.host === "0.0.0.0" ? "127.0.0.1" : listen.host === "::" ? "::1" : listen.host;
  return listenUrl({ host, port: listen.port });
}

/** `undefined` where no monitor has ever made a token: none can be running. Throws where the token may not be read. */
export function authorization({ server }: SlotkeeperConfig): Record<string, string> | undefined {
  const path = apiTokenPath(server.dataFolder);
  if (!server.apiToken && !existsSync(path)) return undefined;
  return { authorization: `Bearer ${server.apiToken?.reveal() ?? readApiToken(path)}` };
}
