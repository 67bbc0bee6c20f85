import { resolveGroups } from "../fleet/groups.ts";
import type { ListenerTls, NodeGroup } from "../fleet/types.ts";
import type { ClientRules } from "../gateway/clients/client-book.ts";
import type { TlsTexts } from "../gateway/http/tls.ts";
import type { GatewaySettings } from "../gateway/settings.ts";
import type { UpstreamGroupConfig } from "../upstream/types.ts";
import type { SlotkeeperConfig } from "./config.ts";

/** What the upstream groups are started with, by name, in failover order. Headers are revealed here, for the data path alone. */
export function upstreamConfigs(config: SlotkeeperConfig): ReadonlyMap<string, UpstreamGroupConfig> {
  return new Map(resolveGroups(config).map(({ name, nodes }) => [name, { name, network: config.network, nodes }]));
}

/** Clients, and the lists that hold for them in one group: what a reload replaces in a running gateway. */
export function clientRulesOf({ gateway }: SlotkeeperConfig, group: NodeGroup): ClientRules {
  return {
    requireKnownClients: gateway.requireKnownClients,
    routeRules: group.routes ? [gateway.routes, group.routes] : [gateway.routes],
    clients: gateway.clients.map(({ name, token, certificateName, addresses, routes }) => ({
      name,
      addresses,
      ...(token && { token: token.reveal() }),
      ...(certificateName !== undefined && { certificateName }),
      ...(routes && { routes }),
    })),
  };
}

/** The texts of a listener's certificate, revealed for the data path alone. */
export function tlsTextsOf({ cert, key, clientCa }: ListenerTls): TlsTexts {
  return { cert: cert.reveal(), key: key.reveal(), ...(clientCa && { clientCa: clientCa.reveal() }) };
}

export function gatewaySettingsOf(config: SlotkeeperConfig): Partial<GatewaySettings> {
  const { limits, allowDebugRoutes, agree, builderBoostPercent } = config.gateway;
  return {
    allowDebugRoutes,
    agree: typeof agree === "number" ? { nodes: agree } : agree,
    blindedBoostPercent: builderBoostPercent,
    maxCacheBytes: limits.cacheBytes,
    maxBufferedBytes: limits.bodiesBytes,
    feeRecipientAllowList: config.feeRecipients,
    maxConnections: limits.maxClientSockets,
    maxBulkPerNode: limits.maxBulkPerNode,
    // Half as many again: whoever comes to a full house still finds a connection.
    bulkConnections: Math.ceil(limits.maxBulkPerNode * 1.5),
    maxBulkPerClient: limits.maxBulkPerClient,
    maxEventStreams: limits.maxEventStreams,
    maxPublishBodyBytes: limits.maxRequestBodyBytes,
    maxEventBacklogBytes: limits.eventBacklogBytes,
  };
}
