import type { GroupContext } from "../context.ts";
import { Attempt, hasRoom, type AnswerHeaders, type AttemptOwner, type OutgoingCall } from "./attempt.ts";
import type { CallJob } from "./job.ts";
import type { NodeLink } from "./node-pools.ts";
import { refusalWords } from "./refusal-words.ts";
import { reportCall } from "./report-call.ts";
import type { Due } from "../timer-sweep.ts";

/** What one node of a fan-out answered; `status` is 0 where no answer came, and `failure` says why. */
export interface Answer {
  node: string;
  isReady: boolean;
  status: number;
  headers: AnswerHeaders;
  body: Buffer;
  failure: string | undefined;
}

/** Where a fan-out stands: pure deciders look at this and nothing else. */
export interface FanOutState {
  answers: readonly Answer[];
  /** Nodes still silent. */
  pending: readonly { node: string; isReady: boolean }[];
  /** Has the soft deadline passed? */
  isLate: boolean;
  /** Has the deadline passed? Then no decision may wait. */
  isExpired: boolean;
}

export interface FanOutTarget {
  link: NodeLink;
  isReady: boolean;
}

/** Nodes that are asked only later: all at `at` or at the first failure, or one after the other at each failure. */
export interface Withheld {
  targets: readonly FanOutTarget[];
  at: number;
  isOneByOne: boolean;
}

export interface FanOutPlan {
  /**
   * Called after each answer, when a node leaves the ready ones, and at both deadlines, until it returns true: decided.
   * `final`: decided, and those held back are not asked any more.
   */
  decide: (state: FanOutState) => boolean | "final";
  softAt: number;
  deadlineAt: number;
  /** When nodes that have sent no byte are probed out of turn. */
  probeAt?: number;
  /** Larger answers are given up; the group's usual bound where absent. */
  maxAnswerBytes?: number;
  /** Calls still open after the decision run on until then (publishes), instead of being aborted. */
  loserDeadlineAt?: number;
}

/** What a fan-out needs of its job: whoever decides answers it. */
export type FanOutJob = Pick<CallJob, "context" | "route" | "onGone" | "note">;

/** Sends one call to many nodes at once. Losing publishes run on, bounded in time and, by the pool, in number. */
export class FanOut implements AttemptOwner, Due {
  dueAt: number;
  sweepIndex = -1;
  private readonly context: GroupContext;
  private readonly job: FanOutJob;
  private readonly plan: FanOutPlan;
  private readonly answers: Answer[] = [];
  private readonly open = new Map<Attempt, FanOutTarget>();
  private call: OutgoingCall | undefined;
  private isLate = false;
  private isDecided = false;
  private hasRepeated: Set<string> | undefined;
  private withheld: FanOutTarget[] = [];
  private releaseAt = Infinity;
  private probeAt: number;
  private isOneByOne = false;

  constructor(job: FanOutJob, plan: FanOutPlan) {
    this.context = job.context;
    this.job = job;
    this.plan = plan;
    this.probeAt = plan.probeAt ?? Infinity;
    this.dueAt = Math.min(plan.softAt, plan.deadlineAt, this.probeAt);
  }

  start(call: OutgoingCall, targets: readonly FanOutTarget[], withheld?: Withheld): void {
    this.call = call;
    if (withheld) {
      this.withheld = [...withheld.targets];
      this.releaseAt = withheld.at;
      this.isOneByOne = withheld.isOneByOne;
      this.dueAt = Math.min(this.dueAt, this.releaseAt);
    }
    // Losing publishes run on whoever waits for them; reads that nobody waits for are given up.
    if (this.plan.loserDeadlineAt === undefined) this.job.onGone = () => this.giveUp();
    this.context.sweep.add(this);
    this.launch(call, targets);
    if (this.open.size === 0 && !this.release()) this.step(false);
  }

  private launch(call: OutgoingCall, targets: readonly FanOutTarget[]): void {
    const { context, job } = this;
    const started: Attempt[] = [];
    const now = context.clock.monotonic();
    for (const target of targets) {
      if (hasRoom(target.link, call.lane, context.settings)) {
        const attempt = new Attempt(target.link, this, call.lane, this.answerLimit(), now, context.memory);
        started.push(attempt);
        this.open.set(attempt, target);
        continue;
      }
      target.link.dropped++;
      context.counters.dropped++;
      job.note(target.link.name, "dropped", undefined, now);
    }
    // Two passes: an attempt that fails at once must see the others as pending.
    for (const attempt of started) attempt.start(call);
  }

  /** Asks those held back: all of them, or the next one. Returns whether anybody was asked. */
  private release(): boolean {
    if (this.withheld.length === 0 || !this.call) return false;
    const targets = this.isOneByOne ? this.withheld.splice(0, 1) : this.withheld.splice(0);
    this.releaseAt = Infinity;
    this.launch(this.call, targets);
    return this.open.size > 0;
  }

  onHead(): void {
    // The body decides.
  }

  onChunk(): void {
    // Fan-outs never stream.
  }

