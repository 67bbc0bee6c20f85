import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { accessReasons } from "../access/reasons.ts";
import { accessRefusal } from "../access/refusal.ts";
import { roleAllows } from "../access/roles.ts";
import { maxInboundBytes } from "../alerts/inbound/read-json.ts";
import { alertReasons, type AlertReasonCode } from "../alerts/reasons.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { actorOf, identifyToken } from "./admit.ts";
import { answerOfError } from "./errors.ts";
import { createGate, createRateLimit, type RateLimit } from "./inbound-limits.ts";
import {
  inboundInterfaces,
  type InboundInterface,
  type InboundRead,
  type InboundStored,
} from "./inbound-interfaces.ts";
import type { ApiPorts } from "./ports.ts";
import type { RespondPorts } from "./ports-respond.ts";

export interface InboundOptions {
  ports: Pick<ApiPorts, "access" | "people">;
  clock: Clock;
  log: Logger;
}

/** Requests that are read or stored at a time; those whose key is in the body are strangers until it is read. */
const mostAtOnce = { known: 128, strangers: 64, storing: 128 };
const retryAfterMs: Readonly<Record<string, number>> = {
  "inbound-busy": 2_000,
  "inbound-no-room": 60_000,
  "inbound-not-stored": 5_000,
};

/** A refusal with what is known of the request by then. */
class InboundError extends AppError {
  readonly retryMs: number;
  readonly read: InboundRead | undefined;
  readonly stored: InboundStored | undefined;

  constructor(code: AlertReasonCode, detail: { retryMs?: number; read?: InboundRead; stored?: InboundStored } = {}) {
    super(`${alertReasons[code].short}. ${alertReasons[code].long}`, { code });
    this.retryMs = detail.retryMs ?? retryAfterMs[code] ?? 0;
    this.read = detail.read;
    this.stored = detail.stored;
  }
}

/**
 * Alerts of other systems. A request is answered with 2xx once its alerts are stored; what cannot be taken is refused with
 * a status after which the sender comes again. Bodies are bytes until a reader has judged them, whatever their type says.
 */
export function inboundRoutes(
  app: FastifyInstance,
  respond: Pick<RespondPorts, "ingest">,
  options: InboundOptions,
): void {
  const gates = { known: createGate(mostAtOnce.known), strangers: createGate(mostAtOnce.strangers) };
  const storing = createGate(mostAtOnce.storing);
  const rate = createRateLimit(options.clock);

  function enter(reply: FastifyReply, who: keyof typeof gates): void {
    const leave = gates[who].enter();
    if (!leave) throw new InboundError("inbound-busy");
    // Also when the sender hangs up, which is why storing has a bound of its own.
    reply.raw.once("close", leave);
  }

  void app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
    for (const each of inboundInterfaces) {
      const { url, summary, hasKeyInBody = false } = each;
      scope.post(url, {
        bodyLimit: maxInboundBytes,
        config: { isForMachines: true, isOpen: hasKeyInBody },
        schema: { summary, security: [{ token: [] }] },
        onRequest: (request, reply, next) => {
          if (!hasKeyInBody) charge(rate, request);
          enter(reply, hasKeyInBody ? "strangers" : "known");
          // Senders name all sorts of types, and some none that is one.
          request.raw.headers["content-type"] = "application/octet-stream";
          next();
        },
        errorHandler: (error, request, reply) => refuse(each, error, request, reply, options.log),
        handler: async (request, reply) => {
          const read = each.read(textOf(request.body), options.clock.now());
          if (hasKeyInBody) {
            await admitByKey(request, read.key ?? "", options.ports);
            charge(rate, request);
          }
          const leave = storing.enter();
          if (!leave) throw new InboundError("inbound-busy");
          const stored = await store(respond, read, request, options.log).finally(leave);
          const { status, body } = each.taken(read, stored);
          return send(reply, status, body);
        },
      });
    }
    done();
  });
}

/** Takes the key for the token that another interface would have in its header. */
async function admitByKey(request: FastifyRequest, key: string, ports: InboundOptions["ports"]): Promise<void> {
  request.identity = await identifyToken(key, ports);
  request.actor = actorOf(request.identity, request.ip);
  if (!roleAllows(request.identity.role, "responder")) throw accessRefusal("role-too-low");
}

function charge(rate: RateLimit, { identity }: FastifyRequest): void {
  const retryMs = rate.waitMs(`${identity?.kind} ${identity?.name}`);
  if (retryMs > 0) throw new InboundError("inbound-flooded", { retryMs });
}

async function store(
  respond: Pick<RespondPorts, "ingest">,
  read: InboundRead,
  { actor }: FastifyRequest,
  log: Logger,
): Promise<InboundStored> {
  let stored: InboundStored;
  try {
    stored = await respond.ingest(read.alerts, actor);
  } catch (error) {
    log.error({ error: describeError(error), from: actor }, "alerts of another system could not be stored");
    throw new InboundError("inbound-not-stored");
  }
  if (stored.refused > 0) throw new InboundError("inbound-no-room", { read, stored });
  return stored;
}

function refuse(
  { url, hasKeyInBody = false, refused }: InboundInterface,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Logger,
): void {
  const known = answerOfError(error);
  const { code, message } = known.body.error;
  const { read, stored, retryMs = 0 } = error instanceof InboundError ? error : {};
  if (code === "internal") log.error({ error: describeError(error), path: url }, "answering a request failed");
  // What `admit` refuses is in the log already.
  else if (hasKeyInBody || !Object.hasOwn(accessReasons, code))
    log.warn({ reason: code, path: url, from: request.actor }, `alerts of another system were refused: ${message}`);
  const { status, body } = refused({ status: known.status, code, message }, read, stored);
  if (retryMs > 0) reply.header("retry-after", String(Math.ceil(retryMs / 1_000)));
  void send(reply, status, body);
}

function send(reply: FastifyReply, status: number, body: string): FastifyReply {
  if (body !== "") reply.type("application/json; charset=utf-8");
  return reply.code(status).send(body === "" ? undefined : body);
}

/** Bytes that are no UTF-8 become U+FFFD: an alarm is worth more than its text. A byte order mark is left out. */
function textOf(body: unknown): string {
  return Buffer.isBuffer(body) ? new TextDecoder().decode(body) : "";
}
