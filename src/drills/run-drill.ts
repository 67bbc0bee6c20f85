import type { FaultLease, GatewayStatus, GroupStatus } from "../control/types.ts";
import { describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Transition } from "../upstream/types.ts";
import { findingDuring, findingsBefore, isRefusal } from "./guards.ts";
import { createGatewayReader, groupOf, type DrilledGateway, type GatewayReading } from "./read-gateway.ts";
import type { DrillReasonCode } from "./reasons.ts";
import { emptyScore, evidenceOf, scoreOf } from "./score.ts";
import { sentenceOf } from "./sentence.ts";
import { emptyTally, withRequest, type FaultWindow } from "./tally.ts";
import type { DrillFinding, DrillOutcome, DrillProgress, DrillRecord, DrillRequest } from "./types.ts";

export interface DrillRun {
  id: string;
  request: DrillRequest;
  gateway: DrilledGateway;
  clock: Clock;
  /** Aborts when the fault is to be lifted before its time; the reason is a `DrillFinding`. */
  lift: AbortSignal;
  /** Aborts when nobody can wait for the node any more. */
  stopping: AbortSignal;
  onProgress: (progress: DrillProgress) => void;
}

/** The gateway lifts the fault by itself so long after it last heard of us. */
const leaseMs = 10_000;
const renewEveryMs = 3_000;
const readEveryMs = 250;
/** Requests that met the fault may end, and the node may be seen to leave, so long after it was lifted. */
const settleMs = 1_500;
/** A node that is not ready again by then has a fault of its own. */
const recoverMs = 90_000;

/**
 * One drill from its guards to its record: shows the fault, watches every moment of it, lifts it, and waits until the node
 * is back. Never rejects. `undefined` where no fault was shown.
 */
export async function runDrill(run: DrillRun): Promise<DrillRecord | undefined> {
  const { request, gateway, clock } = run;
  let progress = firstProgress(run);
  const tell = (change: Partial<DrillProgress>) => {
    progress = { ...progress, ...change };
    progress = { ...progress, sentence: sentenceOf(progress) };
    run.onProgress(progress);
  };
  const refuse = (findings: readonly DrillFinding[]) => tell({ phase: "refused", findings, endedAt: clock.now() });

  tell({});
  let status: GatewayStatus;
  try {
    status = await gateway.status();
  } catch (error) {
    return void refuse([finding("gateway-unknown-state", describeError(error))]);
  }
  const before = groupOf(status, request.group);
  if (!before) return void refuse([finding("gateway-unknown-state", `it has no group ${request.group}`)]);
  const findings = findingsBefore(status, before, request);
  if (isRefusal(findings, request.isForced === true)) return void refuse(findings);

  tell({ phase: "starting", findings });
  const read = createGatewayReader(gateway, request.group, status);
  let lease: FaultLease;
  try {
    const { group, node, kind, settings, by, isForced } = request;
    lease = await gateway.startFault({
      ...{ group, node, kind, leaseMs, by },
      ...(settings === undefined ? {} : { settings }),
      ...(isForced === undefined ? {} : { isForced }),
    });
  } catch (error) {
    return void refuse([...findings, refusalOf(error)]);
  }

  const watch = createWatch(run, lease, read, (change) => tell(change));
  tell({ phase: "running", startedAt: lease.startedAt, plannedEndAt: lease.startedAt + request.durationMs });
  const cause = await watch.untilEnd(before);
  const liftedAt = await watch.lift();
  tell({ phase: "recovering", liftedAt, findings: cause ? [...findings, cause] : findings });
  const isBack = await watch.untilBack(before.view.ready.includes(request.node));

  const { score } = progress;
  const closing = [
    ...(isBack
      ? []
      : [finding("node-not-back", `not ready ${Math.round(recoverMs / 1000)} s after the fault was lifted`)]),
    ...(score.affected + score.served > 0 ? [] : [remark("no-request-met-the-fault")]),
    ...(score.detectMs === undefined ? [remark("stayed-in-service")] : []),
  ];
  const outcome: DrillOutcome = score.failed > 0 || !isBack ? "failed" : cause ? "aborted" : "passed";
  const endedAt = watch.now();
  tell({ phase: cause ? "aborted" : "done", endedAt, findings: [...progress.findings, ...closing] });
  const { id, gateway: name, group, node, kind, by, askedAt, findings: all, sentence } = progress;
  const instants = { askedAt, startedAt: lease.startedAt, liftedAt, endedAt };
  return {
    ...{ id, gateway: name, group, node, kind, by },
    ...instants,
    ...{ outcome, findings: all, sentence, score, evidence: watch.evidence() },
  };
}

