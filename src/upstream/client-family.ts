import { consensusClients, type ConsensusClient } from "../fleet/types.ts";
import type { NodeState } from "./state.ts";

export interface ClientFamily {
  consensus: ConsensusClient;
  execution: string;
}

/**
 * Reads the client family from a `node/version` string ("Lighthouse/v7.0.1-…"); what the operator configured fills in
 * what the node does not say. Unknown parts read "unknown".
 */
export function resolveClientFamily(
  version: string | undefined,
  executionClient: string | undefined,
  configuredClient?: string,
): ClientFamily {
  const fromVersion = nameIn(version);
  return {
    consensus: fromVersion === "unknown" ? nameIn(configuredClient) : fromVersion,
    execution: executionClient?.trim().toLowerCase().split(/[\s/]/)[0] || "unknown",
  };
}

/** The client family of a node as the group knows it. */
export function clientFamilyOf(node: NodeState): ClientFamily {
  return resolveClientFamily(node.version, node.executionClient ?? node.config.executionClient, node.config.client);
}

function nameIn(text: string | undefined): ConsensusClient {
  const start = text?.trim().toLowerCase() ?? "";
  return consensusClients.find((client) => start.startsWith(client)) ?? "unknown";
}
