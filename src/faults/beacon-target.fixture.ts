import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** Root of the fixture's block at a slot: every slot has one, and its root ends in the slot's number. */
export function rootOf(slot: number): string {
  return `0x${slot.toString(16).padStart(64, "a")}`;
}

/** A stand-in for a beacon node: as much of the Beacon API as the faults read, and a few odd routes. */
export async function startBeaconTarget(headSlot: number) {
  const state = { headSlot };
  const requests: { method: string; url: string; headers: string[]; body: Buffer }[] = [];
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const server = createServer((req, res) => void answer(req, res));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    requests.push({ method: req.method ?? "", url: req.url ?? "", headers: req.rawHeaders, body });
    const url = new URL(`http://target${req.url ?? "/"}`);
    if (url.pathname === "/echo") return void res.writeHead(200, { "x-odd": ["1", "2"] }).end(body);
    if (url.pathname === "/empty") return void res.writeHead(204).end();
    if (url.pathname === "/eth/v1/events") {
      streams.add(res);
      res.writeHead(200, { "content-type": "text/event-stream" });
      return res.flushHeaders();
    }
    const json = read(url);
    res.writeHead(json === undefined ? 404 : 200, { "content-type": "application/json", etag: '"1"' });
    res.end(JSON.stringify(json ?? { code: 404, message: "not found" }));
  }

  function read({ pathname, searchParams }: URL): unknown {
    const { headSlot: head } = state;
    const data = (value: unknown) => ({ data: value });
    const block = /^\/eth\/v1\/beacon\/(headers|blocks)\/([^/]+)/.exec(pathname);
    if (block) {
      const slot = slotOf(block[2] ?? "", head);
      if (slot === undefined || slot > head) return undefined;
      return data(block[1] === "blocks" ? { root: rootOf(slot) } : header(slot));
    }
    switch (pathname) {
      case "/eth/v1/config/spec":
        return data({ SLOTS_PER_EPOCH: "8" });
      case "/eth/v1/beacon/headers":
        return data([header(head)]);
      case "/eth/v1/node/version":
        return data({ version: "Fixture/1" });
      case "/eth/v1/node/syncing":
        return data({ head_slot: String(head), sync_distance: "0", is_syncing: false, el_offline: false });
      case "/eth/v1/beacon/states/head/finality_checkpoints":
        return data({ current_justified: checkpoint(head, 1), finalized: checkpoint(head, 2) });
      case "/eth/v1/validator/attestation_data":
        return data({
          slot: searchParams.get("slot"),
          beacon_block_root: rootOf(head),
          source: checkpoint(head, 1),
          target: checkpoint(head, 0),
        });
      default:
        return /duties\/attester\/(\d+)/.test(pathname)
          ? { dependent_root: rootOf((Number(pathname.split("/").at(-1)) - 1) * 8 - 1), data: [] }
          : undefined;
    }
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sockets,
    streams,
    setHead: (slot: number) => void (state.headSlot = slot),
    send(text: string) {
      for (const res of streams) res.write(text);
    },
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function slotOf(id: string, head: number): number | undefined {
  if (id === "head") return head;
  return id.startsWith("0x") ? parseInt(id.replace(/^0xa*/, ""), 16) : Number(id);
}

function header(slot: number) {
  const message = { slot: String(slot), parent_root: rootOf(slot - 1), state_root: rootOf(slot + 1_000_000) };
  return { root: rootOf(slot), canonical: true, header: { message } };
}

function checkpoint(head: number, epochsBack: number) {
  const epoch = Math.floor(head / 8) - epochsBack;
  return { epoch: String(epoch), root: rootOf(epoch * 8) };
}
