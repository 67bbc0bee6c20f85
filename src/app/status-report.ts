import { createControlClient } from "../control/client.ts";
import { ageText, judgeState, type JudgedState } from "../control/judge-state.ts";
import type { ObservedGateway } from "../control/observed-gateway.ts";
import { listenUrl } from "../fleet/listen-address.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";
import { requireConfigWithoutAlarms } from "./config/load.ts";
import { groupLines, operationLines } from "./safety-text.ts";
import { textTable } from "./text-table.ts";
import { controlAddressOf } from "./watch-sources.ts";

export interface StatusReport {
  at: number;
  state: Omit<JudgedState, "findings">;
  gateways: readonly ObservedGateway[];
}

/** Asks every configured gateway now, without the monitor. Gateways that do not answer are part of the report. */
export async function readStatus(configPath: string, only?: string): Promise<StatusReport> {
  const { config } = await requireConfigWithoutAlarms(configPath, process.env);
  const asked = config.monitor.gateways.filter(({ name }) => (only ?? name) === name);
  if (asked.length === 0 && only !== undefined)
    throw new AppError(`show gateway ${only}: the configuration names no such gateway under monitor.gateways`, {
      code: "unknown-gateway",
    });
  const gateways = await Promise.all(
    asked.map(async (gateway): Promise<ObservedGateway> => {
      const { name } = gateway;
      try {
        const status = await createControlClient(controlAddressOf(gateway), systemClock).status();
        return { name, isReachable: true, lastContactAt: Date.now(), error: undefined, status };
      } catch (error) {
        return { name, isReachable: false, lastContactAt: undefined, error: describeError(error), status: undefined };
      }
    }),
  );
  const at = Date.now();
  const { findings: _, ...state } = judgeState(gateways, at);
  return { at, state, gateways };
}

const columns = ["group", "node", "health", "operator", "head lag", "peers", "latency", "client", "reason"] as const;

/** The report as a table for a terminal. */
export function statusText({ at, state, gateways }: StatusReport): string {
  const lines = [state.sentence, ...(state.next === "" ? [] : [state.next])];
  for (const { name, status } of gateways) {
    if (!status) continue;
    lines.push("", `gateway ${name}, version ${status.version}, up ${ageText(at - status.startedAt)}`);
    const rows = status.groups.flatMap(({ nodes }) =>
      nodes.map((node) => [
        node.group,
        node.node,
        `${node.health} ${ageText(at - node.sinceAt)}`,
        node.operator,
        node.headLagSlots === undefined ? "?" : String(node.headLagSlots),
        node.peers === undefined ? "?" : String(node.peers),
        node.latencyMs === undefined ? "?" : `${Math.round(node.latencyMs)} ms`,
        node.clientFamily,
        node.detail || node.reason,
      ]),
    );
    lines.push(...textTable([columns, ...rows]));
    for (const each of status.groups) {
      const { group, listen, requests, view } = each;
      lines.push(
        `group ${group}: ${listenUrl(listen)}, ${view.kind}, ${requests.perSecond.toFixed(1)} requests/s, ${requests.failed} of ${requests.total} failed, ${requests.streams} event streams`,
        ...operationLines(each, at).map((line) => `  ${line}`),
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The report without the nodes' table: what the gateways themselves do. */
export function gatewayText({ at, state, gateways }: StatusReport): string {
  const lines = [state.sentence];
  for (const { name, status, error } of gateways) {
    lines.push("");
    if (!status) {
      lines.push(`gateway ${name} cannot be reached: ${error}`);
      continue;
    }
    const { version, startedAt, process, configError } = status;
    const memory = `${Math.round(process.rssBytes / 2 ** 20)} MiB`;
    lines.push(
      `gateway ${name}, version ${version}, up ${ageText(at - startedAt)}, process ${process.pid}, ${memory}, ${process.openClientSockets} connections`,
    );
    if (configError !== undefined) lines.push(`config file refused: ${configError}`);
    for (const group of status.groups) {
      const { listen, view, requests } = group;
      const signing = group.hold ? "held" : view.signingInputs.length > 0 ? "served" : "withheld";
      lines.push(
        `group ${group.group} on ${listenUrl(listen)}: ${view.kind}, signing inputs ${signing}, ready: ${view.ready.join(", ") || "none"}, ${requests.perSecond.toFixed(1)} requests/s`,
        ...groupLines(group, at).map((line) => `  ${line}`),
      );
    }
  }
  return `${lines.join("\n")}\n`;
}
