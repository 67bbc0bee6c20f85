import { emptyTotals } from "../../duties/totals.ts";
import { dutyBits, type DutyProof, type DutyTotals } from "../../duties/types.ts";
import type { AuditReport } from "../duty-audit/audit-report.ts";

export const root = (sign: string): string => `0x${sign.repeat(64)}`;

/** 64 attestations, of which so many are lost. */
export function totalsOf(validators: number, missed: number): DutyTotals {
  const included = validators - missed;
  return {
    ...emptyTotals(),
    ...{ validators, stake: validators * 32, assigned: validators, included },
    ...{ timelySource: included, timelyTarget: included, timelyHead: included },
    ...{ delaySum: included, effectiveDelaySum: included },
    ...{ stakeAssigned: validators * 32, stakeIncluded: included * 32 },
  };
}

export const missProof: DutyProof = {
  ...{ validatorIndex: 5, epoch: 8, state: "final", seatFrom: "state" },
  duty: { slot: 65, committee: 1, position: 2 },
  expected: { headRoot: root("a"), targetRoot: root("b") },
  examined: [
    { slot: 66, root: undefined },
    { slot: 67, root: root("c") },
  ],
  inclusions: [],
  ...{ duties: dutyBits.assigned, delay: 0, emptySlots: 0 },
};

/** Bit 77 of the attestation: in Electra committees follow one another in one list. */
export const lateProof: DutyProof = {
  ...missProof,
  inclusions: [
    {
      ...{ blockSlot: 67, blockRoot: root("c"), attestation: 3, bit: 77, headRoot: root("a"), delay: 2 },
      source: { epoch: 7, root: root("d") },
      target: { epoch: 8, root: root("b") },
      duties: dutyBits.included | dutyBits.timelySource | dutyBits.timelyTarget,
    },
  ],
  duties: dutyBits.assigned | dutyBits.included | dutyBits.timelySource | dutyBits.timelyTarget,
  delay: 2,
  emptySlots: 1,
};

export const audit: AuditReport = {
  ...{ at: 1_700_000_000_000, beacon: "http://bn1:5052", epoch: 8, state: "final", fork: "fulu", currentEpoch: 12 },
  ...{ fromSlot: 64, toSlot: 71, rewards: "node", isGweiLeftOut: false, caveats: [], scope: "named" },
  ...{ network: totalsOf(64, 1), ours: totalsOf(8, 0), lost: 0, duties: [], cut: 0, unknown: [], idle: [], proofs: [] },
  cost: { requests: 41, bytesReceived: 261_500, bytesSent: 12 },
};
