import type { GroupContext } from "../context.ts";
import { leaveEvidence } from "../evidence.ts";
import { countAnswer } from "../counters.ts";
import type { ClientSocket } from "../client-connection.ts";
import type { SharedResult } from "../exchange.ts";
import type { Route } from "../routes/route.ts";
import type { ClientLane } from "./quick-lane.ts";
import type { SharedAnswer } from "../share/shared-answer.ts";
import type { Waiter } from "../share/waiter.ts";
import { wireText } from "../share/wire-text.ts";

/** A request that is answered without the HTTP server, with an answer that is in memory or on its way. */
export class LaneRequest implements Waiter {
  onGone: (() => void) | undefined;
  private readonly context: GroupContext;
  private readonly client: ClientSocket;
  private readonly lane: ClientLane;
  private readonly route: Route;
  private readonly chunk: Buffer;
  private readonly wantsGzip: boolean;
  private readonly ids: { base: string; last: number };
  private readonly arrivedAt: number;
  private isOver = false;

  constructor(
    context: GroupContext,
    client: ClientSocket,
    lane: ClientLane,
    route: Route,
    chunk: Buffer,
    wantsGzip: boolean,
    ids: { base: string; last: number },
  ) {
    this.context = context;
    this.client = client;
    this.lane = lane;
    this.route = route;
    this.chunk = chunk;
    this.wantsGzip = wantsGzip;
    this.ids = ids;
    this.arrivedAt = context.clock.monotonic();
    context.counters.inFlight++;
  }

  replyShared(answer: SharedAnswer, how: SharedResult): void {
    if (this.isOver) return;
    this.onGone = undefined;
    const isPackable = answer.isJson && answer.body.length >= this.context.settings.compressFromBytes;
    if (!this.wantsGzip || !isPackable || answer.packed === null) return this.send(answer, false, how);
    if (answer.packed) return this.send(answer, true, how);
    // Until the compressed form is there, bytes that come behind make it start over as any request that waits.
    this.lane.waiting = this;
    answer.pack(() => this.send(answer, !!answer.packed, how));
  }

  /** What it waited for did not come, or more was sent behind it: the HTTP server serves it, deadline and all. */
  startOver(): void {
    if (this.isOver) return;
    this.end();
    this.lane.arrivedAt = this.arrivedAt;
    this.lane.pass(this.chunk);
    this.lane.arrivedAt = undefined;
  }

  /** The client went away. */
  gone(): void {
    if (this.isOver) return;
    this.end();
    countAnswer(this.context.counters, this.route, 499, this.context.clock.monotonic() - this.arrivedAt);
  }

  private end(): void {
    this.isOver = true;
    this.context.counters.inFlight--;
    if (this.lane.waiting === this) this.lane.waiting = undefined;
    const { onGone } = this;
    this.onGone = undefined;
    onGone?.();
  }

  private send(answer: SharedAnswer, isPacked: boolean, how: SharedResult): void {
    if (this.isOver) return;
    this.end();
    const { client, context, ids } = this;
    const { counters, settings, clock } = context;
    const text = (answer.texts[isPacked ? 1 : 0] ??= wireText(answer, isPacked, settings.keepAliveMs, clock.now()));
    const requestId = ids.base + (++ids.last).toString(36);
    client.socket.write(`${text.before}${requestId}${text.after}`, "latin1");
    if (text.body) client.socket.write(text.body);
    answer.isUsed = true;
    counters.shared[how]++;
    client.identity.tally.requests++;
    if (answer.degraded !== undefined) counters.degraded++;
    const durationMs = clock.monotonic() - this.arrivedAt;
    countAnswer(counters, this.route, answer.status, durationMs);
    if (!this.route.isDuty) return;
    leaveEvidence(context, {
      ...{ route: this.route, client: client.identity.name, requestId, durationMs, shared: how },
      ...{ status: answer.status, node: answer.node, answers: answer.asked ?? [] },
      ...{ forSlot: answer.forSlot, servedHeadRoot: answer.headRoot },
    });
  }
}
