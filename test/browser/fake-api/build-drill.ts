import type { DrillKind } from "../../../src/api/contract.ts";
import type { DrillProgress, DrillRecord, DrillScore } from "../../../src/drills/types.ts";

const emptyScore: DrillScore = {
  detectMs: undefined,
  detectReason: undefined,
  switchMs: undefined,
  worstMs: undefined,
  dutyRequests: 0,
  affected: 0,
  failed: 0,
  retried: 0,
  served: 0,
  unseen: 0,
  recoverMs: undefined,
};

type DrillChanges = Partial<Omit<DrillProgress, "score">> & { score?: Partial<DrillScore> };

/** A drill on bn-2 that somebody has just asked for. */
export function drillOf({ score, ...changes }: DrillChanges = {}): DrillProgress {
  return {
    id: "d-7",
    gateway: "gateway",
    group: "main",
    node: "bn-2",
    kind: "hang",
    by: "api token from 127.0.0.1",
    phase: "guarding",
    askedAt: Date.now(),
    startedAt: undefined,
    plannedEndAt: undefined,
    liftedAt: undefined,
    endedAt: undefined,
    findings: [],
    sentence: "Looking whether a drill may begin.",
    ...changes,
    score: { ...emptyScore, ...score },
  };
}

export const drillKinds: readonly DrillKind[] = [
  { kind: "refuse", short: "refuses connections", long: "The port is closed: new connections are refused." },
  { kind: "hang", short: "accepts and never answers", long: "Connections stay open and nothing moves on them." },
  { kind: "stale-head", short: "head stands still", long: "The node answers, and its head does not move any more." },
];

/** Three drills of one evening: one passed, one that a person ended, one in which a duty request failed. */
export function pastDrills(now: number): DrillRecord[] {
  const record = (
    id: string,
    minutesAgo: number,
    part: Partial<DrillRecord>,
    score: Partial<DrillScore>,
  ): DrillRecord => {
    const startedAt = now - minutesAgo * 60_000;
    return {
      ...{ id, gateway: "gateway", group: "main", node: "bn-2", kind: "hang", by: "api token from 127.0.0.1" },
      ...{ askedAt: startedAt - 900, startedAt, liftedAt: startedAt + 30_000, endedAt: startedAt + 33_000 },
      ...{ outcome: "passed", findings: [], evidence: [], sentence: "Every duty request was answered." },
      ...part,
      score: { ...emptyScore, dutyRequests: 118, affected: 4, retried: 4, ...score },
    };
  };
  const route = "/eth/v1/validator/attestation_data";
  return [
    record("d-6", 24, {}, { detectMs: 212, switchMs: 604, worstMs: 611, recoverMs: 1_840 }),
    record(
      "d-5",
      55,
      {
        ...{ kind: "stale-head", node: "bn-3", outcome: "aborted", sentence: "A person ended the drill after 9 s." },
        findings: [{ reason: "ended-by-person", detail: "by ops", isSoft: false, tryAgainAt: undefined }],
      },
      { affected: 0, retried: 0 },
    ),
    record(
      "d-4",
      1_560,
      {
        ...{
          kind: "refuse",
          node: "bn-1",
          outcome: "failed",
          sentence: "One duty request failed; the fault was lifted at once.",
        },
        findings: [{ reason: "duty-failed", detail: `GET ${route} got 503`, isSoft: false, tryAgainAt: undefined }],
        evidence: [
          {
            ...{ at: now - 93_600_000, requestId: "r-91", client: "10.0.4.31", method: "GET", route, status: 503 },
            ...{ durationMs: 1_204, servedBy: undefined, answers: "bn-1 refused after 1 ms, bn-2 503 after 1201 ms" },
          },
        ],
      },
      { detectMs: 41, failed: 1, worstMs: 1_204, recoverMs: 12_400 },
    ),
  ];
}
