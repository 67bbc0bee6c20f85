import { listenUrl, type ListenAddress } from "../../fleet/listen-address.ts";
import { redactUrl } from "../../fleet/redact-url.ts";
import type { ListenerTls, NodeConfig, NodeGroup } from "../../fleet/types.ts";
import type { DutySettings, FleetHost, ValidatorSource } from "../../fleet/validator-sources.ts";
import type { LogSource } from "../../signals/signal-sources.ts";
import { describeRespond, printableRespond } from "./describe-respond.ts";
import type { MonitoredGateway, SlotkeeperConfig } from "../config.ts";

/** The configuration as it may be shown to anybody who may see the pages: secrets are `***`, keys in URLs too. */
export function printableConfig(config: SlotkeeperConfig): unknown {
  const withSafeUrl = <T extends { url: string }>(entry: T): T => ({ ...entry, url: redactUrl(entry.url) });
  return JSON.parse(
    JSON.stringify({
      ...config,
      ...printableRespond(config),
      nodes: config.nodes.map(withSafeUrl),
      references: config.references.map(withSafeUrl),
      prometheus: config.prometheus && withSafeUrl(config.prometheus),
      logs: config.logs.map((log) => (log.kind === "loki" ? withSafeUrl(log) : log)),
      relays: config.relays?.map(withSafeUrl),
      validators: config.validators.map((source) =>
        source.kind === "keymanager" || source.kind === "web3signer" ? withSafeUrl(source) : source,
      ),
    }),
  ) as unknown;
}

/** The configuration as understood, for a person to compare with what was meant. */
export function describeConfig(config: SlotkeeperConfig): string {
  const { network, server, gateway, store } = config;
  const { socket, remote } = gateway.control;
  const control = [socket, ...(remote ? [`${urlOf(remote, remote.tls)} (token ***)`] : [])];
  const rows: [string, string[]][] = [
    ["profile", [config.profile]],
    [
      "network",
      [
        network.kind === "auto"
          ? "auto (what most nodes agree on)"
          : `${network.name} (genesis validators root ${network.genesisValidatorsRoot})`,
      ],
    ],
    ["nodes", config.nodes.map(describeNode)],
    ["groups", config.groups.map(describeGroup)],
    ["references", config.references.map(({ name, url, operator }) => `${name}  ${redactUrl(url)}  by ${operator}`)],
    ["fee recipients", config.feeRecipients.length > 0 ? [...config.feeRecipients] : ["any"]],
    ["validators", config.validators.map(describeSource)],
    ["customers", config.customers.map(({ name, uptimeTarget }) => `${name}  ${uptimeTarget} %`)],
    ["hosts", config.hosts.map(describeHost)],
    ["prometheus", config.prometheus ? [redactUrl(config.prometheus.url)] : []],
    ["logs", config.logs.map(describeLog)],
    ["relays", describeRelays(config.relays)],
    ["duties", [describeDuties(config.duties)]],
    ...describeRespond(config),
    ["pages and API", [describeServer(server)]],
    ["data folder", [server.dataFolder]],
    ["gateway", [`${gateway.name}, control ${control.join(" and ")}`]],
    ["metrics", [gateway.metricsListen ? `${listenUrl(gateway.metricsListen)}/metrics` : "none"]],
    ["monitor reads", config.monitor.gateways.map(describeGateway)],
    ["store", [store.kind === "sqlite" ? `sqlite ${store.path}` : "postgres ***"]],
  ];
  const width = Math.max(...rows.map(([title]) => title.length)) + 2;
  return rows
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => lines.map((line, i) => (i === 0 ? title : "").padEnd(width) + line).join("\n"))
    .join("\n");
}

function describeServer({ listen, publicUrl, apiToken }: SlotkeeperConfig["server"]): string {
  const own = listenUrl(listen);
  const known = publicUrl === own ? [] : [`known as ${redactUrl(publicUrl)}`];
  return [own, ...known, ...(apiToken ? ["(token ***)"] : [])].join("  ");
}

function urlOf({ host, port }: ListenAddress, tls: ListenerTls | undefined): string {
  return listenUrl({ host, port, isTls: tls !== undefined });
}

function describeNode(node: NodeConfig): string {
  const clients =
    node.client || node.executionClient ? `${node.client ?? "?"}/${node.executionClient ?? "?"}` : undefined;
  const headers = Object.keys(node.headers).map((name) => `${name}: ***`);
  const facts = [clients, node.host, node.provider, node.region, ...headers].filter((fact) => fact !== undefined);
  return [node.name, redactUrl(node.url), ...facts].join("  ");
}

function describeGroup(group: NodeGroup): string {
  const members = group.members.map(({ node, role }) => (role === "backup" ? `${node} (backup)` : node));
  return `${group.name} on ${urlOf(group.listen, group.tls)}: ${members.join(", ")}`;
}

function describeSource(source: ValidatorSource): string {
  const labels = Object.entries(source.labels).map(([key, value]) => `${key}=${value}`);
  return [source.name, ...placeOf(source), ...labels].join("  ");
}

function placeOf(source: ValidatorSource): string[] {
  switch (source.kind) {
    case "list":
      return [source.keys.length === 1 ? "one validator" : `${source.keys.length} validators`];
    case "text":
    case "csv":
      return [source.kind, source.path];
    case "keymanager":
    case "web3signer":
      return [source.kind, redactUrl(source.url)];
    case "postgres":
      return ["postgres ***", source.query.replace(/\s+/g, " ").trim()];
  }
}

function describeHost({ name, provider, region }: FleetHost): string {
  return [name, provider, region].filter((fact) => fact !== undefined).join("  ");
}

function describeLog(log: LogSource): string {
  const whose = [log.client, log.node, log.validatorClient].filter((fact) => fact !== undefined);
  const place =
    log.kind === "file"
      ? log.path
      : log.kind === "journald"
        ? `journald ${log.unit}`
        : `loki ${redactUrl(log.url)} ${log.query}`;
  return [log.name, place, ...whose].join("  ");
}

function describeRelays(relays: SlotkeeperConfig["relays"]): string[] {
  if (!relays) return [];
  return relays.length === 0 ? ["none is in use"] : relays.map(({ name, url }) => `${name}  ${redactUrl(url)}`);
}

function describeDuties({ enabled, nodes, retention }: DutySettings): string {
  if (!enabled) return "not judged";
  const { columnDays, exceptionDays, cohortDays, dailyCohortDays } = retention;
  const kept = `outcomes kept ${columnDays} days, losses ${exceptionDays}, cohorts ${cohortDays}, by day ${dailyCohortDays}`;
  return `read from ${nodes ? nodes.join(", ") : "every node"}; ${kept}`;
}

function describeGateway(gateway: MonitoredGateway): string {
  return gateway.kind === "socket"
    ? `${gateway.name}  ${gateway.path}`
    : `${gateway.name}  ${gateway.url}  (token ***)`;
}
