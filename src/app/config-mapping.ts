import { resolveGroups } from "../fleet/groups.ts";
import type { GatewaySettings } from "../gateway/settings.ts";
import type { UpstreamGroupConfig } from "../upstream/types.ts";
import type { SlotkeeperConfig } from "./config.ts";

/** What the upstream groups are started with, by name, in failover order. Headers are revealed here, for the data path alone. */
export function upstreamConfigs(config: SlotkeeperConfig): ReadonlyMap<string, UpstreamGroupConfig> {
  return new Map(resolveGroups(config).map(({ name, nodes }) => [name, { name, network: config.network, nodes }]));
}

export function gatewaySettingsOf(config: SlotkeeperConfig): Partial<GatewaySettings> {
  const { limits, allowDebugRoutes } = config.gateway;
  return {
    allowDebugRoutes,
    feeRecipientAllowList: config.feeRecipients,
    maxConnections: limits.maxClientSockets,
    maxPublishBodyBytes: limits.maxRequestBodyBytes,
    maxEventBacklogBytes: limits.eventBacklogBytes,
  };
}
