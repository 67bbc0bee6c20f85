import { forkAt } from "../../chain/fork-at.ts";
import type { GroupContext } from "../context.ts";
import { decideAgree, type AgreeAnswer, type AgreeNode } from "../policies/agree.ts";
import { readAttestationData, type AttestationQuestion } from "../policies/attestation-data.ts";
import type { Verdict } from "../policies/judge-answer.ts";
import { neededAgreement, type NeededAgreement } from "../policies/needed-agreement.ts";
import type { AnswerHeaders } from "../send/attempt.ts";
import { FanOut, type Answer, type FanOutState } from "../send/fan-out.ts";
import type { CallJob } from "../send/job.ts";
import type { NodeLink } from "../send/node-pools.ts";
import { ReadCall } from "../send/read-call.ts";
import { readTargets } from "./targets.ts";

/** Longest wait for a second client family that keeps silent: validator clients give up after one to two seconds, ms. */
const longestSoftMs = 800;
/** Silence after which a node is probed: if it hangs, it is not waited for any longer, ms. */
const probeAfterMs = 200;
/** Between two rounds of asking nodes that contradict each other, ms. */
const askAgainMs = 250;
/** What an answer needs to reach the client before its deadline, ms. */
const marginMs = 100;

/**
 * Policy `agree`, for attestation data: with two client families ready, source and target are agreed between them; with
 * one, the first good answer is served. Nothing behind the group's source watermark is served.
 */
export function serveAgree(job: CallJob): void {
  const links = readTargets(job);
  if (!links) return;
  const needed = neededAgreement(
    job.context.settings.agree,
    links.map((link) => familyOf(job.context, link.name)),
  );
  const question = questionOf(job);
  if (needed.nodes < 2) return serveFirst(job, links, question);
  new Agreement(job, links, needed, question).ask();
}

/** The first answer that fits, hedged. */
function serveFirst(job: CallJob, links: readonly NodeLink[], question: AttestationQuestion): void {
  const { safety, counters } = job.context;
  new ReadCall(job, links, undefined, (headers, body, node): Verdict | undefined => {
    const read = readAttestationData(body, contentType(headers), question);
    if (!read.ok) return { kind: "next", outcome: "garbage", detail: read.why };
    const { epoch } = read.data.source;
    if (safety.isRegressed(epoch)) {
      counters.sourceRegressed++;
      return {
        kind: "next",
        outcome: "answered",
        detail: `source epoch ${epoch} went back`,
        reason: "source-regressed",
      };
    }
    safety.served(epoch, new Map([[node, epoch]]));
    return undefined;
  }).start();
}

/** One question put to all ready nodes, again and again while they contradict each other and there is time. */
class Agreement {
  private readonly job: CallJob;
  private links: readonly NodeLink[];
  private readonly needed: NeededAgreement;
  private readonly question: AttestationQuestion;
  private readonly lastAt: number;
  private readonly softAt: number;
  private regressed: string[] = [];
  private hasConflicted = false;

  constructor(job: CallJob, links: readonly NodeLink[], needed: NeededAgreement, question: AttestationQuestion) {
    this.job = job;
    this.links = links;
    this.needed = needed;
    this.question = question;
    const deadlineAt = job.deadlineAt();
    this.lastAt = deadlineAt - Math.min(marginMs, (deadlineAt - job.arrivedAt) / 10);
    this.softAt = job.arrivedAt + Math.min(longestSoftMs, (deadlineAt - job.arrivedAt) / 2);
  }

  ask(): void {
    const { job } = this;
    const parsed = new Map<Answer, AgreeAnswer | undefined>();
    const now = job.context.clock.monotonic();
    const fan = new FanOut(job, {
      softAt: Math.max(this.softAt, now),
      probeAt: now + probeAfterMs,
      deadlineAt: Math.max(this.lastAt, now),
      decide: (state) => this.decide(state, parsed),
    });
    fan.start(
      job.outgoing(),
      this.links.map((link) => ({ link, isReady: true })),
    );
  }

