import { isLoopbackHost, type ControlAddress, type ControlTrust } from "../control/address.ts";
import { createControlClient, type ControlClient } from "../control/client.ts";
import type { MonitoredGateway, SlotkeeperConfig } from "./config.ts";
import type { Clock } from "../lib/clock.ts";
import { allowedHosts, type AccessPolicy } from "../access/judge-request.ts";

/** The control address of a gateway as the config names it. */
export function controlAddressOf(gateway: MonitoredGateway): ControlAddress {
  if (gateway.kind === "socket") return { kind: "socket", path: gateway.path };
  return { kind: "tcp", url: gateway.url, token: gateway.token?.reveal(), tls: trustOf(gateway) };
}

function trustOf({ tls: { ca, cert, key } }: Extract<MonitoredGateway, { kind: "url" }>): ControlTrust {
  return {
    ...(ca && { ca: ca.reveal() }),
    ...(cert && { cert: cert.reveal() }),
    ...(key && { key: key.reveal() }),
  };
}

/** After a reload: what the next connection to each gateway is made with. */
export function renewTrust(clients: ReadonlyMap<string, ControlClient>, { monitor }: SlotkeeperConfig): void {
  for (const gateway of monitor.gateways)
    if (gateway.kind === "url") clients.get(gateway.name)?.trust(trustOf(gateway));
}

export function controlClients(config: SlotkeeperConfig, clock: Clock): ReadonlyMap<string, ControlClient> {
  return new Map(
    config.monitor.gateways.map((gateway) => [gateway.name, createControlClient(controlAddressOf(gateway), clock)]),
  );
}

/** Reads are free on loopback only; names are the listening address's own. */
export function accessPolicyOf(
  { server }: Pick<SlotkeeperConfig, "server">,
  token: string,
  hostName: string,
): AccessPolicy {
  const publicUrl = new URL(server.publicUrl);
  const isWildcard = server.listen.host === "0.0.0.0" || server.listen.host === "::";
  return {
    token,
    readsNeedToken: !isLoopbackHost(server.listen.host),
    hosts: allowedHosts(server.listen.host, isWildcard ? [hostName] : []),
    allowAnyAddress: isWildcard,
    ...(!isLoopbackHost(publicUrl.hostname) && { publicUrl }),
  };
}
