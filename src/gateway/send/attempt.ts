import type { Dispatcher } from "undici";
import type { MemoryBudget } from "../memory-budget.ts";
import type { Due, TimerSweep } from "../timer-sweep.ts";
import type { Lane, NodeLink } from "./node-pools.ts";
import { classifyError, isBeforeSending, isReusedSocket, type CallError } from "./classify-error.ts";

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What goes to a beacon node. */
export interface OutgoingCall {
  method: Dispatcher.HttpMethod;
  /** Path and query. */
  target: string;
  headers: readonly string[];
  body: Buffer | null;
  lane: Lane;
}

/** Hears how an attempt goes. `onHead` may call `attempt.stream()` to get the chunks instead of having them collected. */
export interface AttemptOwner {
  onHead(attempt: Attempt): void;
  /** Only in streaming. */
  onChunk(attempt: Attempt, chunk: Buffer): void;
  /** The collected body has outgrown the limit: the owner calls `stream()` or `abort()`. */
  onLarge(attempt: Attempt): void;
  /** The gateway holds all the bodies that it may, and this call is not of those that never wait: give it up. */
  onNoMemory(attempt: Attempt): void;
  onEnd(attempt: Attempt): void;
  /** `attempt.failure` is set; no other call follows. */
  onFailed(attempt: Attempt): void;
}

const nothing = Buffer.alloc(0);

/** A losing call may end by itself within these: a destroyed connection costs more than a short rest of an answer. */
const drainBytes = 65_536;
const drainMs = 1_000;

/** One call to one node. Created per upstream request, so it holds little and allocates only when it must. */
export class Attempt implements Dispatcher.DispatchHandler, Due {
  readonly link: NodeLink;
  readonly startedAt: number;
  status = 0;
  headers: AnswerHeaders = {};
  failure: CallError | undefined;
  isOver = false;
  /** Did the node close a kept-alive connection under the request, before any byte of an answer? */
  isStaleSocket = false;
  /** Can the request not have reached the node? */
  isUnsent = false;
  size = 0;
  first: Buffer | undefined;
  rest: Buffer[] | undefined;
  dueAt = 0;
  sweepIndex = -1;
  /** Bytes of the answer that are counted as held. */
  private held = 0;
  private isStreaming = false;
  private isSettled = false;
  private draining: TimerSweep | undefined;
  private owner: AttemptOwner;
  private lane: Lane;
  private limit: number;
  private readonly memory: MemoryBudget;
  private controller: Dispatcher.DispatchController | undefined;

  constructor(link: NodeLink, owner: AttemptOwner, lane: Lane, limit: number, startedAt: number, memory: MemoryBudget) {
    this.memory = memory;
    this.link = link;
    this.owner = owner;
    this.lane = lane;
    this.limit = limit;
    this.startedAt = startedAt;
  }

  start(call: OutgoingCall): void {
    const { link } = this;
    link.inFlight[this.lane]++;
    link.calls++;
    const path = link.prefix === "" ? call.target : link.prefix + call.target;
    const headers = call.headers.concat(link.extraHeaders);
    try {
      link[this.lane].dispatch({ path, method: call.method, headers, body: call.body }, this);
    } catch (error) {
      this.onResponseError(undefined, error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isOver) controller.abort(new Error("no longer wanted"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (status < 200 || this.isOver) return;
    this.status = status;
    this.headers = headers;
    this.owner.onHead(this);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.isOver) {
      if (this.size > drainBytes) this.cut();
      return;
    }
    if (this.isStreaming) return this.owner.onChunk(this, chunk);
    if (this.first === undefined) this.first = chunk;
    else (this.rest ??= []).push(chunk);
    this.held += chunk.length;
    this.memory.take(chunk.length);
    if (this.size > this.limit) this.owner.onLarge(this);
    else if (this.lane === "bulk" && this.memory.isFull) this.owner.onNoMemory(this);
  }

  onResponseEnd(): void {
    if (this.isOver) return this.settle();
    this.isOver = true;
    this.settle();
    this.owner.onEnd(this);
    this.letGo();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: unknown): void {
    if (this.isOver) return this.settle();
    this.isOver = true;
    this.settle();
    this.letGo();
    this.failure = classifyError(error);
    this.isUnsent = isBeforeSending(error);
    this.isStaleSocket = this.status === 0 && isReusedSocket(error, this.link.calls > 1);
    this.link.failures++;
    this.owner.onFailed(this);
  }

  /** From now on chunks go to the owner; what was collected is handed over first. */
  stream(): void {
    this.isStreaming = true;
    const { first, rest } = this;
    this.letGo();
    this.first = undefined;
    this.rest = undefined;
    if (first) this.owner.onChunk(this, first);
    if (rest) for (const chunk of rest) this.owner.onChunk(this, chunk);
  }

  /** The whole body; only meaningful at the end. */
  body(): Buffer {
    if (this.rest) {
      this.first = Buffer.concat([this.first ?? nothing, ...this.rest]);
      this.rest = undefined;
    }
    return this.first ?? nothing;
  }

  pause(): void {
    this.controller?.pause();
  }

  resume(): void {
    this.controller?.resume();
  }

  /** Gives the call up; the owner hears nothing more of it. */
  abort(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.letGo();
    this.cut();
  }

  /** Another node's answer was taken: this call may end by itself, for a moment, so that its connection lives on. */
  drain(sweep: TimerSweep, now: number): void {
    if (this.isOver) return;
    this.isOver = true;
    this.letGo();
    if (!this.controller || this.size > drainBytes) return this.cut();
    this.draining = sweep;
    this.dueAt = now + drainMs;
    sweep.add(this);
  }

  onDue(): void {
    this.cut();
  }

  private cut(): void {
    const { controller } = this;
    this.settle();
    controller?.abort(new Error("no longer wanted"));
  }

  /** The connection is free, or gone. */
  private settle(): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.draining?.remove(this);
    // Holding on to undici's objects would carry them into the old generation together.
    this.controller = undefined;
    this.link.inFlight[this.lane]--;
  }

  private letGo(): void {
    this.memory.give(this.held);
    this.held = 0;
  }
}

/** May another call go to this node on this lane, or is it at its bound? */
export function hasRoom(
  link: NodeLink,
  lane: Lane,
  limits: { dutyConnections: number; bulkConnections: number },
): boolean {
  return link.inFlight[lane] < (lane === "duty" ? limits.dutyConnections : limits.bulkConnections);
}
