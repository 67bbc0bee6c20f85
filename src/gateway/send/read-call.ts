import { slotMs, type GroupContext } from "../context.ts";
import { judgeBody, judgeHead, type Verdict } from "../policies/judge-answer.ts";
import type { Due } from "../timer-sweep.ts";
import { Attempt, hasRoom, type AnswerHeaders, type AttemptOwner, type OutgoingCall } from "./attempt.ts";
import type { AnswerSink, CallJob } from "./job.ts";
import { hedgeDelayMs, learnLatency } from "./latency.ts";
import type { NodeLink } from "./node-pools.ts";
import { reportCall, suspectHang } from "./report-call.ts";

/** Bodies of known length up to this are sent in one piece even on pass-through: one write, and still retried. */
const holdBytes = 65_536;

/** An answer beyond this takes its time to send: a second one would only take the line from it. */
const heavyBytes = 1_048_576;

/** Silence on a slow route after which the node is probed, ms. */
const probeAfterMs = 400;

/** Judges a whole 200 answer beyond what its route asks of it; `undefined`: it is good. */
export type CheckAnswer = (headers: AnswerHeaders, body: Buffer, node: string) => Verdict | undefined;

/**
 * One read: the first good answer of the nodes, in order. A failure moves on at once, silence after the hedge delay;
 * bodies are received whole unless the route is passed through or the body outgrows the buffer.
 */
export class ReadCall implements AttemptOwner, Due {
  dueAt = 0;
  sweepIndex = -1;
  private readonly context: GroupContext;
  private readonly job: CallJob;
  private readonly nodes: readonly NodeLink[];
  private readonly call: OutgoingCall;
  private readonly isStreamed: boolean;
  private readonly deadlineAt: number;
  private next = 0;
  private attempts: Attempt[] = [];
  private winner: Attempt | undefined;
  private sink: AnswerSink | undefined;
  /** The best of the answers that were not good: served when nothing better comes. */
  private spare: Attempt | undefined;
  /** Its slowness has been learnt already, when it was hedged. */
  private hedged: Attempt | undefined;
  private hasRepeatedStale = false;
  private isPaused = false;
  private isProbeDue = false;
  private lastFailure = "";
  /** Of the last answer that was passed over, where it has a code of its own. */
  private reason: Verdict["reason"];
  private readonly onGood: ((node: string) => void) | undefined;
  private readonly check: CheckAnswer | undefined;

  constructor(job: CallJob, nodes: readonly NodeLink[], onGood?: (node: string) => void, check?: CheckAnswer) {
    this.context = job.context;
    this.job = job;
    this.nodes = nodes;
    this.onGood = onGood;
    this.check = check;
    this.isStreamed = job.route.policy === "pass";
    this.deadlineAt = job.deadlineAt();
    this.call = job.outgoing();
  }

  start(): void {
    this.job.onGone = () => this.stop();
    this.context.sweep.add(this);
    if (!this.startNext()) this.giveUp();
  }

  onHead(attempt: Attempt): void {
    const { route } = this.job;
    if (route.isCheap && attempt !== this.hedged)
      learnLatency(attempt.link.latency, route.id, this.context.clock.monotonic() - attempt.startedAt);
    const verdict = judgeHead(route, attempt.status, contentType(attempt));
    if (verdict.kind === "next") return this.passOver(attempt, verdict);
    if (this.isStreamed && !isShort(attempt)) this.streamFrom(attempt);
  }

  onChunk(attempt: Attempt, chunk: Buffer): void {
    const { sink } = this;
    if (!sink) return;
    if (!sink.write(chunk) && !this.isPaused) {
      this.isPaused = true;
      attempt.pause();
      sink.onceDrained(() => {
        this.isPaused = false;
        attempt.resume();
      });
    }
    // A stream that moves is alive; its deadline is the wait for the next bytes.
    this.dueAt = this.context.clock.monotonic() + 30_000;
  }

  onLarge(attempt: Attempt): void {
    // An error page of many megabytes, or a second large body, is of no use to anyone.
    if (judgeHead(this.job.route, attempt.status, contentType(attempt)).kind !== "next")
      return this.streamFrom(attempt);
    attempt.abort();
    this.attempts = this.attempts.filter((other) => other !== attempt);
    if (this.attempts.length === 0) this.giveUp();
  }

  onNoMemory(attempt: Attempt): void {
    attempt.abort();
    this.attempts = this.attempts.filter((other) => other !== attempt);
    this.lastFailure = "overloaded";
    this.job.note(attempt.link.name, "overloaded", attempt.status, attempt.startedAt);
    if (this.attempts.length === 0) this.giveUp();
  }

