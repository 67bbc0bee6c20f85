import type { ListenAddress } from "../fleet/listen-address.ts";
import type { ListenerTls, NodeConfig, NodeGroup, Reference } from "../fleet/types.ts";
import type { Customer } from "../fleet/validator.ts";
import type { DutySettings, FleetHost, FleetProvider, ValidatorSource } from "../fleet/validator-sources.ts";
import type { RouteLists } from "../fleet/route-lists.ts";
import type { Secret } from "../fleet/secret.ts";
import type { LogLevel } from "../lib/log.ts";
import type { LogSource, PrometheusServer, Relay } from "../signals/signal-sources.ts";
import type { RespondSettings } from "../respond/settings.ts";
import type { ExpectedNetwork } from "../upstream/types.ts";
import type { ChannelConfig, HeartbeatConfig } from "./respond/channel-config.ts";

/** Where a gateway is spoken to: on its host a unix socket of mode 0600, and TCP with a bearer token for split hosts. */
export interface ControlEndpoint {
  /** Absolute path. */
  socket: string;
  remote: { host: string; port: number; token: Secret; tls: ListenerTls | undefined } | undefined;
}

/** A gateway that the monitor reads. */
export type MonitoredGateway =
  | { name: string; kind: "socket"; path: string }
  | { name: string; kind: "url"; url: string; token: Secret | undefined; tls: GatewayTrust };

/** How the monitor knows a gateway over TLS, and is known by it. PEM texts, read and tried. */
export interface GatewayTrust {
  /** Absent: the authorities that this system trusts. */
  ca?: Secret;
  cert?: Secret;
  key?: Secret;
}

export interface GatewayLimits {
  /** Open sockets of validator clients, for each listener. */
  maxClientSockets: number;
  /** Largest request body, in bytes; more is answered with 413. */
  maxRequestBodyBytes: number;
  /** Kept answers, for each group. */
  cacheBytes: number;
  /** All bodies in memory, for each group. */
  bodiesBytes: number;
  /** Bulk requests under way, for each ready node. */
  maxBulkPerNode: number;
  /** Bulk requests of one client under way. */
  maxBulkPerClient: number;
  maxEventStreams: number;
  /** Unsent bytes of one event stream before its reader is closed. */
  eventBacklogBytes: number;
}

/** A validator client by name. */
export interface GatewayClient {
  name: string;
  token: Secret | undefined;
  certificateName: string | undefined;
  addresses: readonly string[];
  routes: RouteLists | undefined;
}

/** The whole configuration, resolved: defaults filled in, paths absolute, secrets read. Safe to print: secrets show as `***`. */
export interface SlotkeeperConfig {
  profile: "solo" | "scaled";
  network: ExpectedNetwork;
  nodes: readonly NodeConfig[];
  /** Never empty: without `groups` in the file there is one, named "default", with every node. */
  groups: readonly NodeGroup[];
  references: readonly Reference[];
  /** 0x-prefixed, 20 bytes, lower case. Empty: any fee recipient is allowed. */
  feeRecipients: readonly string[];
  /** Where our validators are listed. */
  validators: readonly ValidatorSource[];
  customers: readonly Customer[];
  hosts: readonly FleetHost[];
  providers: readonly FleetProvider[];
  prometheus: PrometheusServer | undefined;
  logs: readonly LogSource[];
  /** `undefined`: not known; empty: none is in use. */
  relays: readonly Relay[] | undefined;
  duties: DutySettings;
  /** Alarms and people. Without these sections: the rules that ship, and nobody is told. */
  respond: RespondSettings;
  channels: readonly ChannelConfig[];
  heartbeat: HeartbeatConfig | undefined;
  server: {
    listen: ListenAddress;
    /** Where people reach the pages. */
    publicUrl: string;
    /** Absolute. */
    dataFolder: string;
    apiToken: Secret | undefined;
    logLevel: LogLevel;
  };
  gateway: {
    name: string;
    control: ControlEndpoint;
    /** Where metrics are served over TCP; `undefined` where they are not. */
    metricsListen: ListenAddress | undefined;
    allowDebugRoutes: boolean;
    allowFaults: boolean;
    /** How many nodes must agree on attestation data. */
    agree: "auto" | "off" | number;
    /** Weight of a blinded block's value, per cent. */
    builderBoostPercent: number;
    clients: readonly GatewayClient[];
    requireKnownClients: boolean;
    routes: RouteLists;
    limits: GatewayLimits;
  };
  monitor: { gateways: readonly MonitoredGateway[] };
  store: { kind: "sqlite"; path: string } | { kind: "postgres"; url: Secret };
}
