import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../lib/clock.ts";

/** Servers for tests only: small, scriptable, and as rude as the test wants. */
export interface FakeServer {
  url: string;
  close(): Promise<void>;
}

export type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a server on the loopback address and a free port. */
export async function startFakeServer(respond: Respond): Promise<FakeServer> {
  const server: Server = createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A chain that all nodes of a test share: minimal preset, slots of 4 s. */
export interface FakeChain {
  genesisTimeMs: number;
  genesisValidatorsRoot: string;
  slotDurationMs: number;
  slotsPerEpoch: number;
}

export const fakeChain: FakeChain = {
  genesisTimeMs: 1_700_000_000_000,
  genesisValidatorsRoot: `0x${"42".repeat(32)}`,
  slotDurationMs: 4000,
  slotsPerEpoch: 8,
};

/** What one fake node says; each field can be made to lie. */
export interface FakeNode {
  chain: FakeChain;
  /** Slots behind the wall clock. */
  lag: number;
  isSyncing: boolean;
  isOptimistic: boolean | undefined;
  elOffline: boolean | undefined;
  peers: number;
  version: string;
  /** Epochs behind the wall clock. */
  finalizedLag: number;
  /** Distinguishes branches: blocks from `branchFrom` on have other roots. */
  branch: string;
  branchFrom: number;
  /** Milliseconds by which the `Date` header is off; `undefined` leaves the header out. */
  clockOffsetMs: number | undefined;
  forks: readonly { version: string; epoch: number }[];
  /** Called first for every request; true means that it answered, or will never answer. */
  intercept: (path: string, response: ServerResponse) => boolean;
  now: () => number;
}

const healthyNode: FakeNode = {
  chain: fakeChain,
  lag: 0,
  isSyncing: false,
  isOptimistic: false,
  elOffline: false,
  peers: 60,
  version: "Lighthouse/v8.0.0/x86_64-linux",
  finalizedLag: 2,
  branch: "a",
  branchFrom: Number.MAX_SAFE_INTEGER,
  clockOffsetMs: 0,
  forks: [{ version: "0x00000001", epoch: 0 }],
  intercept: () => false,
  now: () => systemClock.now(),
};

/** Starts a server that answers like a beacon node whose chain runs by the wall clock. */
export function startFakeBeaconNode(changes: Partial<FakeNode> = {}): Promise<FakeServer> {
  const node = { ...healthyNode, ...changes };
  return startFakeServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    response.sendDate = false;
    if (node.clockOffsetMs !== undefined)
      response.setHeader("date", new Date(node.now() + node.clockOffsetMs).toUTCString());
    if (node.intercept(path, response)) return;
    const data = answerOf(node, path);
    response.setHeader("content-type", "application/json");
    response.statusCode = data === undefined ? 404 : 200;
    response.end(JSON.stringify(data === undefined ? { code: 404, message: "not found" } : { data }));
  });
}

function answerOf(node: FakeNode, path: string): unknown {
  const { chain } = node;
  const wallSlot = Math.floor((node.now() - chain.genesisTimeMs) / chain.slotDurationMs);
  const head = wallSlot - node.lag;
  const epoch = Math.max(0, Math.floor(wallSlot / chain.slotsPerEpoch) - node.finalizedLag);
  const checkpoint = (at: number) => ({ epoch: String(at), root: rootAt(node, at * chain.slotsPerEpoch) });
  switch (path) {
    case "/eth/v1/node/version":
      return { version: node.version };
    case "/eth/v1/node/syncing":
      return {
        head_slot: String(head),
        sync_distance: String(node.isSyncing ? node.lag : 0),
        is_syncing: node.isSyncing,
        is_optimistic: node.isOptimistic,
        el_offline: node.elOffline,
      };
    case "/eth/v1/node/peer_count":
      return { connected: String(node.peers), disconnected: "0", connecting: "0", disconnecting: "0" };
    case "/eth/v1/config/spec":
      return {
        CONFIG_NAME: "fake",
        PRESET_BASE: "minimal",
        SECONDS_PER_SLOT: String(chain.slotDurationMs / 1000),
        SLOTS_PER_EPOCH: String(chain.slotsPerEpoch),
        EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "8",
        GENESIS_FORK_VERSION: "0x00000001",
      };
    case "/eth/v1/config/fork_schedule":
      return node.forks.map(({ version, epoch: at }) => ({
        previous_version: version,
        current_version: version,
        epoch: String(at),
      }));
    case "/eth/v1/beacon/genesis":
      return {
        genesis_time: String(chain.genesisTimeMs / 1000),
        genesis_validators_root: chain.genesisValidatorsRoot,
        genesis_fork_version: "0x00000001",
      };
    case "/eth/v1/beacon/headers/head":
      return {
        root: rootAt(node, head),
        canonical: true,
        header: {
          message: {
            slot: String(head),
            proposer_index: "1",
            parent_root: rootAt(node, head - 1),
            state_root: rootAt(node, head),
            body_root: rootAt(node, head),
          },
          signature: "0x00",
        },
      };
    case "/eth/v1/beacon/states/head/finality_checkpoints":
      return {
        previous_justified: checkpoint(epoch),
        current_justified: checkpoint(epoch + 1),
        finalized: checkpoint(epoch),
      };
    default: {
      const slot = Number(/^\/eth\/v1\/beacon\/blocks\/(\d+)\/root$/.exec(path)?.[1] ?? NaN);
      return slot <= head ? { root: rootAt(node, slot) } : undefined;
    }
  }
}

function rootAt(node: FakeNode, slot: number): string {
  const branch = slot >= node.branchFrom ? node.branch : "a";
  return `0x${Buffer.from(`${branch}${slot}`).toString("hex").padStart(64, "0")}`;
}
