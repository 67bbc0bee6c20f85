import type { GroupContext } from "../context.ts";
import type { AskedNode, Exchange } from "../exchange.ts";
import type { GatewayReasonCode } from "../reasons.ts";
import type { Route } from "../routes/route.ts";
import type { AnswerHeaders, OutgoingCall } from "../send/attempt.ts";
import type { AnswerSink, CallJob } from "../send/job.ts";
import type { ChainSpec } from "../../chain/types.ts";
import { acceptOf } from "./accepted-form.ts";
import { readAnswer, type AnswerFacts } from "./read-answer.ts";
import type { Question } from "./share-key.ts";
import type { Waiter } from "./waiter.ts";

/** What becomes of a shared call: its desk decides who gets the answer, and whether it is kept. */
export interface CallDesk {
  answered(call: SharedCall, status: number, headers: AnswerHeaders, body: Buffer, node: string | undefined): void;
  failed(call: SharedCall, tell: (exchange: Exchange) => void): void;
  /** The answer is too large to keep: one of those who wait takes it as it comes, the others ask for themselves. */
  tooLarge(call: SharedCall): Exchange | undefined;
  abandoned(call: SharedCall): void;
}

/** One question that several clients wait for. It has the deadline of the one who has waited longest. */
export class SharedCall implements CallJob {
  readonly context: GroupContext;
  readonly route: Route;
  readonly param: string;
  readonly question: Question;
  readonly arrivedAt: number;
  readonly generationBefore: number;
  readonly specBefore: ChainSpec | undefined;
  degraded: string | undefined;
  isOver = false;
  onGone: (() => void) | undefined;
  asked: AskedNode[] | undefined;
  /** Those who wait, in order of arrival. */
  readonly waiters: Waiter[];
  /** Whoever waits from the beginning shares this call's failure; who joined later has a call to come. */
  readonly founders: ReadonlySet<Waiter>;
  private readonly desk: CallDesk;
  private readonly deadline: number;
  private readonly body: Buffer | null;
  private readonly extraHeaders: readonly string[];
  private facts: { body: Buffer; facts: AnswerFacts } | undefined;

  constructor(desk: CallDesk, question: Question, waiters: readonly Exchange[], extraHeaders: readonly string[]) {
    const leader = waiters[0] as Exchange;
    const { context } = leader;
    this.desk = desk;
    this.question = question;
    this.context = context;
    this.route = leader.route;
    this.param = leader.param;
    this.arrivedAt = leader.arrivedAt;
    this.body = leader.body;
    this.extraHeaders = extraHeaders;
    this.generationBefore = context.upstream.view().generation;
    this.specBefore = context.upstream.network()?.spec;
    this.deadline = leader.deadlineAt();
    this.waiters = [...waiters];
    this.founders = new Set(waiters);
    for (const waiter of waiters) waiter.onGone = () => this.leave(waiter);
  }

  get target(): string {
    return this.question.target;
  }

  join(waiter: Waiter): void {
    this.waiters.push(waiter);
    waiter.onGone = () => this.leave(waiter);
  }

  /** Nobody who waits has a shorter deadline than this: they arrived later, on the same route. */
  deadlineAt(): number {
    return this.deadline;
  }

  outgoing(): OutgoingCall {
    return {
      method: this.route.method,
      target: this.question.target,
      headers: ["accept", acceptOf[this.question.form], ...this.extraHeaders],
      body: this.body,
      lane: this.route.lane,
    };
  }

  note(node: string, outcome: string, status: number | undefined, startedAt: number, words?: string): void {
    if (!this.route.isDuty) return;
    const durationMs = Math.round(this.context.clock.monotonic() - startedAt);
    const asked: AskedNode = { node, outcome, status: status === 0 ? undefined : status, durationMs };
    if (words !== undefined) asked.words = words;
    (this.asked ??= []).push(asked);
  }

  isWhole(headers: AnswerHeaders, body: Buffer): boolean {
    return this.judge(headers, body).isWhole;
  }

  /** Is it fit to be given to many? */
  judge(headers: AnswerHeaders, body: Buffer): AnswerFacts {
    if (this.facts?.body !== body) this.facts = { body, facts: readAnswer(this.route.id, headers, body) };
    return this.facts.facts;
  }

  reply(status: number, headers: AnswerHeaders, body: Buffer, node?: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.desk.answered(this, status, headers, body, node);
  }

  fail(status: number, reason: GatewayReasonCode, detail = ""): void {
    if (this.isOver) return;
    this.isOver = true;
    this.desk.failed(this, (exchange) => exchange.fail(status, reason, detail));
  }

  openSink(): AnswerSink | undefined {
    if (this.isOver) return undefined;
    this.isOver = true;
    const taker = this.desk.tooLarge(this);
    if (!taker) return undefined;
    taker.degraded = this.degraded;
    taker.asked = this.asked ??= [];
    taker.onGone = this.onGone;
    return taker;
  }

  private leave(waiter: Waiter): void {
    const at = this.waiters.indexOf(waiter);
    if (at !== -1) this.waiters.splice(at, 1);
    if (this.waiters.length > 0 || this.isOver) return;
    this.isOver = true;
    this.desk.abandoned(this);
    this.onGone?.();
  }
}
