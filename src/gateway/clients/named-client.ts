import type { RouteRules } from "./route-rules.ts";

/** A client that the operator named: it is known by its token, its address, or the name in its certificate. */
export interface NamedClient {
  name: string;
  /** What it sends as `Authorization: Bearer TOKEN`, or as the password of `Basic`. */
  token?: string;
  /** Subject CN of its client certificate. */
  certificateName?: string;
  /** Addresses and CIDR blocks, IPv4 and IPv6. */
  addresses: readonly string[];
  /** On top of the gateway's and the group's own rules. */
  routes?: RouteRules;
}
