import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import { mainBranch, type SimChain } from "./chain/types.ts";
import { startSimFault } from "./fault-kinds/registry.ts";
import type { ActiveSimFault, SimFault, SimFaultKind } from "./fault-kinds/types.ts";
import { presets } from "./preset.ts";
import { simRoutes } from "./routes/registry.ts";
import { createBlockTypes } from "../beacon/ssz/block-types.ts";
import { createEventHub } from "./node/event-hub.ts";
import { createReceivedLog, type ReceivedFilter } from "./node/received-log.ts";
import { createRouter } from "./node/router.ts";
import { serve, type ServeContext } from "./node/serve.ts";
import { honestView, look } from "./node/sight.ts";
import { honestQuirks, type NodeContext, type ReceivedRequest, type Sight, type SimNodeQuirks } from "./node/types.ts";

export interface SimBeaconNodeOptions {
  chain: SimChain;
  clock: Clock;
  name: string;
  /** Answer of `node/version`. Default `Lodestar/v1.50.0/sim-NAME`. */
  version?: string;
  /** Default 127.0.0.1 and a free port. */
  listen?: { host: string; port: number };
  /** Default `main`. */
  branch?: string;
  /** How long after its slot's start a block arrives. Default a twentieth of the slot. */
  blockDelayMs?: number;
  /** Default 50. */
  peers?: number;
  /** Share of each committee whose votes this node hears, for aggregates and contributions. Default 0.9. */
  gossipShare?: number;
  /** How many requests are remembered. Default 10,000. */
  rememberedRequests?: number;
  /** Default: a full and right Beacon API. */
  quirks?: Partial<SimNodeQuirks>;
}

/** A beacon node that answers from a simulated chain and shows faults on demand. */
export interface SimBeaconNode {
  readonly name: string;
  readonly url: string;
  /** Sets a fault; one of the same kind is replaced, others stay. */
  setFault(fault: SimFault): void;
  /** Ends one kind of fault, or all; what hangs is then answered. */
  clearFault(kind?: SimFaultKind): void;
  faults(): readonly SimFault[];
  /** What the node sees at this instant. */
  sight(): Sight;
  /** The requests it received, oldest first. */
  received(filter?: ReceivedFilter): readonly ReceivedRequest[];
  clearReceived(): void;
  /** Fee recipients by validator index that it was told since the last restart. */
  preparations(): ReadonlyMap<number, string>;
  /** Sends an event of any topic to the open streams. */
  emit(topic: string, data: unknown): void;
  readonly openStreams: number;
  /** Cuts every connection and forgets what validator clients told, as a restarted node does. */
  restart(): void;
  stop(): Promise<void>;
}

/** Starts the node. Throws AppError when it cannot listen. */
export async function startSimBeaconNode(options: SimBeaconNodeOptions): Promise<SimBeaconNode> {
  const { chain, clock, name } = options;
  const blockDelayMs = options.blockDelayMs ?? Math.floor(chain.slotDurationMs / 20);
  const preset = presets[chain.preset];
  const active = new Map<SimFaultKind, { fault: SimFault; started: ActiveSimFault }>();
  const log = createReceivedLog(options.rememberedRequests ?? 10_000);
  const preparations = new Map<number, string>();
  let faultsChanged = new AbortController();

  function sight(): Sight {
    let view = honestView(options.branch ?? mainBranch, options.peers ?? 50);
    for (const { started } of active.values()) view = started.view?.(view) ?? view;
    return look(chain, view, clock.now(), blockDelayMs);
  }

  const node: NodeContext = {
    name,
    version: options.version ?? `Lodestar/v1.50.0/sim-${name}`,
    chain,
    preset,
    blockTypes: createBlockTypes(preset),
    clock,
    sight,
    preparations,
    gossipShare: options.gossipShare ?? 0.9,
    emit: (topic, data) => hub.emit(topic, data),
    quirks: { ...honestQuirks, ...options.quirks },
  };
  const hub = createEventHub(node, blockDelayMs);
  const context: ServeContext = {
    node,
    hub,
    log,
    router: createRouter(simRoutes),
    interferences: (path) => [...active.values()].map(({ started }) => started.interfere?.(path) ?? { kind: "none" }),
    faultsChanged: () => faultsChanged.signal,
  };
  const server = createServer({ keepAliveTimeout: 72_000, requestTimeout: 0 });
  server.on("request", (req: IncomingMessage, res: ServerResponse) => void serve(req, res, context));
  const { host, port } = options.listen ?? { host: "127.0.0.1", port: 0 };
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    hub.stop();
    throw new AppError(`Start simulated beacon node ${name} on ${host}:${port}: choose a free port.`, {
      code: "sim-listen",
      cause,
    });
  }

  function changed(): void {
    const before = faultsChanged;
    faultsChanged = new AbortController();
    before.abort();
    hub.observe();
  }

  let stopping: Promise<void> | undefined;
  return {
    name,
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    setFault(fault) {
      active.delete(fault.kind);
      active.set(fault.kind, {
        fault,
        started: startSimFault(fault, { nodeName: name, chain, clock, sight: sight() }),
      });
      changed();
    },
    clearFault(kind) {
      if (kind === undefined) active.clear();
      else active.delete(kind);
      changed();
    },
    faults: () => [...active.values()].map(({ fault }) => fault),
    sight,
    received: (filter) => log.find(filter),
    clearReceived: () => log.clear(),
    preparations: () => preparations,
    emit: (topic, data) => hub.emit(topic, data),
    get openStreams() {
      return hub.openStreams;
    },
    restart() {
      preparations.clear();
      hub.closeStreams();
      server.closeAllConnections();
    },
    stop() {
      stopping ??= (async () => {
        hub.stop();
        const closed = once(server, "close");
        server.close();
        server.closeAllConnections();
        active.clear();
        faultsChanged.abort();
        await closed;
      })();
      return stopping;
    },
  };
}
