import { Counter, Gauge, type Registry } from "prom-client";
import type { Clock } from "../lib/clock.ts";
import type { GroupStatus } from "../control/types.ts";

const samplePeriodMs = 1_000;
const healths = ["unknown", "syncing", "warming", "ready", "suspect", "down"] as const;

/**
 * The groups of a gateway as metrics, labels bounded by the config. Seconds without a ready node are counted by the
 * second, so that a rule sees an outage that began and ended between two scrapes. Returns what stops the counting.
 */
export function registerGatewayMetrics(
  registry: Registry,
  clock: Clock,
  groups: () => readonly GroupStatus[],
): () => void {
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ["group"], registers: [registry] });
  const noReady = counter(
    "slotkeeper_gateway_no_ready_seconds_total",
    "Seconds in which no beacon node of the group was ready.",
  );
  const split = counter(
    "slotkeeper_gateway_split_seconds_total",
    "Seconds in which the group's nodes disagreed on checkpoints.",
  );
  const degraded = counter(
    "slotkeeper_gateway_degraded_seconds_total",
    "Seconds in which reads came from a node that is not in sync.",
  );

  type Read = (group: GroupStatus) => number | undefined;
  function perGroup(name: string, help: string, read: Read): void {
    new Gauge({
      name,
      help,
      labelNames: ["group"],
      registers: [registry],
      collect() {
        this.reset();
        for (const group of groups()) {
          const value = read(group);
          if (value !== undefined) this.set({ group: group.group }, value);
        }
      },
    });
  }
  function countPerGroup(name: string, help: string, read: Read): void {
    new Counter({
      name,
      help,
      labelNames: ["group"],
      registers: [registry],
      collect() {
        this.reset();
        for (const group of groups()) this.inc({ group: group.group }, read(group) ?? 0);
      },
    });
  }
  perGroup("slotkeeper_gateway_nodes", "Beacon nodes of the group.", ({ nodes }) => nodes.length);
  perGroup(
    "slotkeeper_gateway_ready_nodes",
    "Beacon nodes that are ready on the group's view.",
    ({ view }) => view.ready.length,
  );
  perGroup(
    "slotkeeper_gateway_draining",
    "Beacon nodes on their way out of service that still wait for something.",
    ({ nodes }) => nodes.filter(({ operator }) => operator === "draining").length,
  );
  countPerGroup(
    "slotkeeper_gateway_requests_total",
    "Requests answered since start.",
    ({ requests }) => requests.total,
  );
  countPerGroup(
    "slotkeeper_gateway_failed_requests_total",
    "Requests that the gateway itself answered with 5xx since start.",
    ({ requests }) => requests.failed,
  );
  perGroup(
    "slotkeeper_gateway_event_streams",
    "Open event streams of validator clients.",
    ({ requests }) => requests.streams,
  );
  perGroup("slotkeeper_gateway_head_slot", "Head slot of the group's view.", ({ view }) => view.head?.slot);
  perGroup(
    "slotkeeper_gateway_finalized_epoch",
    "Finalized epoch of the group's view.",
    ({ view }) => view.finalized?.epoch,
  );

  perGroup(
    "slotkeeper_gateway_clock_offset_seconds",
    "The middle one of the nodes' clocks minus this machine's, to about half a second.",
    ({ nodes }) =>
      middleOf(nodes.flatMap(({ clockOffsetMs }) => (clockOffsetMs === undefined ? [] : [clockOffsetMs / 1e3]))),
  );

  new Gauge({
    name: "slotkeeper_gateway_node_health",
    help: "1 for the health that a beacon node is in, 0 for the others.",
    labelNames: ["group", "node", "health"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { group, nodes } of groups())
        for (const { node, health } of nodes)
          for (const each of healths) this.set({ group, node, health: each }, each === health ? 1 : 0);
    },
  });

  let countedAt = clock.monotonic();
  return clock.every(samplePeriodMs, () => {
    const now = clock.monotonic();
    const seconds = (now - countedAt) / 1e3;
    countedAt = now;
    for (const { group, view } of groups()) {
      noReady.inc({ group }, view.ready.length === 0 ? seconds : 0);
      split.inc({ group }, view.kind === "split" ? seconds : 0);
      degraded.inc({ group }, view.kind === "degraded" ? seconds : 0);
    }
  });
}

/** Of an even count the one of the middle two that is nearer to zero: one node that is off must not speak for two. */
function middleOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) return undefined;
  return Math.abs(low) <= Math.abs(high) ? low : high;
}
