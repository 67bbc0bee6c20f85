import { createBeaconClient } from "../../src/beacon/beacon-client.ts";
import { createNodeDispatcher } from "../../src/beacon/dispatcher.ts";
import { beaconRoutes } from "../../src/beacon/routes.ts";
import type { CallResult } from "../../src/beacon/call-result.ts";
import { canonicalView } from "../../src/duties/judge/canonical-view.ts";
import { dutySpecOf } from "../../src/duties/judge/duty-spec.ts";
import { createEpochLedger } from "../../src/duties/judge/epoch-ledger.ts";
import { judgeEpoch } from "../../src/duties/judge/judge-epoch.ts";
import type { CauseOf } from "../../src/duties/judge/lost-duty.ts";
import { createHttpDutySource } from "../../src/duties/source/create-http-duty-source.ts";
import type { BlockFacts, EpochResult } from "../../src/duties/types.ts";
import { parseChainSpec } from "../../src/chain/chain-spec.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";

/** Judges epochs of the chain of one node, as the monitor does: over its Beacon API. */
export interface LossReader {
  judge(epoch: number, watched: Uint32Array, causeOf: CauseOf): Promise<EpochResult>;
  close(): Promise<void>;
}

export async function openLossReader(url: string): Promise<LossReader> {
  const { signal } = new AbortController();
  const dispatcher = createNodeDispatcher(url, 2);
  const client = createBeaconClient({ url, name: "judge", headers: {}, clock: systemClock, dispatcher });
  const raw = await got(client.call(beaconRoutes.getSpec, {}, { timeoutMs: 5_000, signal }));
  const parsed = parseChainSpec(raw);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const spec = dutySpecOf(raw);
  const source = createHttpDutySource({
    ...{ nodes: [{ name: "judge", url }], clock: systemClock, spec: parsed.spec, log: silentLogger },
  });

  async function blocksOf(first: number, last: number): Promise<BlockFacts[]> {
    const blocks: BlockFacts[] = [];
    for (let slot = first; slot <= last; slot++)
      for (const { root, isCanonical } of await got(source.rootsAt(slot, signal))) {
        const block = isCanonical ? await got(source.block(root, signal)) : undefined;
        if (block) blocks.push(block);
      }
    return blocks;
  }

  return {
    async judge(epoch, watched, causeOf) {
      const { slotsPerEpoch } = spec;
      const [first, end] = [epoch * slotsPerEpoch, (epoch + 2) * slotsPerEpoch];
      const all = await blocksOf(first - slotsPerEpoch, end - 1);
      const blocks = all.filter(({ slot }) => slot >= first);
      const chain = canonicalView(all);
      const committees = await got(source.committees(epoch, String(first), signal));
      const ledger = createEpochLedger({ epoch, spec, committees, watched });
      for (const block of blocks) ledger.apply(block, chain);
      const { indices } = await got(source.proposers(epoch, signal));
      return judgeEpoch({
        ...{ epoch, state: "provisional", judgedAt: Date.now(), spec, ledger, chain, blocks, orphans: [] },
        ...{ proposers: indices, syncCommittee: undefined, cohorts: [], network: undefined, rewards: undefined },
        watched: { indices: watched, effectiveBalance: undefined, balance: undefined, slashed: undefined },
        ...{ finalizedEpoch: undefined, causeOf },
      });
    },
    async close() {
      await source.close();
      await client.close();
      await dispatcher.destroy();
    },
  };
}

async function got<T>(call: Promise<CallResult<T>>): Promise<T> {
  const result = await call;
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