  private decide(state: FanOutState, parsed: Map<Answer, AgreeAnswer | undefined>): boolean {
    const { context } = this.job;
    for (const answer of state.answers) if (!parsed.has(answer)) parsed.set(answer, this.read(answer));
    const answers = [...parsed.values()].filter((answer) => answer !== undefined);
    const decision = decideAgree({
      answers,
      // A node that has left the ready ones meanwhile hangs or lags: nobody waits for it.
      pending: state.pending.filter(({ isReady }) => isReady).map(({ node }) => node),
      nodes: new Map(this.links.map(({ name }) => [name, nodeOf(context, name)])),
      viewHead: context.upstream.view().head,
      needed: this.needed,
      // After a contradiction a lone answer proves nothing: all who are ready must have spoken.
      isLate: state.isLate && !this.hasConflicted,
      isExpired: state.isExpired,
    });
    switch (decision.kind) {
      case "wait":
        return false;
      case "nobody":
        // Somebody who has left the ready ones may still answer: better late than never.
        return state.pending.length > 0 && !state.isExpired ? false : this.fail(state);
      case "serve":
        if (this.hasConflicted && decision.by === "view" && state.isExpired && state.pending.length > 0)
          return this.onConflict("they contradicted each other, and did not all answer again");
        return this.serve(decision.node, decision.by, parsed);
      case "conflict":
        return this.onConflict(decision.detail);
    }
  }

  private read(answer: Answer): AgreeAnswer | undefined {
    const { safety, counters, upstream } = this.job.context;
    if (answer.status !== 200) return undefined;
    const read = readAttestationData(answer.body, contentType(answer.headers), this.question);
    if (!read.ok) {
      upstream.suspect(answer.node, `attestation data: ${read.why}`);
      return undefined;
    }
    const { epoch } = read.data.source;
    if (!safety.isRegressed(epoch)) return { node: answer.node, data: read.data };
    counters.sourceRegressed++;
    this.regressed.push(`${answer.node}: source epoch ${epoch}`);
    return undefined;
  }

  private serve(node: string, by: "quorum" | "view", parsed: ReadonlyMap<Answer, AgreeAnswer | undefined>): boolean {
    const { job } = this;
    const { safety, counters } = job.context;
    const reported = new Map<string, number>();
    let served: Answer | undefined;
    for (const [answer, read] of parsed) {
      if (read) reported.set(read.node, read.data.source.epoch);
      if (answer.node === node) served = answer;
    }
    const source = reported.get(node);
    if (!served || source === undefined) return false;
    safety.served(source, reported);
    if (by === "quorum") counters.agreedByQuorum++;
    else {
      counters.agreedByView++;
      job.note(node, "agreed-by-view", served.status, job.arrivedAt);
    }
    job.reply(served.status, { ...served.headers, "x-slotkeeper-agreed": by }, served.body, node);
    return true;
  }

  /** Nodes that saw a block a moment apart agree when they are asked again; a real conflict lasts. */
  private onConflict(detail: string): boolean {
    const { job } = this;
    const { clock, counters, log } = job.context;
    this.hasConflicted = true;
    if (clock.monotonic() + askAgainMs >= this.lastAt) {
      counters.notAgreed++;
      log.error({ detail }, "attestation data withheld: client families disagree on source or target");
      job.fail(503, "no-agreement", detail);
      return true;
    }
    const cancel = clock.after(askAgainMs, () => {
      if (job.isOver) return;
      const links = readTargets(job);
      if (!links) return;
      this.links = links;
      this.ask();
    });
    job.onGone = cancel;
    return true;
  }

  private fail(state: FanOutState): boolean {
    const { job, regressed } = this;
    if (regressed.length > 0) job.fail(503, "source-regressed", regressed.join(", "));
    else if (state.isExpired) job.fail(504, "deadline");
    else
      job.fail(
        503,
        "node-failed",
        state.answers.map((a) => `${a.node}: ${a.failure ?? `HTTP ${a.status}`}`).join(", "),
      );
    return true;
  }
}

function questionOf(job: CallJob): AttestationQuestion {
  const text = new URLSearchParams(job.target.slice(job.target.indexOf("?") + 1)).get("slot") ?? "";
  const slot = /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
  const spec = job.context.upstream.network()?.spec;
  if (slot === undefined || spec === undefined) return { slot, epoch: undefined, mustBeIndexZero: false };
  const epoch = Math.floor(slot / spec.slotsPerEpoch);
  const fork = forkAt(spec, epoch)?.name;
  return { slot, epoch, mustBeIndexZero: fork === "electra" || fork === "fulu" };
}

function nodeOf(context: GroupContext, name: string): AgreeNode {
  return { family: familyOf(context, name), head: context.upstream.status(name)?.head };
}

function familyOf({ upstream }: GroupContext, name: string): string {
  return upstream.status(name)?.clientFamily ?? "unknown/unknown";
}

function contentType(headers: AnswerHeaders): string | undefined {
  const value = headers["content-type"];
  return Array.isArray(value) ? value[0] : value;
}
