import type { ObservedGateway } from "../../src/control/observed-gateway.ts";
import type { EvidenceRecord, GatewayStatus, GroupStatus } from "../../src/control/types.ts";
import type { HostState } from "../../src/signals/hosts/host-state.ts";
import type { KeyReconciliation } from "../../src/signals/key-reconciliation.ts";
import type { UpstreamStatus, View } from "../../src/upstream/types.ts";
import type { Effects } from "./faults.ts";
import { gateways, groups, hosts, nodesOf, providerOf, validatorClients } from "./fleet.ts";
import { epochMs, slotDurationMs, slotsPerEpoch } from "./make-epoch.ts";

const minuteMs = 60_000;

/** Ordinary trouble of one thing: so often a day, for so long; between its times nothing. */
function createBlips(random: () => number, fromAt: number, hours: number, perDay: number, forMs: number) {
  const times = Array.from(
    { length: Math.ceil((perDay * hours) / 24 + random()) },
    () => fromAt + random() * hours * 3_600_000,
  );
  return (now: number): boolean =>
    times.some((at) => now >= at && now < at + forMs * (0.3 + 0.7 * ((at % 1_000) / 1_000)));
}

/** Nodes, machines, gateways and clients of a fleet on an ordinary day, with what `effects` change. */
export function makeWorld(random: () => number, fromAt: number, hours: number, genesisTimeMs: number) {
  const blips = (perDay: number, forMs: number) => createBlips(random, fromAt, hours, perDay, forMs);
  const restarts = new Map(groups.flatMap(nodesOf).map((node) => [node, blips(1, 5 * minuteMs)]));
  const elRestarts = new Map(groups.flatMap(nodesOf).map((node) => [node, blips(0.5, 2 * minuteMs)]));
  const hostGaps = new Map(hosts.map(({ name }) => [name, blips(2, 100_000)]));
  const providerGap = blips(1, 90_000);
  const gatewayGaps = new Map(gateways.map((name) => [name, blips(3, 20_000)]));
  const keysMoving = new Map(validatorClients.map((name) => [name, blips(0.5, 8 * minuteMs)]));
  const podMoves = new Map<string, (now: number) => boolean>(groups.map((group) => [group, blips(2, 6 * minuteMs)]));
  const chatSlow = blips(2, 100_000);
  const storeBusy = blips(4, 20_000);
  let stuckFinality: number | undefined;
  let stuckDiskAt: number | undefined;
  const podAddress = new Map<string, { isMoving: boolean; moves: number }>();
  let refused = 0;
  let lastRefusal: { at: number; group: string } | undefined;
  const downSince = new Map<string, number>();

  function nodeStatus(group: string, node: string, n: number, effects: Effects, now: number): UpstreamStatus {
    const isDown = effects.downNodes?.includes(node) === true;
    const isOut = isDown || restarts.get(node)?.(now) === true;
    if (!isOut) downSince.delete(node);
    else if (!downSince.has(node)) downSince.set(node, now);
    const slot = Math.floor((now - genesisTimeMs) / slotDurationMs);
    return {
      ...{ node, group, url: `http://${node}`, priority: n, operator: "active", labels: {}, warnings: [] },
      health: isDown ? "down" : isOut ? "syncing" : "ready",
      ...{ reason: "ready" as UpstreamStatus["reason"], detail: "", sinceAt: downSince.get(node) ?? fromAt },
      ...{ head: { slot, root: "0x1" }, headLagSlots: 0, justified: undefined, finalized: undefined },
      ...{ isSyncing: isOut, isOptimistic: false, elOffline: elRestarts.get(node)?.(now) === true, syncDistance: 0 },
      peers: 60 + Math.floor(random() * 60) - (random() < 0.01 ? 52 : 0),
      ...{ version: "x/1", clientFamily: "x/y", isStreamOpen: true, headDelayMs: 20 },
      latencyMs: 5 + random() * 10 + (random() < 0.02 ? 60 : 0),
      clockOffsetMs: Math.round(-500 + random() * 1_000 - (effects.clockOffMs ?? 0)),
      lastSeenAt: isDown ? (downSince.get(node) ?? now) : now - Math.floor(random() * 4_000),
    };
  }

  function finalizedEpoch(effects: Effects, now: number): number {
    const slot = Math.floor((now - genesisTimeMs) / slotDurationMs);
    const normal = Math.floor(slot / slotsPerEpoch) - (slot % slotsPerEpoch < 2 ? 3 : 2);
    stuckFinality = effects.noFinality ? (stuckFinality ?? normal) : undefined;
    return stuckFinality ?? normal;
  }

  function groupStatus(group: string, effects: Effects, now: number): GroupStatus {
    const nodes = nodesOf(group).map((node, n) => nodeStatus(group, node, n, effects, now));
    const ready = nodes.filter(({ health }) => health === "ready").map(({ node }) => node);
    const slot = Math.floor((now - genesisTimeMs) / slotDurationMs) - Number(random() < 0.3);
    const isSplit = effects.splitGroup === group;
    const view: View = {
      ...{ generation: 1, head: { slot, root: "0x1" }, justified: undefined },
      kind: isSplit ? "split" : ready.length > 0 ? "serving" : "none",
      finalized: { epoch: finalizedEpoch(effects, now), root: "0x2" },
      ...{ ready: isSplit ? [] : ready, fallback: [], signingInputs: ready, reason: undefined, changedAt: fromAt },
    };
    const tripwire = lastRefusal?.group === group ? { refused, last: refusal(lastRefusal.at) } : undefined;
    return {
      ...{ group, listen: { host: "127.0.0.1", port: 1 }, view, nodes },
      network: { configName: "made-up", genesisTimeMs, slotDurationMs, slotsPerEpoch, genesisValidatorsRoot: "0x" },
      requests: { total: 0, failed: 0, perSecond: 10, streams: 2 },
      ...(tripwire && { tripwire }),
      ...podMove(group, now),
      ...(effects.duplicateInGroup === group && {
        duplicateKey: { at: now - (now % epochMs), validatorIndex: 100_001, clients: ["a", "b"] },
      }),
    };
  }

  /** A client comes back with another address: for up to an epoch both name its validators. */
  function podMove(group: string, now: number): Pick<GroupStatus, "duplicateKey"> {
    const isMoving = podMoves.get(group)?.(now) === true;
    const known = podAddress.get(group) ?? { isMoving: false, moves: 0 };
    const moves = known.moves + Number(isMoving && !known.isMoving);
    podAddress.set(group, { isMoving, moves });
    const clients = [`10.0.0.${moves}`, `10.0.0.${moves + 1}`];
    return isMoving ? { duplicateKey: { at: now, validatorIndex: 100_002, clients } } : {};
  }

  function refusal(at: number) {
    return { at, kind: "double-vote" as const, validatorIndex: 100_001, slot: 1, client: "a" };
  }

  function observed(effects: Effects, now: number): ObservedGateway[] {
    if (effects.refusesIn !== undefined && lastRefusal?.group !== effects.refusesIn) {
      refused += 1;
      lastRefusal = { at: now, group: effects.refusesIn };
    }
    const statuses = new Map(groups.map((group) => [group, groupStatus(group, effects, now)]));
    return gateways.map((name) => {
      const own = groups.filter((group) => name === "gw-spare" || group.startsWith(name.slice(3)));
      const isReachable = effects.downGateway !== name && gatewayGaps.get(name)?.(now) !== true;
      if (isReachable) downSince.delete(name);
      else if (!downSince.has(name)) downSince.set(name, now);
      const status: GatewayStatus = {
        ...{
          controlVersion: 1,
          gateway: name,
          version: "1",
          startedAt: fromAt - 3_600_000,
          at: now,
          configRevision: "1",
        },
        groups: own.flatMap((group) => statuses.get(group) ?? []),
        process: {
          pid: 1,
          rssBytes: 1,
          heapUsedBytes: 1,
          eventLoopLagMs: 1,
          cpuSeconds: 1,
          openClientSockets: 1,
          inFlightRequests: 1,
        },
        ...{ lastTransitionSeq: 1, lastEvidenceSeq: 1 },
      };
      return { name, isReachable, lastContactAt: downSince.get(name) ?? now, error: undefined, status };
    });
  }

  function hostStates(effects: Effects, now: number): HostState[] {
    stuckDiskAt = effects.fullDisk === undefined ? undefined : (stuckDiskAt ?? now);
    return hosts.map(({ name, group }) => {
      const isSilent = effects.silentHosts?.includes(name) === true;
      if (isSilent && !downSince.has(name)) downSince.set(name, now);
      if (!isSilent) downSince.delete(name);
      const isGap = hostGaps.get(name)?.(now) === true || (group === "eu1" && providerGap(now));
      const readAt = isSilent
        ? (downSince.get(name) ?? now)
        : isGap
          ? now - 100_000
          : now - Math.floor(random() * 30_000);
      const isFull = effects.fullDisk === name;
      const daysToFull = isFull ? Math.max(0.2, 1.5 - (now - (stuckDiskAt ?? now)) / 7_200_000) : 9 + random() * 40;
      const size = 4e12;
      const normal = { bytesPerDay: 1e9, daysToFull };
      return {
        ...{
          name,
          provider: providerOf(group),
          region: group.slice(0, 2),
          verdict: "good",
          readAt,
          cores: 16,
          load1: 1,
        },
        findings: [
          { verdict: "good", reason: "host-clock-good", detail: "", facts: { offsetMs: (random() - 0.5) * 80 } },
        ],
        cpu: { busy: 0.3 + random() * 0.4, ioWait: 0.05, steal: 0 },
        ...{ memoryTotalBytes: 64e9, memoryAvailableBytes: (0.2 + random() * 0.3) * 64e9, bootedAt: 0 },
        disks: [
          {
            ...{ mountpoint: "/data", device: "nvme0", sizeBytes: size, availableBytes: size * (isFull ? 0.06 : 0.4) },
            ...{ isReadOnly: false, freeInodes: 0.9, forecast: { normal, withoutFinality: undefined, historyMs: 1 } },
          },
        ],
        ...{ processes: [], pages: [{ place: name, from: "page", readAt, error: undefined }] },
      };
    });
  }

  function keys({ doubledAt }: Effects, now: number): KeyReconciliation[] {
    return validatorClients.map((place) => {
      const counts = {
        missing: keysMoving.get(place)?.(now) === true ? 3 : 0,
        unexpected: 0,
        doubled: doubledAt === place ? 40 : 0,
      };
      return {
        ...{
          place,
          kind: "validator-client" as const,
          checkedAt: now - (now % epochMs),
          expected: 1_250,
          loaded: 1_250,
        },
        ...{ missing: [], unexpected: [], doubled: [], counts },
      };
    });
  }

  /** Each client asks all the time; now and then one of them asks three times as often for a while. */
  function requests(
    { silentClient, downGateway }: Effects,
    now: number,
  ): { gateway: string; records: EvidenceRecord[] }[] {
    return gateways.slice(0, 2).map((gateway) => ({
      gateway,
      records: validatorClients
        .filter(
          (client) => client.slice(3, 5) === gateway.slice(3) && client !== silentClient && gateway !== downGateway,
        )
        .flatMap((client) => Array.from({ length: 1 + Math.floor(random() * 3) }, () => record(client, now))),
    }));
  }

  return {
    ...{ observed, hostStates, keys, requests },
    undelivered: (effects: Effects, now: number) => [
      { channel: "mail", count: effects.undelivered === "mail" ? 4 : 0 },
      { channel: "chat", count: effects.undelivered === "chat" ? 4 : Number(chatSlow(now)) },
    ],
    isStoreBusy: storeBusy,
  };
}

function record(client: string, at: number): EvidenceRecord {
  return {
    ...{
      at,
      slot: undefined,
      group: client.slice(3, 6),
      client,
      requestId: "",
      method: "GET",
      route: "x",
      policy: "x",
    },
    ...{ status: 200, durationMs: 5, node: undefined, headRoot: undefined, answers: [] },
  };
}
