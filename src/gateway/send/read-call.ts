import { slotMs, type GroupContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { judgeBody, judgeHead, type Verdict } from "../policies/judge-answer.ts";
import type { Due } from "../timer-sweep.ts";
import { Attempt, hasRoom, type AttemptOwner, type OutgoingCall } from "./attempt.ts";
import { hedgeDelayMs, learnLatency, type NodeLink } from "./node-pools.ts";
import { reportCall, suspectHang } from "./report-call.ts";

/** Bodies of known length up to this are sent in one piece even on pass-through: one write, and still retried. */
const holdBytes = 65_536;

/** Silence on a slow route after which the node is probed, ms. */
const probeAfterMs = 400;

/**
 * One read: the first good answer of the nodes, in order. A failure moves on at once, silence after the hedge delay;
 * bodies are received whole unless the route is passed through or the body outgrows the buffer.
 */
export class ReadCall implements AttemptOwner, Due {
  dueAt = 0;
  sweepIndex = -1;
  private readonly context: GroupContext;
  private readonly exchange: Exchange;
  private readonly nodes: readonly NodeLink[];
  private readonly call: OutgoingCall;
  private readonly isStreamed: boolean;
  private readonly deadlineAt: number;
  private next = 0;
  private attempts: Attempt[] = [];
  private winner: Attempt | undefined;
  /** The best of the answers that were not good: served when nothing better comes. */
  private spare: Attempt | undefined;
  private hasRepeatedStale = false;
  private isPaused = false;
  private isProbeDue = false;
  private lastFailure = "";
  private readonly onGood: ((node: string) => void) | undefined;

  constructor(exchange: Exchange, nodes: readonly NodeLink[], onGood?: (node: string) => void) {
    const { route } = exchange;
    this.context = exchange.context;
    this.exchange = exchange;
    this.nodes = nodes;
    this.onGood = onGood;
    this.isStreamed = route.policy === "pass";
    this.deadlineAt = exchange.deadlineAt();
    this.call = {
      method: exchange.isHead ? "GET" : (exchange.req.method as OutgoingCall["method"]),
      target: exchange.target,
      headers: exchange.headers.forward,
      body: exchange.body,
      lane: route.isDuty ? "duty" : "bulk",
    };
  }

  start(): void {
    this.exchange.onGone = () => this.stop();
    this.context.sweep.add(this);
    if (!this.startNext()) this.giveUp();
  }

  onHead(attempt: Attempt): void {
    const { route } = this.exchange;
    if (route.isCheap) learnLatency(attempt.link, this.context.clock.monotonic() - attempt.startedAt);
    const verdict = judgeHead(route, attempt.status, contentType(attempt));
    if (verdict.kind === "next") return this.passOver(attempt, verdict);
    if (this.isStreamed && !isShort(attempt)) this.streamFrom(attempt);
  }

  onChunk(attempt: Attempt, chunk: Buffer): void {
    const { res, isHead } = this.exchange;
    if (isHead) return;
    if (!res.write(chunk) && !this.isPaused) {
      this.isPaused = true;
      attempt.pause();
      res.once("drain", () => {
        this.isPaused = false;
        attempt.resume();
      });
    }
    // A stream that moves is alive; its deadline is the wait for the next bytes.
    this.dueAt = this.context.clock.monotonic() + 30_000;
  }

  onLarge(attempt: Attempt): void {
    // An error page of many megabytes, or a second large body, is of no use to anyone.
    if (judgeHead(this.exchange.route, attempt.status, contentType(attempt)).kind !== "next")
      return this.streamFrom(attempt);
    attempt.abort();
    this.attempts = this.attempts.filter((other) => other !== attempt);
    if (this.attempts.length === 0) this.giveUp();
  }

  onEnd(attempt: Attempt): void {
    const { exchange, context } = this;
    if (this.winner) {
      if (this.winner !== attempt) return;
      this.stop();
      exchange.note(attempt.link.name, "answered", attempt.status, attempt.startedAt);
      return exchange.end(attempt.status, attempt.link.name);
    }
    let verdict = judgeHead(exchange.route, attempt.status, contentType(attempt));
    if (verdict.kind === "next") return this.settleSpare(attempt);
    if (verdict.kind === "good") {
      verdict = judgeBody(exchange.route, contentType(attempt), attempt.body());
      if (verdict.kind === "next") {
        this.passOver(attempt, verdict);
        return this.settleSpare(attempt);
      }
    }
    exchange.note(attempt.link.name, "answered", attempt.status, attempt.startedAt);
    reportCall(context, attempt, "answered", exchange.route.isCheap, "");
    this.stop(attempt);
    if (verdict.kind === "good") this.onGood?.(attempt.link.name);
    exchange.reply(attempt.status, attempt.headers, attempt.body(), attempt.link.name);
  }

  onFailed(attempt: Attempt): void {
    const { exchange, context } = this;
    const failure = attempt.failure ?? "unreachable";
    exchange.note(attempt.link.name, failure, attempt.status, attempt.startedAt);
    if (this.winner === attempt) {
      reportCall(context, attempt, failure, exchange.route.isCheap, "failed in the middle of its answer");
      this.stop();
      return exchange.breakOff(attempt.link.name);
    }
    this.attempts = this.attempts.filter((other) => other !== attempt);
    if (attempt.isStaleSocket && !this.hasRepeatedStale) {
      this.hasRepeatedStale = true;
      context.counters.retries++;
      return this.launch(attempt.link);
    }
    reportCall(context, attempt, failure, exchange.route.isCheap, `${exchange.route.id} failed`);
    this.lastFailure = failure;
    this.moveOn(exchange.route.mayRepeat || attempt.isUnsent);
  }

  onDue(now: number): void {
    if (this.winner || now >= this.deadlineAt) {
      if (this.winner) {
        const { name } = this.winner.link;
        this.stop();
        return this.exchange.breakOff(name);
      }
      for (const attempt of this.attempts) {
        this.exchange.note(attempt.link.name, "timeout", attempt.status, attempt.startedAt);
        if (this.exchange.route.isCheap)
          reportCall(this.context, attempt, "timeout", true, "no answer before the deadline");
      }
      this.lastFailure = "deadline";
      return this.giveUp();
    }
    const slow = this.attempts.at(-1);
    if (slow && this.isProbeDue) {
      // Silence on a slow route condemns nobody, but a probe tells a hung node from a busy one.
      this.isProbeDue = false;
      this.dueAt = this.deadlineAt;
      if (this.next < this.nodes.length) this.dueAt = slow.startedAt + this.softDelayMs();
      if (slow.status === 0) this.context.upstream.suspect(slow.link.name, `${this.exchange.route.id} is slow`);
      return;
    }
    if (slow && this.exchange.route.isCheap && slow.status === 0)
      suspectHang(this.context, slow, `${this.exchange.route.id}: no byte in ${Math.round(now - slow.startedAt)} ms`);
    if (this.startNext()) this.context.counters.hedges++;
    else this.dueAt = this.deadlineAt;
  }

  onNodeLeft(name: string): void {
    const { exchange, context } = this;
    if (this.winner || !exchange.route.mayRepeat || this.attempts.length === 0) return;
    if (this.attempts.every((attempt) => attempt.link.name === name && attempt.status === 0) && this.startNext())
      context.counters.retries++;
  }

  private passOver(attempt: Attempt, verdict: Verdict): void {
    const { exchange, context } = this;
    exchange.note(attempt.link.name, verdict.outcome, attempt.status, attempt.startedAt);
    reportCall(context, attempt, verdict.outcome, exchange.route.isCheap, verdict.detail);
    this.lastFailure = verdict.detail;
    // An answer that came is proof that the node saw the request: only what may be repeated goes on.
    if (exchange.route.mayRepeat && this.startNext()) context.counters.retries++;
  }

  /** An answer that was passed over is complete: serve it if nobody else is left to ask. */
  private settleSpare(attempt: Attempt): void {
    this.attempts = this.attempts.filter((other) => other !== attempt);
    if (!this.spare || rank(attempt) < rank(this.spare)) this.spare = attempt;
    if (this.attempts.length === 0) this.giveUp();
  }

  private moveOn(mayAskOthers: boolean): void {
    if (mayAskOthers && this.startNext()) this.context.counters.retries++;
    else if (this.attempts.length === 0) this.giveUp();
  }

  private startNext(): boolean {
    const { context, exchange } = this;
    while (this.next < this.nodes.length) {
      const link = this.nodes[this.next++] as NodeLink;
      if (!hasRoom(link, this.call.lane, context.settings)) {
        exchange.note(link.name, "full", undefined, context.clock.monotonic());
        this.lastFailure = "overloaded";
        continue;
      }
      this.launch(link);
      return true;
    }
    return false;
  }

  private launch(link: NodeLink): void {
    const { context, exchange } = this;
    const now = context.clock.monotonic();
    const limit = this.isStreamed ? holdBytes : context.settings.maxBufferedAnswerBytes;
    const attempt = new Attempt(link, this, this.call.lane, limit, now);
    this.attempts.push(attempt);
    this.dueAt = Math.min(this.deadlineAt, now + this.hedgeAfter(link));
    attempt.start(this.call);
    if (attempt.isOver && exchange.isOver) this.context.sweep.remove(this);
  }

  private hedgeAfter(link: NodeLink): number {
    const { route } = this.exchange;
    if (route.hedge === "soft") {
      this.isProbeDue = true;
      return Math.min(probeAfterMs, this.softDelayMs());
    }
    if (route.hedge === "none" || this.next >= this.nodes.length) return Infinity;
    return hedgeDelayMs(link, slotMs(this.context), this.context.settings.hedgeMs);
  }

  /** Half the deadline; for duties other than building a block at most 750 ms, as a second call does no harm there. */
  private softDelayMs(): number {
    const { route, arrivedAt } = this.exchange;
    const half = (this.deadlineAt - arrivedAt) / 2;
    return route.isDuty && !route.isSigningInput ? Math.min(half, 750) : half;
  }

  private streamFrom(attempt: Attempt): void {
    this.winner = attempt;
    if (attempt.status === 200) this.onGood?.(attempt.link.name);
    for (const other of this.attempts) if (other !== attempt) other.abort();
    this.attempts = [attempt];
    this.dueAt = this.context.clock.monotonic() + 30_000;
    this.exchange.head(attempt.status, attempt.headers, attempt.link.name);
    attempt.stream();
  }

  private giveUp(): void {
    const { exchange, spare } = this;
    this.stop();
    if (spare && spare.status !== 206)
      return exchange.reply(spare.status, spare.headers, spare.body(), spare.link.name);
    if (this.lastFailure === "deadline") return exchange.fail(504, "deadline");
    if (this.lastFailure === "overloaded") return exchange.fail(503, "overloaded");
    exchange.fail(exchange.route.isSigningInput ? 503 : 502, "node-failed", this.lastFailure);
  }

  private stop(kept?: Attempt): void {
    this.context.sweep.remove(this);
    for (const attempt of this.attempts) if (attempt !== kept) attempt.abort();
    this.attempts = [];
  }
}

/** Lower is better to show to a client when no node had a good answer. */
function rank(attempt: Attempt): number {
  return attempt.status >= 500 ? 2 : attempt.status === 404 ? 0 : 1;
}

function contentType(attempt: Attempt): string | undefined {
  const value = attempt.headers["content-type"];
  return Array.isArray(value) ? value[0] : value;
}

function isShort(attempt: Attempt): boolean {
  const length = attempt.headers["content-length"];
  return typeof length === "string" && Number(length) <= holdBytes;
}
