import { createServer, type ServerResponse } from "node:http";

/**
 * A beacon node that answers the health probes of any proxy as a healthy mainnet-like node would, and one pass-through
 * path with a fixed JSON body of 1 kB. A process of its own: its CPU is not the proxy's. Prints its port.
 */
const genesisTimeS = Math.floor(Date.now() / 1000) - 32 * 12 * 10;
const body = Buffer.from(JSON.stringify({ data: { filler: "x".repeat(1000) } }));
const root = (slot: number): string => `0x${slot.toString(16).padStart(64, "0")}`;
const headSlot = (): number => Math.floor((Date.now() / 1000 - genesisTimeS) / 12);
const checkpoint = (epoch: number) => ({ epoch: String(epoch), root: root(epoch * 32) });

const spec = {
  CONFIG_NAME: "bench",
  PRESET_BASE: "mainnet",
  SECONDS_PER_SLOT: "12",
  SLOTS_PER_EPOCH: "32",
  EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "256",
  GENESIS_FORK_VERSION: "0x10000000",
  ALTAIR_FORK_VERSION: "0x11000000",
  ALTAIR_FORK_EPOCH: "0",
};

const answers: Readonly<Record<string, () => unknown>> = {
  "/eth/v1/node/syncing": () => ({
    data: {
      head_slot: String(headSlot()),
      sync_distance: "0",
      is_syncing: false,
      is_optimistic: false,
      el_offline: false,
    },
  }),
  "/eth/v1/node/version": () => ({ data: { version: "Bench/v1.0.0" } }),
  "/eth/v1/node/peer_count": () => ({
    data: { connected: "50", connecting: "0", disconnected: "0", disconnecting: "0" },
  }),
  "/eth/v1/config/spec": () => ({ data: spec }),
  "/eth/v1/config/fork_schedule": () => ({
    data: [
      { previous_version: "0x10000000", current_version: "0x10000000", epoch: "0" },
      { previous_version: "0x10000000", current_version: "0x11000000", epoch: "0" },
    ],
  }),
  "/eth/v1/beacon/genesis": () => ({
    data: { genesis_time: String(genesisTimeS), genesis_validators_root: root(7), genesis_fork_version: "0x10000000" },
  }),
  "/eth/v1/beacon/headers/head": () => ({
    execution_optimistic: false,
    finalized: false,
    data: {
      root: root(headSlot()),
      canonical: true,
      header: {
        message: {
          slot: String(headSlot()),
          proposer_index: "0",
          parent_root: root(headSlot() - 1),
          state_root: root(1),
          body_root: root(2),
        },
        signature: "0x",
      },
    },
  }),
  "/eth/v1/beacon/states/head/finality_checkpoints": () => {
    const epoch = Math.floor(headSlot() / 32);
    return {
      execution_optimistic: false,
      finalized: false,
      data: {
        previous_justified: checkpoint(epoch - 2),
        current_justified: checkpoint(epoch - 1),
        finalized: checkpoint(epoch - 2),
      },
    };
  },
};

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

const server = createServer((request, response) => {
  const path = request.url ?? "/";
  if (path.startsWith("/eth/v1/beacon/pool/")) {
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
    return;
  }
  const answer = answers[path.split("?")[0] ?? ""];
  if (path.startsWith("/eth/v1/node/health")) response.writeHead(200).end();
  else if (path.startsWith("/eth/v1/events"))
    response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n\n");
  else if (answer) answerJson(response, 200, answer());
  else answerJson(response, 404, { code: 404, message: "not here" });
});
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") console.log(address.port);
});
// The benchmark that started this ends it; without it there is nobody to serve.
process.on("disconnect", () => process.exit());
