import type { EvidenceRecord } from "../control/types.ts";

/** When and where the fault was shown; all instants are the gateway's own. */
export interface FaultWindow {
  group: string;
  node: string;
  /** The fault was in effect from then on. */
  startedAt: number;
  /** When its end was asked for: the node may be seen to come back from then on. */
  liftingAt: number | undefined;
  /** And no longer from then on; `undefined` while it is shown. */
  liftedAt: number | undefined;
}

/** What duty requests met while the fault was shown. Bounded, however many requests there are. */
export interface Tally {
  dutyRequests: number;
  affected: number;
  served: number;
  failed: number;
  retried: number;
  /** Of affected requests that ended well, the longest. */
  worstMs: number | undefined;
  /** The affected request that arrived first. */
  first: EvidenceRecord | undefined;
  /** When requests ended well after the first failure: the earliest few. */
  goodAt: readonly number[];
  /** Failed and affected requests: the worst of them. */
  kept: readonly EvidenceRecord[];
}

export const emptyTally: Tally = {
  ...{ dutyRequests: 0, affected: 0, served: 0, failed: 0, retried: 0 },
  ...{ worstMs: undefined, first: undefined, goodAt: [], kept: [] },
};

const keptRecords = 50;
const keptInstants = 200;

/** The tally with one more duty request; one that the fault cannot have met leaves it as it is. */
export function withRequest(tally: Tally, record: EvidenceRecord, window: FaultWindow): Tally {
  if (!wasDuring(record, window)) return tally;
  const { node } = window;
  const isHit = isAffected(record, node);
  const hasFailed = isFailed(record, node);
  const isGood = record.status < 499;
  return {
    dutyRequests: tally.dutyRequests + 1,
    affected: tally.affected + Number(isHit),
    served: tally.served + Number(isGood && record.node === node && record.shared !== "hit"),
    failed: tally.failed + Number(hasFailed),
    retried: tally.retried + Number(record.shared !== "hit" && hasSeveralNodes(record)),
    worstMs: isHit && isGood ? Math.max(tally.worstMs ?? 0, record.durationMs) : tally.worstMs,
    first: isHit && (!tally.first || arrivedAt(record) < arrivedAt(tally.first)) ? record : tally.first,
    goodAt:
      isGood && (tally.failed > 0 || tally.goodAt.length > 0) && tally.goodAt.length < keptInstants
        ? [...tally.goodAt, record.at]
        : tally.goodAt,
    kept: isHit || hasFailed ? keepWorst([...tally.kept, record], node) : tally.kept,
  };
}

/**
 * From the arrival of the first affected request to its good answer; where it failed, to the next good answer to anyone.
 * `undefined` where no request was affected, or nothing has ended well since.
 */
export function switchMsOf({ first, goodAt }: Tally): number | undefined {
  if (!first) return undefined;
  if (first.status < 499) return first.durationMs;
  const later = goodAt.filter((at) => at >= first.at);
  return later.length === 0 ? undefined : Math.min(...later) - arrivedAt(first);
}

/** 499 is a client that gave up waiting: with the fault in the way that is a failure, else it is the client's own affair. */
export function isFailed(record: EvidenceRecord, node: string): boolean {
  return record.status === 499 ? isAffected(record, node) : record.status >= 500;
}

/** Was it under way at some time while the fault was shown? */
function wasDuring(record: EvidenceRecord, { group, startedAt, liftedAt }: FaultWindow): boolean {
  return record.group === group && record.at >= startedAt && arrivedAt(record) <= (liftedAt ?? Infinity);
}

/** Did it ask the node and get nothing good from it? A 4xx is an answer: the client asked for what is not there. */
function isAffected({ answers, shared }: EvidenceRecord, node: string): boolean {
  // A kept answer carries the record of the request for which the nodes were asked; this one asked nobody.
  if (shared === "hit") return false;
  return answers.some((each) => each.node === node && (each.outcome !== "answered" || (each.status ?? 0) >= 500));
}

function hasSeveralNodes({ answers }: EvidenceRecord): boolean {
  return answers.some(({ node }) => node !== answers[0]?.node);
}

function arrivedAt({ at, durationMs }: EvidenceRecord): number {
  return at - durationMs;
}

/** Failed ones first, then the slowest. */
function keepWorst(records: readonly EvidenceRecord[], node: string): readonly EvidenceRecord[] {
  return records
    .toSorted((a, b) => Number(isFailed(b, node)) - Number(isFailed(a, node)) || b.durationMs - a.durationMs)
    .slice(0, keptRecords);
}
