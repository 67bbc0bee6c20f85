import { join, resolve } from "node:path";
import { listenUrl } from "../../fleet/listen-address.ts";
import { placeNodes } from "../../fleet/groups.ts";
import { knownNetworks } from "../../chain/known-networks.ts";
import type { NodeConfig, NodeGroup } from "../../fleet/types.ts";
import type { ExpectedNetwork } from "../../upstream/types.ts";
import type { GatewayClient, GatewayLimits, SlotkeeperConfig } from "../config.ts";
import type { ClientInput } from "./client-sections.ts";
import type { ConfigInput } from "./schema.ts";
import { readTls } from "./read-tls.ts";
import { resolveControl, resolveGateways } from "./resolve-control.ts";
import { resolveHeaders } from "./resolve-headers.ts";
import { resolveDuties, resolveValidators } from "./resolve-validators.ts";
import { resolveChannels, resolveHeartbeat } from "./resolve-channels.ts";
import { resolveRespond } from "./resolve-respond.ts";
import { resolveLogs, resolvePrometheus } from "./resolve-signals.ts";
import { readSecret, type SecretSource } from "./secrets.ts";

/**
 * Reads secrets, makes paths absolute and fills in what follows from other settings. What fails is pushed to
 * `source.findings`; the configuration may be used only when nothing was.
 */
export async function resolveConfig(input: ConfigInput, source: SecretSource): Promise<SlotkeeperConfig> {
  const dataFolder = resolve(source.folder, input.server.dataFolder);
  const nodes = await Promise.all(input.nodes.map((node, i) => resolveNode(node, i, source)));
  const control = await resolveControl(input, dataFolder, source);
  const { apiToken, listen } = input.server;
  const publicUrl = input.server.publicUrl ?? listenUrl(listen);
  return {
    profile: input.profile,
    network: expectedNetwork(input.network),
    nodes,
    groups: await readGroupTls(placeNodes(input.groups, nodes), input, source),
    references: input.references,
    feeRecipients: input.feeRecipients,
    validators: await resolveValidators(input.validators, source),
    customers: input.customers,
    hosts: input.hosts.map((host) => ({ ...host, provider: host.provider, region: host.region })),
    providers: input.providers,
    prometheus: await resolvePrometheus(input.prometheus, source),
    logs: await resolveLogs(input.logs, source),
    relays: input.relays,
    duties: resolveDuties(input.duties, input.validators.length > 0),
    respond: await resolveRespond(input, publicUrl, source),
    channels: await resolveChannels(input.channels, source),
    heartbeat: await resolveHeartbeat(input.alerts.heartbeat, source),
    server: {
      listen,
      publicUrl,
      dataFolder,
      apiToken: apiToken && (await readSecret(apiToken, ["server", "apiToken"], source)),
      logLevel: input.server.logLevel,
    },
    gateway: {
      name: input.gateway.name,
      control,
      metricsListen: input.gateway.metricsListen === "none" ? undefined : input.gateway.metricsListen,
      allowDebugRoutes: input.gateway.allowDebugRoutes,
      allowFaults: input.gateway.allowFaults,
      agree: input.gateway.agree,
      builderBoostPercent: input.gateway.builderBoostPercent,
      clients: await resolveClients(input.gateway.clients, source),
      requireKnownClients: input.gateway.requireKnownClients,
      routes: input.gateway.routes,
      limits: limitsInBytes(input.gateway.limits),
    },
    monitor: { gateways: await resolveGateways(input, control, source) },
    store: await resolveStore(input, dataFolder, source),
  };
}

function expectedNetwork(network: ConfigInput["network"]): ExpectedNetwork {
  if (network === "auto") return { kind: "auto" };
  if (typeof network === "string") return { kind: "known", name: network, ...knownNetworks[network] };
  return { kind: "known", ...network };
}

async function resolveNode(node: ConfigInput["nodes"][number], i: number, source: SecretSource): Promise<NodeConfig> {
  return { ...node, headers: await resolveHeaders(node.headers, ["nodes", i, "headers"], source) };
}

async function readGroupTls(
  groups: readonly NodeGroup[],
  input: ConfigInput,
  source: SecretSource,
): Promise<readonly NodeGroup[]> {
  return Promise.all(
    groups.map(async (group, i) => {
      const paths = input.groups?.[i]?.tls;
      const tls = paths && (await readTls(paths, ["groups", i, "tls"], source));
      return tls ? { ...group, tls } : group;
    }),
  );
}

async function resolveClients(clients: readonly ClientInput[], source: SecretSource): Promise<GatewayClient[]> {
  const resolved = await Promise.all(
    clients.map(async ({ name, token, certificateName, addresses, routes }, i): Promise<GatewayClient> => {
      const secret = token && (await readSecret(token, ["gateway", "clients", i, "token"], source));
      return { name, token: secret, certificateName, addresses, routes };
    }),
  );
  resolved.forEach(({ token }, i) => {
    const first = token && resolved.slice(0, i).find((earlier) => token.equals(earlier.token));
    if (first)
      source.findings.push({
        path: ["gateway", "clients", i, "token"],
        code: "duplicate-member",
        message: `the token is the same as that of ${first.name}`,
        fix: "Give each client a token of its own.",
      });
  });
  return resolved;
}

async function resolveStore(
  input: ConfigInput,
  dataFolder: string,
  source: SecretSource,
): Promise<SlotkeeperConfig["store"]> {
  const at = ["store", "database"];
  const fallback = { kind: "sqlite", path: join(dataFolder, "slotkeeper.db") } as const;
  const { database } = input.store;
  if (typeof database === "string")
    return { kind: "sqlite", path: resolve(source.folder, database.slice("sqlite:".length)) };
  const fromEnv = source.env["SLOTKEEPER_DATABASE_URL"]
    ? ({ kind: "env", name: "SLOTKEEPER_DATABASE_URL" } as const)
    : undefined;
  const ref = database ?? fromEnv;
  if (!ref) return fallback;
  const secret = await readSecret(ref, at, source);
  const url = secret?.reveal();
  if (!secret || url === undefined) return fallback;
  if (url.startsWith("sqlite:")) return { kind: "sqlite", path: resolve(source.folder, url.slice("sqlite:".length)) };
  if (/^postgres(ql)?:\/\//.test(url)) return { kind: "postgres", url: secret };
  const message = `the database URL from ${secret.origin} starts with neither "sqlite:" nor "postgres://"`;
  source.findings.push({
    path: at,
    code: "bad-secret-value",
    message,
    fix: "Write postgres://USER:PASSWORD@HOST/DATABASE.",
  });
  return fallback;
}

function limitsInBytes(limits: ConfigInput["gateway"]["limits"]): GatewayLimits {
  const mebi = 1024 * 1024;
  return {
    maxClientSockets: limits.clientSockets,
    maxRequestBodyBytes: limits.requestBodyMiB * mebi,
    cacheBytes: limits.cacheMiB * mebi,
    bodiesBytes: limits.bodiesMiB * mebi,
    maxBulkPerNode: limits.bulkRequestsPerNode,
    maxBulkPerClient: limits.bulkRequestsPerClient,
    maxEventStreams: limits.eventStreams,
    eventBacklogBytes: limits.eventBacklogKiB * 1024,
  };
}
