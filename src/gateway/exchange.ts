import { gzip } from "node:zlib";
import type { ClientRequest, ClientResponse, ClientSocket } from "./client-connection.ts";
import type { ClientIdentity } from "./clients/client-book.ts";
import type { FairShare } from "./clients/fair-share.ts";
import { countAnswer } from "./counters.ts";
import type { GroupContext } from "./context.ts";
import { leaveEvidence } from "./evidence.ts";
import { acceptsGzip } from "./http/accepts-gzip.ts";
import type { CheckedHeaders } from "./http/check-headers.ts";
import { isHopByHop } from "./http/header-kinds.ts";
import { isJson } from "./http/media-type.ts";
import { replyError } from "./http/replies.ts";
import { sendable } from "./http/sendable-headers.ts";
import { withVary } from "./http/vary.ts";
import type { EvidenceRecord } from "../control/types.ts";
import { refusedItems, type Published } from "./published/listing.ts";
import type { ItemFailure } from "./policies/merge-failures.ts";
import type { GatewayReasonCode } from "./reasons.ts";
import { budgetMs } from "./routes/budget.ts";
import type { Route } from "./routes/route.ts";
import type { AnswerHeaders, OutgoingCall } from "./send/attempt.ts";
import type { AnswerSink, CallJob } from "./send/job.ts";
import type { SharedAnswer } from "./share/shared-answer.ts";

/** One line of an evidence record: a node that was asked and what came of it. */
export interface AskedNode {
  node: string;
  outcome: string;
  status: number | undefined;
  durationMs: number;
  words?: string;
}

/** Answers to questions with a body are packed from this size on. */
const ownPackBytes = 262_144;

/** `hit`: from memory; `joined`: another client's call brought it; `led`: this client's call did. */
export type SharedResult = "hit" | "joined" | "led";

/** One client request from arrival to answer. Whoever answers calls exactly one of `reply`, `fail`, or head and `end`. */
export class Exchange implements CallJob, AnswerSink {
  readonly context: GroupContext;
  readonly req: ClientRequest;
  readonly res: ClientResponse;
  readonly client: ClientSocket;
  /** Who sent this request. */
  readonly identity: ClientIdentity;
  /** Where it holds a place among the bulk requests, until it is answered. */
  place: FairShare | undefined;
  /** Bytes of its body that the memory budget counts. */
  heldBytes = 0;
  readonly route: Route;
  /** Value of the route's parameter. */
  readonly param: string;
  /** Path and query as received. */
  readonly target: string;
  readonly headers: CheckedHeaders;
  readonly isHead: boolean;
  readonly arrivedAt: number;
  body: Buffer | null = null;
  /** Set when the answer comes from a node that is not ready. */
  degraded: string | undefined;
  asked: readonly AskedNode[] | undefined;
  /** Where a shared answer came from: memory, another client's call, or this one's. */
  shared: SharedResult | undefined;
  /** What it publishes, where that has been read; and of it, what no node took. */
  published: Published | undefined;
  refused: readonly ItemFailure[] | undefined;
  private servedFrom: SharedAnswer | undefined;
  private refusal: EvidenceRecord["refusal"];
  isOver = false;
  /** Called when the client has gone away. */
  onGone: (() => void) | undefined;

  constructor(
    context: GroupContext,
    req: ClientRequest,
    res: ClientResponse,
    client: ClientSocket,
    match: { route: Route; param: string },
    headers: CheckedHeaders,
  ) {
    this.context = context;
    this.req = req;
    this.res = res;
    this.client = client;
    this.identity = client.identity;
    this.route = match.route;
    this.param = match.param;
    this.target = req.url as string;
    this.headers = headers;
    this.isHead = req.method === "HEAD";
    this.arrivedAt = client.lane?.arrivedAt ?? context.clock.monotonic();
    context.counters.inFlight++;
    client.active.push(this);
  }

  /** When the answer must be there, on the monotonic clock. */
  deadlineAt(): number {
    const { clock, upstream } = this.context;
    return this.arrivedAt + budgetMs(this.route.deadline, upstream.network(), clock);
  }