  onEnd(attempt: Attempt): void {
    const { job, context } = this;
    if (this.winner) {
      if (this.winner !== attempt) return;
      this.stop();
      job.note(attempt.link.name, "answered", attempt.status, attempt.startedAt);
      return this.sink?.end(attempt.status, attempt.link.name);
    }
    let verdict = judgeHead(job.route, attempt.status, contentType(attempt));
    if (verdict.kind === "next") return this.settleSpare(attempt);
    if (verdict.kind === "good") {
      verdict = judgeBody(job.route, contentType(attempt), attempt.body(), attempt.status);
      if (verdict.kind === "good" && attempt.status === 200 && this.check)
        verdict = this.check(attempt.headers, attempt.body(), attempt.link.name) ?? verdict;
      if (verdict.kind === "good" && attempt.status === 200 && job.isWhole?.(attempt.headers, attempt.body()) === false)
        verdict = cutShort;
      if (verdict.kind === "next") {
        this.passOver(attempt, verdict);
        return this.settleUnfit(attempt);
      }
    }
    job.note(attempt.link.name, "answered", attempt.status, attempt.startedAt);
    reportCall(context, attempt, "answered", job.route.isCheap, "");
    this.stop(attempt);
    if (verdict.kind === "good") this.onGood?.(attempt.link.name);
    if (attempt.status === 200 && job.route.id.startsWith("getProposerDuties"))
      context.onDutyAnswer?.(job.route, job.param, attempt.headers, attempt.body());
    job.reply(attempt.status, attempt.headers, attempt.body(), attempt.link.name);
  }

  onFailed(attempt: Attempt): void {
    const { job, context } = this;
    const failure = attempt.failure ?? "unreachable";
    job.note(attempt.link.name, failure, attempt.status, attempt.startedAt);
    if (this.winner === attempt) {
      reportCall(context, attempt, failure, job.route.isCheap, "failed in the middle of its answer");
      this.stop();
      return this.sink?.breakOff(attempt.link.name);
    }
    this.attempts = this.attempts.filter((other) => other !== attempt);
    if (attempt.isStaleSocket && !this.hasRepeatedStale) {
      this.hasRepeatedStale = true;
      context.counters.retries++;
      return this.launch(attempt.link);
    }
    reportCall(context, attempt, failure, job.route.isCheap, `${job.route.id} failed`);
    this.lastFailure = failure;
    this.moveOn(job.route.mayRepeat || attempt.isUnsent);
  }

  onDue(now: number): void {
    if (this.winner || now >= this.deadlineAt) {
      if (this.winner) {
        const { name } = this.winner.link;
        this.stop();
        return this.sink?.breakOff(name);
      }
      for (const attempt of this.attempts) {
        this.job.note(attempt.link.name, "timeout", attempt.status, attempt.startedAt);
        if (this.job.route.isCheap) reportCall(this.context, attempt, "timeout", true, "no answer before the deadline");
      }
      this.lastFailure = "deadline";
      return this.giveUp();
    }
    const slow = this.attempts.at(-1);
    if (slow && isHeavy(slow)) {
      this.dueAt = this.deadlineAt;
      return;
    }
    if (slow && this.isProbeDue) {
      // Silence on a slow route condemns nobody, but a probe tells a hung node from a busy one.
      this.isProbeDue = false;
      this.dueAt = this.deadlineAt;
      if (this.next < this.nodes.length) this.dueAt = slow.startedAt + this.softDelayMs();
      if (slow.status === 0) this.context.upstream.suspect(slow.link.name, `${this.job.route.id} is slow`);
      return;
    }
    if (slow && this.job.route.isCheap && slow.status === 0) {
      learnLatency(slow.link.latency, this.job.route.id, now - slow.startedAt);
      this.hedged = slow;
      suspectHang(this.context, slow, `${this.job.route.id}: no byte in ${Math.round(now - slow.startedAt)} ms`);
    }
    if (this.startNext()) this.context.counters.hedges++;
    else this.dueAt = this.deadlineAt;
  }

  onNodeLeft(name: string): void {
    const { job, context } = this;
    if (this.winner || !job.route.mayRepeat || this.attempts.length === 0) return;
    if (this.attempts.every((attempt) => attempt.link.name === name && attempt.status === 0) && this.startNext())
      context.counters.retries++;
  }

  private passOver(attempt: Attempt, verdict: Verdict): void {
    const { job, context } = this;
    job.note(attempt.link.name, verdict.outcome, attempt.status, attempt.startedAt);
    reportCall(context, attempt, verdict.outcome, job.route.isCheap, verdict.detail);
    this.lastFailure = verdict.detail;
    this.reason = verdict.reason;
    // An answer that came is proof that the node saw the request: only what may be repeated goes on.
    if (job.route.mayRepeat && this.startNext()) context.counters.retries++;
  }