  onLarge(attempt: Attempt): void {
    attempt.abort();
    this.settle(attempt, "garbage");
  }

  onNoMemory(attempt: Attempt): void {
    attempt.abort();
    this.settle(attempt, "overloaded");
  }

  onEnd(attempt: Attempt): void {
    this.settle(attempt, undefined);
  }

  onFailed(attempt: Attempt): void {
    const target = this.open.get(attempt);
    const { name } = attempt.link;
    if (target && attempt.isStaleSocket && !this.hasRepeated?.has(name) && this.call) {
      (this.hasRepeated ??= new Set()).add(name);
      this.context.counters.retries++;
      this.open.delete(attempt);
      const now = this.context.clock.monotonic();
      const again = new Attempt(target.link, this, this.call.lane, this.answerLimit(), now, this.context.memory);
      this.open.set(again, target);
      return again.start(this.call);
    }
    this.settle(attempt, attempt.failure ?? "unreachable");
  }

  onDue(now: number): void {
    const { plan } = this;
    if (now >= this.probeAt) {
      this.probeAt = Infinity;
      for (const { link, status } of this.open.keys())
        if (status === 0) this.context.upstream.suspect(link.name, `${this.job.route.id} is slow`);
      if (!this.isDecided) this.dueAt = Math.min(this.isLate ? Infinity : plan.softAt, plan.deadlineAt, this.releaseAt);
      if (now < this.dueAt) return;
    }
    if (this.withheld.length > 0 && now >= this.releaseAt && now < plan.deadlineAt) {
      this.release();
      this.dueAt = this.isDecided
        ? (plan.loserDeadlineAt ?? now)
        : Math.min(plan.softAt, plan.deadlineAt, this.probeAt);
      return;
    }
    if (this.isDecided) {
      for (const attempt of this.open.keys()) {
        attempt.link.dropped++;
        this.context.counters.dropped++;
        attempt.abort();
      }
      return this.finish();
    }
    this.isLate = true;
    this.dueAt = plan.deadlineAt;
    for (const { link, status, startedAt } of this.open.keys()) this.job.note(link.name, "late", status, startedAt);
    this.step(now >= plan.deadlineAt);
  }

  /** A node that is not ready any more is not waited for, and whoever was held back for its sake is asked. */
  onNodeLeft(name: string): void {
    if (this.isDecided) return;
    let isConcerned = false;
    for (const [attempt, target] of this.open)
      if (target.link.name === name && target.isReady) {
        target.isReady = false;
        isConcerned = true;
        this.job.note(name, "left", attempt.status, attempt.startedAt);
      }
    if (!isConcerned) return;
    this.release();
    this.step(false);
  }

  private answerLimit(): number {
    return this.plan.maxAnswerBytes ?? this.context.settings.maxBufferedAnswerBytes;
  }

  private settle(attempt: Attempt, failure: string | undefined): void {
    const target = this.open.get(attempt);
    if (!target) return;
    this.open.delete(attempt);
    const { link, status } = attempt;
    const outcome = failure ?? (status >= 500 ? (status === 503 ? "not-ready" : "status-5xx") : "answered");
    if (!this.isDecided) {
      const words = failure === undefined && status >= 400 ? refusalWords(attempt.body()) : undefined;
      this.job.note(link.name, failure ?? "answered", status, attempt.startedAt, words);
    }
    reportCall(
      this.context,
      attempt,
      outcome as Parameters<typeof reportCall>[2],
      false,
      `${this.job.route.id} HTTP ${status}`,
    );
    if (this.isDecided) {
      if (this.open.size === 0 && this.withheld.length === 0) this.finish();
      return;
    }
    const body = attempt.body();
    this.answers.push({
      node: link.name,
      isReady: target.isReady,
      status: failure ? 0 : status,
      headers: attempt.headers,
      body,
      failure,
    });
    if (failure !== undefined || status >= 300) this.release();
    this.step(false);
  }

  private step(isExpired: boolean): void {
    const silent = [...this.open.values(), ...this.withheld];
    const pending = silent.map(({ link, isReady }) => ({ node: link.name, isReady }));
    const isDone = this.plan.decide({ answers: this.answers, pending, isLate: this.isLate, isExpired });
    if (!isDone && !isExpired && silent.length > 0) return;
    this.isDecided = true;
    // One by one means that the others are not wanted once somebody has accepted.
    if (this.isOneByOne || isDone === "final") this.withheld = [];
    if (this.plan.loserDeadlineAt === undefined) {
      for (const attempt of this.open.keys()) attempt.abort();
      this.open.clear();
    }
    if (this.open.size === 0 && this.withheld.length === 0) this.finish();
    else this.dueAt = Math.min(this.plan.loserDeadlineAt ?? 0, this.releaseAt);
  }

  private giveUp(): void {
    this.isDecided = true;
    this.withheld = [];
    for (const attempt of this.open.keys()) attempt.abort();
    this.finish();
  }

  private finish(): void {
    this.context.sweep.remove(this);
    this.open.clear();
  }
}
