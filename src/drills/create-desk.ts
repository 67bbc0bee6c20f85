import { faultKinds, isFaultKind } from "../faults/registry.ts";
import { readFault } from "../faults/read-fault.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { DrilledGateway } from "./read-gateway.ts";
import { runDrill } from "./run-drill.ts";
import {
  isFinalPhase,
  type DrillDesk,
  type DrillFinding,
  type DrillPhase,
  type DrillProgress,
  type DrillRecord,
  type DrillRequest,
  type DrillStore,
} from "./types.ts";

export interface DrillDeskOptions {
  /** By the name that the monitor's config gives them. */
  gateways: () => ReadonlyMap<string, DrilledGateway>;
  /** Absent: records are not kept. */
  store?: DrillStore;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  log: Logger;
  /** A drill has ended: for the audit. Rejections are logged. */
  onEnded?: (record: DrillRecord) => Promise<unknown>;
}

/** A desk that can be closed: drills that run are lifted and recorded first. */
export interface OpenDesk extends DrillDesk {
  stop(): Promise<void>;
}

interface Running {
  progress: DrillProgress;
  lift: AbortController;
  ended: Promise<void>;
}

const shownAfterEndMs = 60_000;
const tellEveryMs = 200;
/** Ended drills that are still shown: more than this within a minute are refusals, and the newest will do. */
const keptEnded = 20;

/** Opens the desk. Nothing runs until somebody asks. */
export function createDrillDesk(options: DrillDeskOptions): OpenDesk {
  const { clock, random, log, store } = options;
  const running = new Map<string, Running>();
  let ended: { progress: DrillProgress; at: number }[] = [];
  const listeners = new Set<(progress: DrillProgress) => void>();
  const stopping = new AbortController();

  function start(request: DrillRequest): Promise<DrillProgress> {
    const { gateway, node, kind, durationMs } = request;
    const gateways = options.gateways();
    const drilled = gateways.get(gateway);
    const action = `begin drill ${kind} on ${node}`;
    const fail = (code: string, why: string) => Promise.reject(new AppError(`${action}: ${why}`, { code }));
    if (!isFaultKind(kind)) return fail("unknown-drill-kind", `the kinds are ${faultKinds.join(", ")}`);
    try {
      readFault(kind, request.settings);
    } catch (error) {
      return fail("unknown-drill-kind", describeError(error));
    }
    if (!drilled) return fail("unknown-gateway", `the gateways are ${[...gateways.keys()].join(", ") || "none"}`);
    if (!Number.isFinite(durationMs) || durationMs < 1_000 || durationMs > 600_000)
      return fail("bad-request", "a fault is shown for 1 to 600 seconds");
    if (stopping.signal.aborted) return fail("monitor-stopping", "the monitor is stopping");
    return begin(request, drilled);
  }

  async function begin(request: DrillRequest, drilled: DrilledGateway): Promise<DrillProgress> {
    await checkPlace(request, drilled);
    const { gateway, group } = request;
    const isBusy = [...running.values()].some(
      ({ progress }) => progress.gateway === gateway && progress.group === group,
    );
    if (isBusy)
      throw new AppError(`begin another drill in group ${group}: one runs. Wait for it, or end it.`, {
        code: "drill-runs",
      });
    const id = `${clock.now().toString(36)}-${Math.floor(random() * 36 ** 4).toString(36)}`;
    const lift = new AbortController();
    return new Promise((resolve) => {
      const onProgress = (progress: DrillProgress) => {
        const mine = running.get(id);
        if (mine) mine.progress = progress;
        else running.set(id, { progress, lift, ended: Promise.resolve() });
        // The one who asks wants to know whether the guards let it pass.
        if (progress.phase !== "guarding") resolve(progress);
        tell(progress);
      };
      const run = { id, request, gateway: drilled, clock, lift: lift.signal, stopping: stopping.signal, onProgress };
      const whole = runDrill(run)
        .then(keep)
        .catch(logFailure)
        .finally(() => retire(id));
      const mine = running.get(id);
      if (mine) mine.ended = whole;
    });
  }

  async function keep(record: DrillRecord | undefined): Promise<void> {
    if (!record) return;
    log.info({ drill: record.id, kind: record.kind, node: record.node, outcome: record.outcome }, record.sentence);
    // The audit is told even where the store fails: neither depends on the other.
    const results = await Promise.allSettled([store?.add(record), options.onEnded?.(record)]);
    for (const result of results) if (result.status === "rejected") logFailure(result.reason);
  }

  function logFailure(error: unknown): void {
    log.error({ error: describeError(error) }, "recording a drill failed");
  }

  function retire(id: string): void {
    const mine = running.get(id);
    running.delete(id);
    if (mine) ended = [{ progress: mine.progress, at: clock.monotonic() }, ...ended].slice(0, keptEnded);
  }

  const toldAt = new Map<string, { phase: DrillPhase; at: number }>();
  function tell(progress: DrillProgress): void {
    const last = toldAt.get(progress.id);
    const now = clock.monotonic();
    if (last?.phase === progress.phase && now - last.at < tellEveryMs) return;
    if (isFinalPhase(progress.phase)) toldAt.delete(progress.id);
    else toldAt.set(progress.id, { phase: progress.phase, at: now });
    for (const listener of listeners) listener(progress);
  }

  return {
    start,
    abort(id, by) {
      const mine = running.get(id);
      if (mine) return mine.lift.abort(causeOf("ended-by-person", by));
      if (!ended.some(({ progress }) => progress.id === id))
        throw new AppError(`end drill ${id}: no drill with this id runs. See \`slotkeeper drill list\`.`, {
          code: "unknown-drill",
        });
    },
    running() {
      const shownSince = clock.monotonic() - shownAfterEndMs;
      ended = ended.filter(({ at }) => at >= shownSince);
      const all = [...[...running.values()].map(({ progress }) => progress), ...ended.map(({ progress }) => progress)];
      return all.sort((a, b) => b.askedAt - a.askedAt);
    },
    onProgress(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    past: (limit) => store?.past({ limit }) ?? Promise.resolve([]),
    async stop() {
      for (const { lift } of running.values()) lift.abort(causeOf("monitor-stopping", ""));
      stopping.abort();
      await Promise.all([...running.values()].map((each) => each.ended));
    },
  };
}

function causeOf(reason: "ended-by-person" | "monitor-stopping", detail: string): DrillFinding {
  return { reason, detail, isSoft: false, tryAgainAt: undefined };
}

/** A name that does not exist is a slip of the hand, and is answered with the names that do. Silence is the guards' affair. */
async function checkPlace({ group, node, kind }: DrillRequest, gateway: DrilledGateway): Promise<void> {
  const status = await gateway.status().catch(() => undefined);
  if (!status) return;
  const action = `begin drill ${kind} on ${node}`;
  const found = status.groups.find((each) => each.group === group);
  const groups = status.groups.map((each) => each.group).join(", ");
  if (!found) throw new AppError(`${action}: there is no group ${group}, only ${groups}`, { code: "unknown-group" });
  const nodes = found.nodes.map((each) => each.node).join(", ");
  if (!found.nodes.some((each) => each.node === node))
    throw new AppError(`${action}: group ${group} has no such node, only ${nodes}`, { code: "unknown-node" });
}
