import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mixAnswer, type MixAnswer } from "./mix-answers.ts";

/**
 * A beacon node that answers the health probes of any proxy as a healthy mainnet-like node would, one pass-through path
 * with a fixed JSON body of 1 kB, and the requests of the validator-client mix. A process of its own: its CPU is not the
 * proxy's. Prints its port; counts what it is asked, by route, and says so when it is sent a message.
 */
const slotMs = Number(process.argv[2] ?? 12_000);
/** Slots with eight digits, epochs with six, as mainnet will have for long. */
const firstSlot = 10_241_600;
const genesisTimeS = Math.floor((Date.now() - firstSlot * slotMs) / 1000);
const body = Buffer.from(JSON.stringify({ data: { filler: "x".repeat(1000) } }));
const root = (slot: number): string => `0x${slot.toString(16).padStart(64, "0")}`;
const headSlot = (): number => Math.floor((Date.now() - genesisTimeS * 1000) / slotMs);
const checkpoint = (epoch: number) => ({ epoch: String(epoch), root: root(epoch * 32) });

const spec = {
  CONFIG_NAME: "bench",
  PRESET_BASE: "mainnet",
  SECONDS_PER_SLOT: String(Math.ceil(slotMs / 1000)),
  SLOT_DURATION_MS: String(slotMs),
  SLOTS_PER_EPOCH: "32",
  EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "256",
  GENESIS_FORK_VERSION: "0x10000000",
  ALTAIR_FORK_VERSION: "0x11000000",
  ALTAIR_FORK_EPOCH: "0",
  BELLATRIX_FORK_VERSION: "0x12000000",
  BELLATRIX_FORK_EPOCH: "0",
  CAPELLA_FORK_VERSION: "0x13000000",
  CAPELLA_FORK_EPOCH: "0",
  DENEB_FORK_VERSION: "0x14000000",
  DENEB_FORK_EPOCH: "0",
  ELECTRA_FORK_VERSION: "0x15000000",
  ELECTRA_FORK_EPOCH: "0",
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
    data: ["10", "10", "11", "12", "13", "14"].map((previous, index) => ({
      previous_version: `0x${previous}000000`,
      current_version: `0x1${index}000000`,
      epoch: "0",
    })),
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

const asked: Record<string, number> = {};
const madeBefore = new Map<string, MixAnswer>();
const streams = new Set<ServerResponse>();

function answerMix(request: IncomingMessage, response: ServerResponse, path: string, bodySent: Buffer): boolean {
  const isGet = request.method === "GET";
  const answer = (isGet ? madeBefore.get(path) : undefined) ?? mixAnswer(request.method ?? "", path, bodySent);
  if (!answer) return false;
  if (isGet && madeBefore.size < 5_000) madeBefore.set(path, answer);
  const route = `${request.method} ${path.split("?")[0]?.replace(/\/\d+$/, "")}`;
  asked[route] = (asked[route] ?? 0) + 1;
  response.writeHead(answer.status, { "content-type": "application/json", "content-length": answer.body.length });
  response.end(answer.body);
  return true;
}

function answerOther(response: ServerResponse, path: string): void {
  const answer = answers[path.split("?")[0] ?? ""];
  if (path.startsWith("/eth/v1/node/health")) response.writeHead(200).end();
  else if (path.startsWith("/eth/v1/events")) {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n\n");
    streams.add(response);
    response.on("close", () => streams.delete(response));
  } else if (answer) answerJson(response, 200, answer());
  else answerJson(response, 404, { code: 404, message: "not here" });
}

/** The duties of every epoch hang on the same made-up block: `mix-answers.ts` names it too. */
function tellHead(): void {
  const dependent = `0x${"d0".repeat(32)}`;
  const head = {
    slot: String(headSlot()),
    block: root(headSlot()),
    state: root(1),
    epoch_transition: headSlot() % 32 === 0,
    previous_duty_dependent_root: dependent,
    current_duty_dependent_root: dependent,
    execution_optimistic: false,
  };
  for (const stream of streams) stream.write(`event: head\ndata: ${JSON.stringify(head)}\n\n`);
}

const server = createServer((request, response) => {
  const path = request.url ?? "/";
  if (request.method === "POST") {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (!answerMix(request, response, path, Buffer.concat(chunks))) answerOther(response, path);
    });
  } else if (path.startsWith("/eth/v1/beacon/pool/"))
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
  else if (!answerMix(request, response, path, Buffer.alloc(0))) answerOther(response, path);
});
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") console.log(address.port);
});
setTimeout(
  () => {
    tellHead();
    setInterval(tellHead, slotMs);
  },
  slotMs - ((Date.now() - genesisTimeS * 1000) % slotMs) + 20,
);
process.on("message", () => process.send?.(asked));
// The benchmark that started this ends it; without it there is nobody to serve.
process.on("disconnect", () => process.exit());
