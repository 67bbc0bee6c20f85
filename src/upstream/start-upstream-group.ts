import type { Clock } from "../lib/clock.ts";
import { describeError } from "../lib/app-error.ts";
import type { Logger } from "../lib/log.ts";
import { chooseBranch, type ChosenBranch } from "./branch-choice.ts";
import type { Fact, Wanted } from "./facts.ts";
import { judge } from "./judge.ts";
import { observeNode, type NodeObserver } from "./node-observer.ts";
import { reconfigured } from "./reconfigure.ts";
import { shiftTimes } from "./shift-times.ts";
import { newGroup } from "./state.ts";
import { statusOf } from "./status.ts";
import { confirmationMs } from "./view.ts";
import type {
  NodeEvent,
  OperatorState,
  Transition,
  UpstreamGroup,
  UpstreamGroupConfig,
  UpstreamStatus,
  View,
} from "./types.ts";

export interface UpstreamGroupOptions {
  config: UpstreamGroupConfig;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  log: Logger;
  metrics?: { observeProbe(node: string, probe: string, outcome: string, latencyMs: number): void };
  /** What operators set, by node: asked at the start and when nodes are added. */
  loadOperatorStates?: () => Readonly<Record<string, OperatorState>>;
  saveOperatorState?: (node: string, state: OperatorState, by: string) => void;
  /** What a person chose in a split before the last restart; it counts if the same split is seen again soon. */
  loadBranchChoice?: () => ChosenBranch | undefined;
  /** Called with each choice, and with `undefined` when its split has ended. A throw keeps the choice from being made. */
  saveBranchChoice?: (choice: ChosenBranch | undefined) => void;
}

const gateDeadlineMs = 1000;
/** Below this a change of the wall clock against the monotonic one is slewing or rounding. */
const clockStepMs = 100;

/**
 * Starts watching the beacon nodes of a group. Everything is judged synchronously as facts come in: when a listener is
 * called, `view()` and `status()` already give what it is told of.
 */