  /** An answer that was passed over is complete: serve it if nobody else is left to ask. */
  private settleSpare(attempt: Attempt): void {
    this.attempts = this.attempts.filter((other) => other !== attempt);
    if (!this.spare || rank(attempt) < rank(this.spare)) this.spare = attempt;
    if (this.attempts.length === 0) this.giveUp();
  }

  /** A success whose body is none: it is served to nobody, whoever else is left. */
  private settleUnfit(attempt: Attempt): void {
    this.attempts = this.attempts.filter((other) => other !== attempt);
    if (this.attempts.length === 0) this.giveUp();
  }

  private moveOn(mayAskOthers: boolean): void {
    if (mayAskOthers && this.startNext()) this.context.counters.retries++;
    else if (this.attempts.length === 0) this.giveUp();
  }

  private startNext(): boolean {
    const { context, job } = this;
    // What is no duty waits for memory before anybody else: publishes of forks to come are not known as such.
    if (this.call.lane === "bulk" && this.call.method === "GET" && context.memory.isFull) {
      this.lastFailure = "overloaded";
      return false;
    }
    while (this.next < this.nodes.length) {
      const link = this.nodes[this.next++] as NodeLink;
      if (!hasRoom(link, this.call.lane, context.settings)) {
        job.note(link.name, "full", undefined, context.clock.monotonic());
        this.lastFailure = "overloaded";
        continue;
      }
      this.launch(link);
      return true;
    }
    return false;
  }

  private launch(link: NodeLink): void {
    const { context } = this;
    const now = context.clock.monotonic();
    const limit = this.isStreamed ? holdBytes : context.settings.maxBufferedAnswerBytes;
    const attempt = new Attempt(link, this, this.call.lane, limit, now, context.memory);
    this.attempts.push(attempt);
    this.dueAt = Math.min(this.deadlineAt, now + this.hedgeAfter(link));
    attempt.start(this.call);
  }

  private hedgeAfter(link: NodeLink): number {
    const { route } = this.job;
    if (route.hedge === "soft") {
      this.isProbeDue = true;
      return Math.min(probeAfterMs, this.softDelayMs());
    }
    if (route.hedge === "none" || this.next >= this.nodes.length) return Infinity;
    return hedgeDelayMs(link.latency.get(route.id), slotMs(this.context), this.context.settings.hedgeMs);
  }

  /** Half the deadline; for duties other than building a block at most 750 ms, as a second call does no harm there. */
  private softDelayMs(): number {
    const { route, arrivedAt } = this.job;
    const half = (this.deadlineAt - arrivedAt) / 2;
    return route.isDuty && !route.isSigningInput ? Math.min(half, 750) : half;
  }

  private streamFrom(attempt: Attempt): void {
    const sink = this.job.openSink();
    if (!sink) return this.stop();
    this.sink = sink;
    this.winner = attempt;
    if (attempt.status === 200) this.onGood?.(attempt.link.name);
    for (const other of this.attempts)
      if (other !== attempt) other.drain(this.context.sweep, this.context.clock.monotonic());
    this.attempts = [attempt];
    this.dueAt = this.context.clock.monotonic() + 30_000;
    sink.head(attempt.status, attempt.headers, attempt.link.name);
    attempt.stream();
  }

  private giveUp(): void {
    const { job, spare } = this;
    this.stop();
    if (spare && spare.status >= 300) return job.reply(spare.status, spare.headers, spare.body(), spare.link.name);
    if (this.lastFailure === "deadline") return job.fail(504, "deadline");
    if (this.lastFailure === "overloaded") return job.fail(503, "overloaded");
    job.fail(job.route.isSigningInput ? 503 : 502, this.reason ?? "node-failed", this.lastFailure);
  }

  private stop(kept?: Attempt): void {
    this.context.sweep.remove(this);
    for (const attempt of this.attempts) {
      if (attempt === kept) continue;
      if (!kept) {
        attempt.abort();
        continue;
      }
      // Who was asked and kept silent is part of the proof of a drill.
      this.job.note(attempt.link.name, "outrun", attempt.status, attempt.startedAt);
      attempt.drain(this.context.sweep, this.context.clock.monotonic());
    }
    this.attempts = [];
  }
}

const cutShort: Verdict = { kind: "next", outcome: "garbage", detail: "a body that is not whole" };

/** Is so much coming that a second answer would not come sooner? */
function isHeavy(attempt: Attempt): boolean {
  if (attempt.size > heavyBytes) return true;
  const length = attempt.headers["content-length"];
  return typeof length === "string" && Number(length) > heavyBytes;
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
