import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { apiTokenPath, readApiToken } from "../access/api-token.ts";
import type { ErrorAnswer, MutationAnswer, Snapshot } from "../api/contract.ts";
import { createControlClient } from "../control/client.ts";
import type { GatewayStatus } from "../control/types.ts";
import { AppError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";
import type { SlotkeeperConfig } from "./config.ts";
import { requireConfig } from "./config/load.ts";
import { controlAddressOf } from "./watch-sources.ts";

export interface OperatorRequest {
  node: string;
  verb: "cordon" | "uncordon";
  /** Only there; otherwise in every group that has the node. */
  gateway?: string;
  group?: string;
}

interface Place {
  gateway: string;
  group: string;
}

const timeoutMs = 5_000;

/**
 * Cordons or uncordons through the API, so that its audit has it; where no monitor runs, through the gateways' control,
 * which keep an audit of their own.
 * Returns one line per place. Throws `AppError` `unknown-node` when no gateway has such a node.
 */
export async function setOperatorState(configPath: string, request: OperatorRequest): Promise<string[]> {
  const { config } = await requireConfig(configPath, process.env);
  const base = apiBase(config);
  const snapshot = await readSnapshot(base, config);
  if (!snapshot) return throughControl(config, request);
  const places = snapshot.gateways.flatMap(({ name, status }) => placesOf(name, status, request));
  refuseNone(places, request);
  const lines = [];
  for (const { gateway, group } of places) {
    const path = [gateway, group, request.node].map(encodeURIComponent).join("/");
    const response = await fetch(`${base}/api/v1/nodes/${path}/${request.verb}`, {
      method: "POST",
      headers: authorization(config) ?? {},
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = (await response.json()) as Partial<MutationAnswer & ErrorAnswer>;
    if (!response.ok)
      throw new AppError(
        `${request.verb} ${request.node}: ${answer.error?.message ?? `the API answered ${response.status}`}`,
        {
          code: answer.error?.code ?? "api-refused",
        },
      );
    lines.push(`${gateway}/${group}: ${answer.done} (audit record ${answer.auditId})`);
  }
  return lines;
}

/** `undefined` where no monitor listens; an answer that is an error is thrown. */
async function readSnapshot(base: string, config: SlotkeeperConfig): Promise<Snapshot | undefined> {
  const headers = authorization(config);
  if (!headers) return undefined;
  let response: Response;
  try {
    response = await fetch(`${base}/api/v1/snapshot`, {
      headers,
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    // Nobody listens or nobody answers: then the gateways are asked themselves.
    return undefined;
  }
  if (response.ok) return (await response.json()) as Snapshot;
  const { error } = (await response.json()) as Partial<ErrorAnswer>;
  throw new AppError(`ask the API at ${base}: ${error?.message ?? response.status}`, {
    code: error?.code ?? "api-refused",
  });
}

async function throughControl(config: SlotkeeperConfig, request: OperatorRequest): Promise<string[]> {
  const lines: string[] = [];
  const state = request.verb === "cordon" ? "cordoned" : "active";
  for (const gateway of config.monitor.gateways) {
    const client = createControlClient(controlAddressOf(gateway), systemClock);
    for (const { group } of placesOf(gateway.name, await client.status(), request)) {
      await client.setOperatorState(group, request.node, state, `${userName()} at the command line`);
      lines.push(
        `${gateway.name}/${group}: ${request.node} is ${state} (no monitor runs: it stands in the audit of the gateway)`,
      );
    }
  }
  refuseNone(lines, request);
  return lines;
}

function placesOf(gateway: string, status: GatewayStatus | undefined, request: OperatorRequest): Place[] {
  if (request.gateway !== undefined && request.gateway !== gateway) return [];
  return (status?.groups ?? [])
    .filter(({ group, nodes }) => (request.group ?? group) === group && nodes.some(({ node }) => node === request.node))
    .map(({ group }) => ({ gateway, group }));
}

function refuseNone(places: readonly unknown[], { verb, node }: OperatorRequest): void {
  if (places.length === 0)
    throw new AppError(
      `${verb} ${node}: no reachable gateway has such a node. See \`slotkeeper status\` for the names.`,
      { code: "unknown-node" },
    );
}

function apiBase({ server: { listen } }: SlotkeeperConfig): string {
  const host = listen.host === "0.0.0.0" ? "127.0.0.1" : listen.host === "::" ? "::1" : listen.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${listen.port}`;
}

/** `undefined` where no monitor has ever made a token: none can be running. Throws where the token may not be read. */
function authorization({ server }: SlotkeeperConfig): Record<string, string> | undefined {
  const path = apiTokenPath(server.dataFolder);
  if (!server.apiToken && !existsSync(path)) return undefined;
  return { authorization: `Bearer ${server.apiToken?.reveal() ?? readApiToken(path)}` };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no name (uv_os_get_passwd fails).
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