/** Follows the gateway while a fault is shown and after, and keeps the score. */
function createWatch(
  { request, gateway, clock, lift, stopping }: DrillRun,
  lease: FaultLease,
  read: () => Promise<GatewayReading>,
  tell: (change: Partial<DrillProgress>) => void,
) {
  let window: FaultWindow = {
    group: request.group,
    node: request.node,
    startedAt: lease.startedAt,
    liftingAt: undefined,
    liftedAt: undefined,
  };
  let tally = emptyTally;
  let unseen = 0;
  const transitions: Transition[] = [];
  /** The gateway's clock against ours: everything is scored in its time. */
  let offsetMs = lease.startedAt - clock.now();

  async function take(): Promise<GatewayReading> {
    const reading = await read();
    offsetMs = reading.status.at - clock.now();
    transitions.push(...reading.transitions);
    unseen += reading.unseen;
    for (const record of reading.evidence) tally = withRequest(tally, record, window);
    tell({ score: scoreOf(tally, transitions, unseen, window) });
    return reading;
  }

  return {
    now: () => clock.now() + offsetMs,
    evidence: () => evidenceOf(tally),

    /** Resolves when the time is up, with nothing, or with why the fault must go now. */
    async untilEnd(before: GroupStatus): Promise<DrillFinding | undefined> {
      const endAt = clock.monotonic() + request.durationMs;
      let heardAt = clock.monotonic();
      let renewedAt = heardAt;
      while (clock.monotonic() < endAt) {
        await clock.sleep(Math.min(readEveryMs, endAt - clock.monotonic()), lift);
        if (lift.aborted) return lift.reason as DrillFinding;
        try {
          const { status, group } = await take();
          heardAt = clock.monotonic();
          if (tally.failed > 0) return finding("duty-failed", describeFailure(tally.kept[0]));
          const trouble = findingDuring(status, group, before, lease);
          if (trouble) return trouble;
          if (clock.monotonic() - renewedAt < renewEveryMs) continue;
          await gateway.renewFault(lease.id, leaseMs);
          renewedAt = clock.monotonic();
        } catch (error) {
          // One call may fail; when the lease has run out unheard, the gateway has lifted the fault by itself.
          if (clock.monotonic() - heardAt > leaseMs) return finding("gateway-unknown-state", describeError(error));
        }
      }
      return undefined;
    },

    /** Resolves, with the gateway's time, when the fault is lifted: by our word, or because its lease has run out. */
    async lift(): Promise<number> {
      const leaseEndsAt = clock.monotonic() + leaseMs;
      window = { ...window, liftingAt: clock.now() + offsetMs };
      do {
        try {
          await gateway.stopFault(lease.id);
          break;
        } catch {
          await clock.sleep(2 * readEveryMs, stopping);
        }
      } while (clock.monotonic() < leaseEndsAt && !stopping.aborted);
      window = { ...window, liftedAt: clock.now() + offsetMs };
      return clock.now() + offsetMs;
    },

    /** Resolves when the node is ready again, or with `false` when it is not in time. */
    async untilBack(wasReady: boolean): Promise<boolean> {
      const settledAt = clock.monotonic() + settleMs;
      const endAt = clock.monotonic() + recoverMs;
      let isBack = !wasReady;
      while (!stopping.aborted && clock.monotonic() < endAt && !(isBack && clock.monotonic() >= settledAt)) {
        await clock.sleep(readEveryMs, stopping);
        try {
          const { group } = await take();
          isBack = !wasReady || group?.view.ready.includes(request.node) === true;
        } catch {
          // A gateway that is upgraded right now answers again in a moment.
        }
      }
      // Nobody was left to see it: that is no failure of the node.
      return isBack || stopping.aborted;
    },
  };
}

function firstProgress({ id, request, clock }: DrillRun): DrillProgress {
  const { gateway, group, node, kind, by } = request;
  return {
    ...{ id, gateway, group, node, kind, by },
    ...{ phase: "guarding", askedAt: clock.now(), startedAt: undefined, plannedEndAt: undefined },
    ...{ liftedAt: undefined, endedAt: undefined, findings: [], sentence: "", score: emptyScore },
  };
}

function finding(reason: DrillReasonCode, detail: string): DrillFinding {
  return { reason, detail, isSoft: false, tryAgainAt: undefined };
}

/** Something to know about the result, which speaks against nothing. */
function remark(reason: DrillReasonCode): DrillFinding {
  return { reason, detail: "", isSoft: true, tryAgainAt: undefined };
}

/** What a gateway's refusal means; over control its own code travels as `refusal`. */
function refusalOf(error: unknown): DrillFinding {
  const { code, refusal } = (error ?? {}) as { code?: unknown; refusal?: unknown };
  const isForbidden = code === "faults-not-allowed" || refusal === "faults-not-allowed";
  return finding(isForbidden ? "faults-not-allowed" : "gateway-refused", describeError(error));
}

function describeFailure(record: { method: string; route: string; status: number } | undefined): string {
  return record ? `${record.method} ${record.route} was answered ${record.status}` : "";
}
