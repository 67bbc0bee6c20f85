import { startGatewayGroup } from "../gateway/start-gateway-group.ts";
import { startUpstreamGroup } from "../upstream/start-upstream-group.ts";
import type { RoleParts, RunningRole } from "./run-role.ts";
import { wireGateway } from "./wire-gateway.ts";

/** The data path as a process of its own. */
export function startGatewayRole(parts: RoleParts): Promise<RunningRole> {
  return wireGateway(parts, { startUpstreamGroup, startGatewayGroup });
}