export function startUpstreamGroup(options: UpstreamGroupOptions): UpstreamGroup {
  const { clock, log } = options;
  let config = options.config;
  let state = newGroup(config, options.loadOperatorStates?.() ?? {}, clock.now());
  state = { ...state, choice: options.loadBranchChoice?.() };
  let clockOffsetMs = clock.now() - clock.monotonic();
  let isStopped = false;
  let gate: ((node: string, signal: AbortSignal) => Promise<void>) | undefined;
  const observers = new Map<string, NodeObserver>();
  /** Other addresses of nodes, while a drill shows a fault on them. */
  const detours = new Map<string, string>();
  const lastAnswers = new Map<string, number>();
  const stopping = new AbortController();
  const endings = new Set<Promise<void>>();
  const transitionListeners = new Set<(transition: Transition) => void>();
  const viewListeners = new Set<(view: View, previous: View) => void>();
  const eventListeners = new Set<(event: NodeEvent) => void>();

  const facts: Fact[] = [];
  let isJudging = false;
  let isLookingAgain = false;
  let cancelLook = () => {};

  /** Facts that listeners cause while one is being told wait their turn: every listener sees every view, in order. */
  function take(fact: Fact): void {
    if (isStopped) return;
    facts.push(fact);
    if (isJudging) return;
    isJudging = true;
    try {
      for (let next = facts.shift(); next !== undefined; next = facts.shift()) judgeSafely(next);
    } finally {
      isJudging = false;
    }
  }

  /** A defect in judging must cost one fact, not the process that serves validators. */
  function judgeSafely(fact: Fact): void {
    try {
      judgeOne(fact);
    } catch (error) {
      log.error({ fact: fact.kind, error: describeError(error) }, "judging a fact failed; the last judgement stays");
    }
  }

  function judgeOne(fact: Fact): void {
    const previous = state.view;
    const { choice } = state;
    followClock();
    const judgement = judge(state, fact, clock.now());
    state = judgement.state;
    if (choice !== undefined && state.choice === undefined) forgetChoice();
    for (const transition of judgement.transitions) {
      logTransition(transition);
      tellAll(transitionListeners, (listener) => listener(transition));
    }
    if (state.view !== previous) tellAll(viewListeners, (listener) => listener(state.view, previous));
    for (const wanted of judgement.wanted) fulfil(wanted);
    if (fact.kind === "stream-head") lookAgain();
  }

  /** A head that one node has alone waits for a second node, and no longer than a moment: then it is judged again. */
  function lookAgain(): void {
    const { head } = state.view;
    if (isLookingAgain || !state.nodes.some((node) => (node.head?.slot ?? 0) > (head?.slot ?? 0))) return;
    isLookingAgain = true;
    cancelLook = clock.after(confirmationMs(state.network?.spec.slotDurationMs), () => {
      isLookingAgain = false;
      take({ kind: "tick" });
    });
  }

  function forgetChoice(): void {
    try {
      options.saveBranchChoice?.(undefined);
    } catch (error) {
      log.warn({ error: describeError(error) }, "the choice of a branch that has ended is still on disk");
    }
  }

  /** Remembered instants are wall-clock times, because slots are: they move along when the wall clock is stepped. */
  function followClock(): void {
    const offsetMs = clock.now() - clock.monotonic();
    const steppedMs = offsetMs - clockOffsetMs;
    if (Math.abs(steppedMs) < clockStepMs) return;
    clockOffsetMs = offsetMs;
    state = shiftTimes(state, steppedMs);
    log.warn({ group: state.name, steppedMs: Math.round(steppedMs) }, "this machine's clock was stepped");
  }

  function fulfil(wanted: Wanted): void {
    switch (wanted.kind) {
      case "probe":
        return observers.get(wanted.node)?.ask(wanted.probe);
      case "header":
        return observers.get(wanted.node)?.lookUp(wanted.root);
      case "reopen-stream":
        return observers.get(wanted.node)?.reopenStream(wanted.why);
      case "gate":
        return track(passGate(wanted.node));
    }
  }

  async function passGate(node: string): Promise<void> {
    if (gate !== undefined) {
      const late = new AbortController();
      const cancel = clock.after(gateDeadlineMs, () => late.abort());
      const signal = AbortSignal.any([late.signal, stopping.signal]);
      try {
        await Promise.race([gate(node, signal), aborted(signal)]);
        if (late.signal.aborted)
          log.warn({ node }, "replay to the returning node took more than a second; it serves anyway");
      } catch (error) {
        log.warn({ node, error: describeError(error) }, "replay to the returning node failed; it serves anyway");
      } finally {
        cancel();
      }
    }
    take({ kind: "gate-finished", node });
  }

  function track(work: Promise<void>): void {
    endings.add(work);
    void work.finally(() => endings.delete(work));
  }

  function logTransition({ node, kind, from, to, reason, detail }: Transition): void {
    const isBad = kind === "view" ? to !== "serving" : to === "down" || to === "suspect" || to === "raised";
    log[isBad ? "warn" : "info"](
      { group: state.name, node, kind, from, to, reason, detail },
      `${node ?? "view"}: ${to} (${reason})`,
    );
  }

  function tellAll<L>(listeners: Set<L>, tell: (listener: L) => void): void {
    for (const listener of listeners) {
      try {
        tell(listener);
      } catch (error) {
        log.error({ error: describeError(error) }, "a listener of the upstream group failed");
      }
    }
  }

  function observeAll(): void {
    for (const { config: node } of state.nodes) {
      if (observers.has(node.name)) continue;
      observers.set(
        node.name,
        observeNode({
          node: { ...node, url: detours.get(node.name) ?? node.url },
          clock,
          random: options.random,
          slotDurationMs: () => state.network?.spec.slotDurationMs,
          onFact: take,
          onEvent: (event) => {
            if (!isStopped) tellAll(eventListeners, (listener) => listener(event));
          },
          onProbe: options.metrics && ((...told) => options.metrics?.observeProbe(...told)),
        }),
      );
    }
  }

  /** Watches a node anew, through another address; what is judged of it stays, and the first probe goes out at once. */
  function repoint(name: string, url: string | undefined): void {
    if (isStopped || detours.get(name) === url || !observers.has(name)) return;
    if (url === undefined) detours.delete(name);
    else detours.set(name, url);
    const before = observers.get(name);
    observers.delete(name);
    if (before) track(before.stop());
    observeAll();
  }

  function statusWithCalls(node: (typeof state.nodes)[number]): UpstreamStatus {
    const status = statusOf(state, node);
    const answeredAt = lastAnswers.get(node.config.name);
    return answeredAt !== undefined && answeredAt > (status.lastSeenAt ?? 0)
      ? { ...status, lastSeenAt: answeredAt }
      : status;
  }

  function listen<L>(listeners: Set<L>, listener: L): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  observeAll();

  return {
    get name() {
      return state.name;
    },
    view: () => state.view,
    status(name) {
      const node = state.nodes.find((each) => each.config.name === name);
      return node && statusWithCalls(node);
    },
    statuses: () => state.nodes.map(statusWithCalls),
    network: () => state.network && { spec: state.network.spec, genesis: state.network.genesis },
    report(observation) {
      // The hot path: an answer is the usual thing and changes no judgement.
      if (observation.outcome === "answered") lastAnswers.set(observation.node, clock.now());
      else take({ kind: "call", observation });
    },
    suspect: (node, detail) => take({ kind: "suspected", node, detail }),
    setOperatorState(node, operator, by) {
      if (isStopped || !state.nodes.some((each) => each.config.name === node)) return;
      take({ kind: "operator", node, operator, by });
      options.saveOperatorState?.(node, operator, by);
    },
    branches: () => state.choices,
    chooseBranch(root, by) {
      const choice = chooseBranch(state, root, by, clock.now());
      // On disk first: what was acknowledged survives a restart.
      options.saveBranchChoice?.(choice);
      take({ kind: "branch-chosen", choice });
    },
    chosenBranch: () => state.choice && { root: state.choice.root, by: state.choice.by, at: state.choice.at },
    repoint,
    onTransition: (listener) => listen(transitionListeners, listener),
    onView: (listener) => listen(viewListeners, listener),
    onEvent: (listener) => listen(eventListeners, listener),
    setReadmissionGate(next) {
      gate = next;
    },
    reconfigure(next) {
      const change = reconfigured(state, config, next, options.loadOperatorStates?.() ?? {}, clock.now());
      config = next;
      state = change.state;
      for (const name of change.toStop) {
        const observer = observers.get(name);
        observers.delete(name);
        detours.delete(name);
        lastAnswers.delete(name);
        if (observer) track(observer.stop());
      }
      observeAll();
      take({ kind: "tick" });
    },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      cancelLook();
      stopping.abort();
      await Promise.all([...[...observers.values()].map((observer) => observer.stop()), ...endings]);
      transitionListeners.clear();
      viewListeners.clear();
      eventListeners.clear();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
