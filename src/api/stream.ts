import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { ApiPorts } from "./ports.ts";
import { securityHeaders } from "./security-headers.ts";

const maxClients = 64;
/** A browser that lets this much pile up is cut off; it reconnects and gets a fresh snapshot. */
const maxUnsentBytes = 1024 * 1024;
const snapshotThrottleMs = 200;
const heartbeatMs = 15_000;

export interface LiveStream {
  readonly clients: number;
  stop(): void;
}

/** `GET /api/v1/stream`: one Buffer per event for all clients (server-sent events, HTML standard 9.2). */
export function liveStream(app: FastifyInstance, ports: ApiPorts, clock: Clock): LiveStream {
  const clients = new Set<ServerResponse>();
  let lastSentAt = -Infinity;
  let cancelPending: (() => void) | undefined;
  let cancelDuties: (() => void) | undefined;

  function send(client: ServerResponse, bytes: Buffer): void {
    if (client.writableLength > maxUnsentBytes) client.destroy();
    else client.write(bytes);
  }
  function broadcast(name: string, value: unknown): void {
    if (clients.size === 0) return;
    const bytes = frame(name, value);
    for (const client of clients) send(client, bytes);
  }
  function sendSnapshot(): void {
    cancelPending = undefined;
    lastSentAt = clock.monotonic();
    broadcast("snapshot", ports.snapshot());
  }
  function scheduleSnapshot(): void {
    if (cancelPending || clients.size === 0) return;
    const waitMs = lastSentAt + snapshotThrottleMs - clock.monotonic();
    if (waitMs <= 0) sendSnapshot();
    else cancelPending = clock.after(waitMs, sendSnapshot);
  }

  // The same bound as for snapshots: judging an epoch changes several things at once.
  function scheduleDuties(): void {
    if (cancelDuties || clients.size === 0) return;
    cancelDuties = clock.after(snapshotThrottleMs, () => {
      cancelDuties = undefined;
      broadcast("duties", ports.duties.now());
    });
  }

  const undo = [
    ports.onSnapshot(scheduleSnapshot),
    ports.duties.onChange(scheduleDuties),
    ports.onTransition((transition) => broadcast("transition", transition)),
    clock.every(heartbeatMs, () => {
      for (const client of clients) send(client, Buffer.from(": still here\n\n"));
    }),
  ];

  const summary =
    "Server-sent events: `snapshot` (Snapshot) at once and on change, `transition` (StoredTransition) as they are stored, `duties` (DutiesNow) at once and on change.";
  // A HEAD route would open a stream without a reader.
  app.get(
    "/api/v1/stream",
    { exposeHeadRoute: false, schema: { summary, produces: ["text/event-stream"] } },
    (_request, reply) => {
      if (clients.size >= maxClients)
        throw new AppError(`open a live stream: ${maxClients} are open already. Close some pages.`, {
          code: "too-many-streams",
        });
      reply.hijack();
      const client = reply.raw;
      client.writeHead(200, {
        ...securityHeaders,
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        // Tells nginx not to hold the events back.
        "x-accel-buffering": "no",
      });
      client.write("retry: 1000\n\n");
      client.write(frame("snapshot", ports.snapshot()));
      client.write(frame("duties", ports.duties.now()));
      clients.add(client);
      client.once("close", () => clients.delete(client));
    },
  );

  return {
    get clients() {
      return clients.size;
    },
    stop() {
      cancelPending?.();
      cancelDuties?.();
      for (const cancel of undo) cancel();
      for (const client of clients) client.end();
    },
  };
}

function frame(name: string, value: unknown): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
}
