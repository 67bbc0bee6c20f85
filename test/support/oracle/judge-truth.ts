import { canonicalView } from "../../../src/duties/judge/canonical-view.ts";
import { createEpochLedger } from "../../../src/duties/judge/epoch-ledger.ts";
import { judgeEpoch } from "../../../src/duties/judge/judge-epoch.ts";
import type { EpochResult } from "../../../src/duties/types.ts";
import type { ChainTruth, EpochTruth } from "../../oracle/src/chain-truth.ts";
import { flatCommittees, type ReadChain } from "./read-chain.ts";

/** The product's verdict on one epoch of a chain, with everybody watched and the whole network's stake known. */
export function judgeTruth(truth: ChainTruth, chain: ReadChain, epoch: EpochTruth): EpochResult {
  const { spec, canonical, orphaned } = chain;
  const firstSlot = epoch.epoch * spec.slotsPerEpoch;
  const isOfEpoch = (slot: number): boolean => slot >= firstSlot && slot < firstSlot + spec.slotsPerEpoch;
  const blocks = canonical.filter(({ slot }) => slot >= firstSlot && slot < firstSlot + 2 * spec.slotsPerEpoch);
  const view = canonicalView([{ slot: 0, root: truth.genesisRoot }, ...canonical]);
  const indices = Uint32Array.from(epoch.participation.keys());
  const ledger = createEpochLedger({ epoch: epoch.epoch, spec, committees: flatCommittees(epoch), watched: indices });
  for (const block of blocks) ledger.apply(block, view);
  const effectiveBalance = Uint16Array.from(epoch.effectiveBalances);
  const slashed = Uint8Array.from(epoch.slashed, Number);
  return judgeEpoch({
    epoch: epoch.epoch,
    state: "provisional",
    judgedAt: 0,
    spec,
    ledger,
    chain: view,
    blocks,
    orphans: orphaned.filter(({ slot }) => isOfEpoch(slot)),
    proposers: epoch.proposers,
    syncCommittee: Uint32Array.from(epoch.syncCommittee),
    watched: { indices, effectiveBalance, balance: Float64Array.from(epoch.balances), slashed },
    cohorts: [],
    network: {
      effectiveBalance,
      slashed,
      activeIncrements: epoch.totalActiveIncrements,
      activeIncrementsOfEpoch: epoch.activeIncrementsOfEpoch,
    },
    rewards: undefined,
    finalizedEpoch: epoch.finalizedEpoch,
    slashedBefore: (index) => slashedBefore(truth, epoch)?.[index] === true,
  });
}

/** As of the last slot before the epoch. */
export function slashedBefore(truth: ChainTruth, { epoch }: EpochTruth): readonly boolean[] | undefined {
  return epoch === 0 ? truth.genesisSlashed : truth.epochs[epoch - 1]?.slashedByEnd;
}
