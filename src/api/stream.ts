import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../lib/app-error.ts";
import type { Role } from "../access/roles.ts";
import type { Clock } from "../lib/clock.ts";
import { identifyAgain } from "./admit.ts";
import type { ApiPorts } from "./ports.ts";
import { securityHeaders } from "./security-headers.ts";

const maxClients = 64;
/** A browser that lets this much pile up is cut off; it reconnects and gets a fresh snapshot. */
const maxUnsentBytes = 1024 * 1024;
const snapshotThrottleMs = 200;
const respondThrottleMs = 250;
const heartbeatMs = 15_000;

export interface LiveStream {
  readonly clients: number;
  stop(): void;
}

/** `GET /api/v1/stream`: one Buffer per event for all clients who may see the same (server-sent events, HTML standard 9.2). */
export function liveStream(app: FastifyInstance, ports: ApiPorts, clock: Clock): LiveStream {
  const clients = new Map<ServerResponse, FastifyRequest>();
  let cancelDuties: (() => void) | undefined;

  function send(client: ServerResponse, bytes: Buffer): void {
    if (client.writableLength > maxUnsentBytes) client.destroy();
    else client.write(bytes);
  }
  function broadcast(name: string, value: unknown): void {
    if (clients.size === 0) return;
    const bytes = frame(name, value);
    for (const client of clients.keys()) send(client, bytes);
  }
  const snapshots = atMostEvery(snapshotThrottleMs, () => broadcast("snapshot", ports.snapshot()), clock);

  // The same bound as for snapshots: judging an epoch changes several things at once.
  function scheduleDuties(): void {
    if (cancelDuties || clients.size === 0) return;
    cancelDuties = clock.after(snapshotThrottleMs, () => {
      cancelDuties = undefined;
      broadcast("duties", ports.duties.now());
    });
  }

  // Titles of embargoed incidents differ by role, so that each role has bytes of its own.
  function sendRespond(): void {
    const frames = new Map<Role | undefined, Buffer>();
    for (const [client, { identity }] of clients) {
      const role = identity?.role;
      const bytes = frames.get(role) ?? frame("respond", ports.respond.now(role));
      frames.set(role, bytes);
      send(client, bytes);
    }
  }
  const responds = atMostEvery(respondThrottleMs, sendRespond, clock);
  const whenWatched = (schedule: () => void) => () => void (clients.size > 0 && schedule());

  /** Whoever has another role by now, or none, asks again and gets what that allows; so too where the store cannot say. */
  function recheck(client: ServerResponse, request: FastifyRequest): void {
    const end = () => void client.end();
    identifyAgain(request, ports).then((identity) => {
      if (identity?.role !== request.identity?.role) end();
    }, end);
  }

  const undo = [
    ports.onSnapshot(whenWatched(snapshots.schedule)),
    ports.duties.onChange(scheduleDuties),
    ports.respond.onChange(whenWatched(responds.schedule)),
    ports.onTransition((transition) => broadcast("transition", transition)),
    clock.every(heartbeatMs, () => {
      for (const [client, request] of clients) {
        send(client, Buffer.from(": still here\n\n"));
        if (request.identity) recheck(client, request);
      }
    }),
  ];

  const summary =
    "Server-sent events: `snapshot` (Snapshot) at once and on change, `transition` (StoredTransition) as they are stored, `duties` (DutiesNow) and `respond` (RespondNow) at once and on change.";
  // A HEAD route would open a stream without a reader.
  app.get(
    "/api/v1/stream",
    { exposeHeadRoute: false, schema: { summary, produces: ["text/event-stream"] } },
    (request, reply) => {
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
      client.write(frame("respond", ports.respond.now(request.identity?.role)));
      clients.set(client, request);
      client.once("close", () => clients.delete(client));
    },
  );

  return {
    get clients() {
      return clients.size;
    },
    stop() {
      snapshots.cancel();
      responds.cancel();
      cancelDuties?.();
      for (const cancel of undo) cancel();
      for (const client of clients.keys()) client.end();
    },
  };
}

/** Sends at once, and then no sooner than `everyMs` later, however often it is asked to. */
function atMostEvery(everyMs: number, send: () => void, clock: Clock): { schedule(): void; cancel(): void } {
  let sentAt = -Infinity;
  let cancelPending: (() => void) | undefined;
  function sendNow(): void {
    cancelPending = undefined;
    sentAt = clock.monotonic();
    send();
  }
  return {
    schedule() {
      if (cancelPending) return;
      const waitMs = sentAt + everyMs - clock.monotonic();
      if (waitMs <= 0) sendNow();
      else cancelPending = clock.after(waitMs, sendNow);
    },
    cancel: () => cancelPending?.(),
  };
}

function frame(name: string, value: unknown): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
}
