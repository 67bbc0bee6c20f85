import { dutyBits, type DutyTotals } from "../types.ts";
import type { BlockChain } from "./block-chain.ts";
import type { OpenEpoch } from "./open-epoch.ts";

/**
 * Duties of an epoch that is not judged yet, of slots after which enough blocks came: a vote that is in none of them is late
 * at best. No verdict: it may still be included until the end of the next epoch.
 */
export interface OpenDuties {
  epoch: number;
  /** The watched, rising; and for each `dutyBits`, 0 where its slot is still too new or it has no duty. */
  indices: Uint32Array;
  duty: Uint8Array;
  /** Sums over these slots, of ours and of everybody. */
  own: Pick<DutyTotals, "assigned" | "included" | "timelyTarget">;
  network: Pick<DutyTotals, "assigned" | "included" | "timelyTarget">;
}

/** Most votes are in the next block, nearly all in the three after their slot. */
const settledBlocks = 3;

export function openDuties(open: OpenEpoch, chain: BlockChain, slotsPerEpoch: number): OpenDuties {
  const { epoch, ledger, watched } = open;
  const first = epoch * slotsPerEpoch;
  const settled = lastSettled(open.appliedSlot, first, chain);
  const network = { assigned: 0, included: 0, timelyTarget: 0 };
  for (let slot = first; slot <= Math.min(settled, first + slotsPerEpoch - 1); slot++) {
    const counts = ledger.slotCounts(slot);
    network.assigned += counts.assigned;
    network.included += counts.included;
    network.timelyTarget += counts.timelyTarget;
  }
  const own = { assigned: 0, included: 0, timelyTarget: 0 };
  const duty = Uint8Array.from(watched, (index) => {
    const place = ledger.placeOf(index);
    if (place === undefined || ledger.seatOf(place).slot > settled) return 0;
    const bits = ledger.duty[place] ?? 0;
    own.assigned += 1;
    own.included += Number((bits & dutyBits.included) !== 0);
    own.timelyTarget += Number((bits & dutyBits.timelyTarget) !== 0);
    return bits;
  });
  return { epoch, indices: watched, duty, own, network };
}

/** The newest slot after which so many blocks came; before `first` where none is. */
function lastSettled(appliedSlot: number, first: number, chain: BlockChain): number {
  let blocks = 0;
  for (let slot = appliedSlot; slot > first; slot--) {
    blocks += Number(chain.hasBlock(slot));
    if (blocks === settledBlocks) return slot - 1;
  }
  return first - 1;
}