  outgoing(): OutgoingCall {
    return {
      method: this.isHead ? "GET" : (this.req.method as OutgoingCall["method"]),
      target: this.target,
      headers: this.headers.forward,
      body: this.body,
      lane: this.route.lane,
    };
  }

  openSink(): AnswerSink {
    return this;
  }

  write(chunk: Buffer): boolean {
    return this.isHead || this.isOver || this.res.write(chunk);
  }

  onceDrained(resume: () => void): void {
    this.res.once("drain", resume);
  }

  /** Notes what a node answered, for routes that leave evidence. */
  note(node: string, outcome: string, status: number | undefined, startedAt: number, words?: string): void {
    if (!this.route.isDuty) return;
    const durationMs = Math.round(this.context.clock.monotonic() - startedAt);
    const asked: AskedNode = { node, outcome, status: status === 0 ? undefined : status, durationMs };
    if (words !== undefined) asked.words = words;
    ((this.asked ??= []) as AskedNode[]).push(asked);
  }

  /** Sends status and headers of a node's answer; the body follows. */
  head(status: number, headers: AnswerHeaders, node: string | undefined, contentLength?: number): void {
    const list: (string | string[])[] = [];
    for (const name in headers) {
      if (isHopByHop(name) || (contentLength !== undefined && name === "content-length")) continue;
      const value = headers[name];
      if (value === undefined) continue;
      if (name === "date") this.res.sendDate = false;
      list.push(name, value);
    }
    if (contentLength !== undefined) list.push("content-length", String(contentLength));
    if (node !== undefined) list.push("x-slotkeeper-node", node);
    list.push("x-request-id", this.headers.requestId);
    if (this.degraded !== undefined) {
      list.push("x-slotkeeper-degraded", this.degraded);
      this.context.counters.degraded++;
    }
    try {
      this.res.writeHead(status, list as string[]);
    } catch {
      // A node's header that HTTP does not allow must not cost the answer: it is left out.
      this.res.writeHead(status, sendable(list));
    }
  }

  /** Answers whole: compresses where the client accepts it and it is worth it, except on pass-through. */
  reply(status: number, headers: AnswerHeaders, body: Buffer, node?: string): void {
    if (this.isOver || this.res.destroyed) return this.close(status, node);
    const { settings } = this.context;
    if (
      this.route.policy !== "pass" &&
      body.length >= settings.compressFromBytes &&
      status === 200 &&
      this.mayCompress(headers)
    ) {
      gzip(body, { level: 1 }, (error, packed) => {
        if (error || this.isOver || this.res.destroyed) this.sendWhole(status, headers, body, node);
        else {
          const vary = withVary(headers["vary"], "Accept-Encoding");
          this.sendWhole(status, { ...headers, "content-encoding": "gzip", vary }, packed, node);
        }
      });
      return;
    }
    this.sendWhole(status, headers, body, node);
  }

  /** Answers with what is made once for many; compressed once, whoever wants it so. */
  replyShared(answer: SharedAnswer, how: SharedResult): void {
    this.shared = how;
    this.servedFrom = answer;
    this.asked = answer.asked;
    this.degraded = answer.degraded;
    this.context.counters.shared[how]++;
    const isPackable = answer.isJson && answer.body.length >= this.context.settings.compressFromBytes;
    // An answer to a list of indices is one client's own, as a rule: packing it would cost more than the rest of it.
    const isOwn = this.body !== null && answer.body.length < ownPackBytes;
    if (!isPackable || isOwn || !this.wantsGzip()) return this.sendShared(answer, answer.body, false);
    if (answer.packed) return this.sendShared(answer, answer.packed, true);
    answer.pack(() => this.sendShared(answer, answer.packed ?? answer.body, !!answer.packed));
  }

  /** Answers with JSON made here. */
  replyJson(status: number, value: unknown): void {
    this.reply(status, { "content-type": "application/json" }, Buffer.from(JSON.stringify(value)));
  }

