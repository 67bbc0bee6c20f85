import type { GatewayGroup, GatewayGroupOptions } from "../gateway/types.ts";
import type { UpstreamGroupOptions } from "../upstream/start-upstream-group.ts";
import type { UpstreamGroup } from "../upstream/types.ts";

/** The two halves of a gateway's group, passed in so that the wiring is tested without either. */
export interface GatewayParts {
  startUpstreamGroup(options: UpstreamGroupOptions): UpstreamGroup;
  startGatewayGroup(options: GatewayGroupOptions): Promise<GatewayGroup>;
}
