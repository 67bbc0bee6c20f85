import { forkAt } from "../../chain/fork-at.ts";
import type { ChainSpec, ForkName } from "../../chain/types.ts";
import { currentSlot, slotMs, type GroupContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { PolicyName, Route, ShareScope } from "../routes/route.ts";
import type { AnswerHeaders } from "../send/attempt.ts";
import type { CallJob } from "../send/job.ts";
import { acceptedForm, type AnswerForm } from "./accepted-form.ts";
import { createAnswerCache, type AnswerCache } from "./answer-cache.ts";
import { createDependentRoots } from "./dependent-roots.ts";
import { questionOf, type Question } from "./share-key.ts";
import { SharedAnswer } from "./shared-answer.ts";
import { SharedCall, type CallDesk } from "./shared-call.ts";
import { isExchange, type Waiter } from "./waiter.ts";
import { isValid, longestSlots, validityOf, type ChainFacts } from "./validity.ts";

/** Asks the nodes for a job's answer; which one it is, the route's policy says. */
export type JobRunner = (job: CallJob) => void;

/** Gives the answer to one question to all who ask it: those who ask meanwhile, and, while it holds, those who ask later. */
export interface Sharing {
  serve(exchange: Exchange): void;
  /** The kept answer to a GET, or the call that is to bring it; `undefined`: the request must be served in full. */
  find(route: Route, param: string, target: string, form: AnswerForm): Found | undefined;
  readonly cache: AnswerCache;
  stop(): void;
}

/** An answer that may be given at once, or a call that may be joined. */
export type Found = { kind: "kept"; answer: SharedAnswer } | { kind: "call"; call: SharedCall };

/** Questions whose answers turned out too large to keep; each who asks one is served for himself. */
const rememberedLarge = 256;
const rememberedQuestions = 2_048;

export function createSharing(context: GroupContext, runners: Partial<Record<PolicyName, JobRunner>>): Sharing {
  const { upstream, settings, clock, counters } = context;
  const cache = createAnswerCache(settings.maxCacheBytes, context.memory);
  const roots = createDependentRoots();
  const flights = new Map<string, SharedCall>();
  const large = new Set<string>();
  const remembered: Record<AnswerForm, Map<string, Question>> = {
    json: new Map(),
    ssz: new Map(),
    "ssz-only": new Map(),
  };
  let rememberedFor: ChainSpec | undefined;
  const facts: ChainFacts = {
    view: () => upstream.view(),
    spec: () => upstream.network()?.spec,
    rootBefore: (epoch) => roots.rootBefore(epoch, upstream.view().head?.root),
  };
  const stopListening = upstream.onEvent(({ topic, data }) => {
    if (topic === "head" || topic === "head_v2") roots.onHeadEvent(data, facts.spec()?.slotsPerEpoch ?? 32);
  });

  // Answers of heads that are gone can never be used again; those of duties may, when their head event comes.
  const stopFollowing = upstream.onView(({ generation }) => {
    const now = clock.monotonic();
    cache.prune(
      ({ untilAt, validity }) => untilAt <= now || (validity?.kind === "head" && validity.generation !== generation),
    );
  });

  const desk: CallDesk = {
    answered(call, status, headers, body, node) {
      land(call);
      const isGood = call.route.success.includes(status);
      const isWhole = status !== 200 || call.judge(headers, body).isWhole;
      if (!isGood || !isWhole) return refuse(call, (exchange) => exchange.reply(status, headers, body, node));
      const answer = makeAnswer(call, status, headers, body, node);
      call.waiters.forEach((waiter, index) => {
        waiter.onGone = undefined;
        waiter.replyShared(answer, index === 0 ? "led" : "joined");
      });
    },
    failed(call, tell) {
      land(call);
      refuse(call, tell);
    },
    tooLarge(call) {
      land(call);
      if (large.size >= rememberedLarge) large.clear();
      large.add(call.question.key);
      const [taker, ...others] = call.waiters.filter(isExchange);
      for (const exchange of others) bypass(exchange);
      startOver(call.waiters);
      return taker;
    },
    abandoned: land,
  };

  function land(call: SharedCall): void {
    if (flights.get(call.question.key) === call) flights.delete(call.question.key);
  }

  /** Those who waited from the beginning have had their try; for those who joined later one of them leads another. */
  function refuse(call: SharedCall, tell: (exchange: Exchange) => void): void {
    const now = clock.monotonic();
    const others: Exchange[] = [];
    for (const exchange of call.waiters) {
      exchange.onGone = undefined;
      if (!isExchange(exchange)) continue;
      if (call.founders.has(exchange) || exchange.deadlineAt() <= now) tell(exchange);
      else others.push(exchange);
    }
    if (others.length > 0) lead(call.question, others);
    startOver(call.waiters);
  }

  function startOver(waiters: readonly Waiter[]): void {
    for (const waiter of waiters) {
      waiter.onGone = waiter.startOver ? undefined : waiter.onGone;
      waiter.startOver?.();
    }
  }

  function makeAnswer(
    call: SharedCall,
    status: number,
    headers: AnswerHeaders,
    body: Buffer,
    node: string | undefined,
  ): SharedAnswer {
    const { route, degraded, asked, question } = call;
    const read = status === 200 ? call.judge(headers, body) : undefined;
    const sourceEpoch = read?.sourceEpoch;
    const given = { route, status, headers, body, node, degraded, asked, sourceEpoch, vote: read?.vote };
    const answer = new SharedAnswer(given);
    if (!read || degraded !== undefined || !route.share) return answer;
    const validity = validityOf({
      scope: route.share,
      param: call.param,
      answer: read,
      generationBefore: call.generationBefore,
      specBefore: call.specBefore,
      isHolder: node !== undefined && isHolder(node),
      now: facts,
    });
    if (!validity) return answer;
    answer.validity = validity;
    const slots = longestSlots(validity, facts.spec()?.slotsPerEpoch ?? 32);
    answer.untilAt = clock.monotonic() + slots * slotMs(context);
    answer.onGrown = (bytes) => cache.grown(question.key, answer, bytes);
    cache.set(question.key, answer);
    return answer;
  }

  /** A node that has not got the view's head yet answers from the one before. */
  function isHolder(node: string): boolean {
    const root = upstream.view().head?.root;
    return root !== undefined && upstream.status(node)?.head?.root === root;
  }

  function isUsable(answer: SharedAnswer): boolean {
    const { validity, route, sourceEpoch } = answer;
    if (!validity || answer.untilAt <= clock.monotonic() || !isValid(validity, facts)) return false;
    if (!route.isSigningInput) return true;
    const { safety } = context;
    return safety.heldBecause === undefined && (sourceEpoch === undefined || !safety.isRegressed(sourceEpoch));
  }

  function run(job: CallJob): void {
    (runners[job.route.policy] ?? runners.coalesce)?.(job);
  }

  function bypass(exchange: Exchange): void {
    counters.shared.bypassed++;
    exchange.onGone = undefined;
    run(exchange);
  }

  function lead(question: Question, waiters: readonly Exchange[]): void {
    const leader = waiters[0] as Exchange;
    const call = new SharedCall(desk, question, waiters, extraHeaders(leader));
    flights.set(question.key, call);
    try {
      run(call);
    } catch (error) {
      context.log.error({ err: error, route: call.route.id }, "serving a shared request failed");
      call.fail(500, "internal");
    }
  }

  /** A call that began on another view may bring its answer; only what does not hang on the view can be shared with it. */
  function mayJoin(call: SharedCall, scope: ShareScope | undefined): boolean {
    if (call.generationBefore === upstream.view().generation) return true;
    return scope === "network" || scope === "period" || scope === "finalized";
  }

  function look({ key }: Question, route: Route): Found | undefined {
    const answer = cache.get(key);
    if (answer) {
      if (isUsable(answer)) return { kind: "kept", answer };
      if (answer.untilAt <= clock.monotonic()) cache.delete(key);
    }
    const call = flights.get(key);
    if (!call || !mayJoin(call, route.share)) return undefined;
    return route.isSigningInput && context.safety.heldBecause !== undefined ? undefined : { kind: "call", call };
  }

  function ask(
    route: Route,
    param: string,
    target: string,
    form: AnswerForm,
    body: Buffer | null,
    contentType: string | undefined,
  ): Question {
    const fork = route.forks && forkOf(context, target);
    const epochsPerPeriod = route.share === "period" ? facts.spec()?.epochsPerSyncCommitteePeriod : undefined;
    return questionOf({ route, target, param, form, body, contentType, fork, epochsPerPeriod });
  }

  /** Many ask the same within a moment: what it comes down to is remembered, for as long as the network is the same. */
  function askBare(route: Route, param: string, target: string, form: AnswerForm): Question {
    const spec = facts.spec();
    if (spec !== rememberedFor || remembered.json.size >= rememberedQuestions) {
      for (const questions of Object.values(remembered)) questions.clear();
      rememberedFor = spec;
    }
    const questions = remembered[form];
    let question = questions.get(target);
    if (!question) {
      question = ask(route, param, target, form, null, undefined);
      if (questions.size < rememberedQuestions && target.length <= 512) questions.set(target, question);
    }
    return question;
  }

  return {
    cache,
    serve(exchange) {
      const { route } = exchange;
      const form = acceptedForm(exchange.req.headers.accept);
      // A body that is compressed, or a form that no rule here knows, goes to a node as it came.
      if (form === undefined || exchange.headers.contentEncoding !== "") return bypass(exchange);
      const { body, param, target } = exchange;
      const contentType = exchange.req.headers["content-type"];
      const question = body ? ask(route, param, target, form, body, contentType) : askBare(route, param, target, form);
      const found = look(question, route);
      if (found?.kind === "kept") {
        found.answer.isUsed = true;
        return exchange.replyShared(found.answer, "hit");
      }
      if (large.has(question.key)) return bypass(exchange);
      if (found) return found.call.join(exchange);
      lead(question, [exchange]);
    },
    find(route, param, target, form) {
      return route.method === "GET" ? look(askBare(route, param, target, form), route) : undefined;
    },
    stop() {
      stopListening();
      stopFollowing();
      cache.clear();
    },
  };
}

/** The fork at the slot that the query names, else at the current one. */
function forkOf(context: GroupContext, target: string): ForkName | undefined {
  const spec = context.upstream.network()?.spec;
  if (!spec) return undefined;
  const named = /[?&]slot=([0-9]{1,15})(?:&|$)/.exec(target)?.[1];
  const slot = named === undefined ? currentSlot(context) : Number(named);
  return slot === undefined ? undefined : forkAt(spec, Math.floor(slot / spec.slotsPerEpoch))?.name;
}

/** What of the client's headers a node needs to understand the body. */
function extraHeaders(exchange: Exchange): string[] {
  // Of all who wait, the first one's id: by it the call is found in the node's log.
  const list = ["x-request-id", exchange.headers.requestId];
  if (!exchange.body) return list;
  for (const name of ["content-type", "eth-consensus-version"] as const) {
    const value = exchange.req.headers[name];
    if (typeof value === "string") list.push(name, value);
  }
  return list;
}