  /** Answers with an error made here. */
  fail(status: number, reason: GatewayReasonCode, detail = ""): void {
    if (!this.isOver) {
      this.refusal = { reason, detail: detail.slice(0, 200) };
      const { requestId } = this.headers;
      replyError(
        this.res,
        status,
        reason,
        status === 503 ? { requestId, detail, retryAfterS: 1 } : { requestId, detail },
      );
    }
    this.close(status, undefined);
  }

  /** Ends an answer whose head was sent by `head`. */
  end(status: number, node: string | undefined): void {
    if (!this.isOver) this.res.end();
    this.close(status, node);
  }

  /** The node died in the middle of a streamed body: the client must not take it for whole. */
  breakOff(node: string): void {
    this.req.socket.destroy();
    this.close(502, node);
  }

  /** The client went away. */
  gone(): void {
    this.onGone?.();
    this.close(499, undefined);
  }

  private mayCompress(headers: AnswerHeaders): boolean {
    return (
      headers["content-encoding"] === undefined && isJson(String(headers["content-type"] ?? "")) && this.wantsGzip()
    );
  }

  private wantsGzip(): boolean {
    return acceptsGzip(this.req.headers["accept-encoding"]);
  }

  private sendShared(answer: SharedAnswer, body: Buffer, isPacked: boolean): void {
    const { res } = this;
    if (!this.isOver && !res.destroyed) {
      const list = answer.headers.concat("x-request-id", this.headers.requestId);
      if (isPacked) list.push("content-encoding", "gzip");
      const isBodiless = answer.status === 204;
      if (!isBodiless) list.push("content-length", String(body.length));
      if (answer.hasDate) res.sendDate = false;
      if (answer.degraded !== undefined) this.context.counters.degraded++;
      res.writeHead(answer.status, list);
      if (this.isHead || isBodiless) res.end();
      else if (body.length <= 16_384) res.end(body.toString("latin1"), "latin1");
      else res.end(body);
    }
    this.close(answer.status, answer.node);
  }

  private sendWhole(status: number, headers: AnswerHeaders, body: Buffer, node: string | undefined): void {
    if (!this.isOver && !this.res.destroyed) {
      const isBodiless = status === 204 || status === 304;
      this.head(status, headers, node, isBodiless ? undefined : body.length);
      if (this.isHead || isBodiless) this.res.end();
      // One string is one write with the head; a buffer would be a gathered write, at twice the cost for small bodies.
      else if (body.length <= 16_384) this.res.end(body.toString("latin1"), "latin1");
      else this.res.end(body);
    }
    this.close(status, node);
  }

  private close(status: number, node: string | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    const { context, client, route } = this;
    this.onGone = undefined;
    const { active } = client;
    if (active[active.length - 1] === this) active.pop();
    else if (active.includes(this)) active.splice(active.indexOf(this), 1);
    context.counters.inFlight--;
    this.place?.leave(this.identity);
    if (this.heldBytes > 0) context.memory.give(this.heldBytes);
    const durationMs = context.clock.monotonic() - this.arrivedAt;
    countAnswer(context.counters, route, status, durationMs);
    if (!route.isDuty) return;
    const { servedFrom, published, refused } = this;
    leaveEvidence(context, {
      ...{ route, status, durationMs, node, client: this.identity.name, requestId: this.headers.requestId },
      ...{ answers: this.asked ?? [], shared: this.shared, refusal: this.refusal },
      forSlot: servedFrom?.forSlot ?? slotIn(this),
      servedHeadRoot: servedFrom?.headRoot,
      published: published && {
        ...published.items,
        ...(refused && { refused: refusedItems(published, refused) }),
      },
    });
  }
}

/** The slot that a block or attestation data is asked for. */
function slotIn({ route, param, target }: Exchange): number | undefined {
  if (!route.isSigningInput) return undefined;
  const text = param === "" ? (/[?&]slot=([0-9]{1,15})(?:&|$)/.exec(target)?.[1] ?? "") : param;
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}
