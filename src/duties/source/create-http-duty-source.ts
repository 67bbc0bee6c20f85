import type { CallResult } from "../../beacon/call-result.ts";
import { beaconRoutes } from "../../beacon/routes.ts";
import { readBlockSizes, type BlockSizes } from "../../beacon/ssz/block-sizes.ts";
import { createNodeAsker, failed, noneReady } from "./ask-nodes.ts";
import { readCommittees } from "./read-committees.ts";
import { readAttestationRewards, readSyncRewards } from "./read-rewards.ts";
import { readBalances, readValidators } from "./read-validators.ts";
import { blockRewards, headersBySlot, proposerDuties, signedBlock, syncCommitteeOfState } from "./routes.ts";
import type { HttpDutySource, HttpDutySourceOptions } from "./types.ts";

/** For what a node answers from memory, and for blocks. */
const quickMs = 10_000;
/** For what it takes a state to answer. */
const stateMs = 60_000;

/**
 * Reads the chain from beacon nodes over the Beacon API. Each call goes to the first node that is ready, and on to the next
 * where that one fails; each has its own deadline and byte bound, and none throws.
 */
export function createHttpDutySource(options: HttpDutySourceOptions): HttpDutySource {
  const { spec } = options;
  const traffic = { requests: 0, bytesReceived: 0, bytesSent: 0 };
  const nodes = createNodeAsker(options, traffic);
  let knownSizes: BlockSizes | undefined = options.sizes;

  async function sizesOf(signal: AbortSignal): Promise<CallResult<BlockSizes>> {
    if (knownSizes !== undefined) return { ok: true, value: knownSizes, status: 200, latencyMs: 0 };
    const said = await nodes.ask("getSpec", signal, ({ client }) =>
      client.call(beaconRoutes.getSpec, {}, { timeoutMs: quickMs, signal }),
    );
    if (!said.ok) return said;
    knownSizes = readBlockSizes(said.value);
    return { ...said, value: knownSizes };
  }

  return {
    async head(signal) {
      const header = await nodes.ask("getBlockHeader", signal, ({ client }) =>
        client.call(beaconRoutes.getBlockHeader, { block_id: "head" }, { timeoutMs: quickMs, signal }),
      );
      return header.ok ? { ...header, value: { slot: header.value.slot, root: header.value.root } } : header;
    },

    async block(root, signal) {
      const sizes = await sizesOf(signal);
      if (!sizes.ok) return sizes;
      const route = signedBlock(root, sizes.value, spec);
      const block = await nodes.ask("getBlockV2", signal, ({ client }) =>
        client.callBytes(route, { block_id: root }, { timeoutMs: quickMs, signal }),
      );
      if (block.ok || block.failure.status !== 404) return block;
      return { ok: true, value: undefined, status: 404, latencyMs: block.latencyMs };
    },

    async rootsAt(slot, signal) {
      const answers = await nodes.askAll(async ({ client, name }) => {
        const query = `slot=${slot}`;
        const headers = await client.call(headersBySlot, {}, { query, timeoutMs: quickMs, signal });
        if (!headers.ok && headers.failure.status === 404)
          return { ok: true as const, value: [], status: 404, latencyMs: headers.latencyMs };
        if (headers.ok && headers.value.some((one) => one.slot !== slot))
          return failed("getBlockHeaders", name, `a header of another slot than ${slot}`);
        return headers;
      });
      const first = answers.find((one) => one.ok) ?? answers[0];
      if (first === undefined) return noneReady("getBlockHeaders");
      if (!first.ok) return first;
      // A node may have missed what another one saw; which are canonical the first one says.
      const roots = new Map<string, boolean>();
      for (const answer of answers)
        if (answer.ok)
          for (const { root, isCanonical } of answer.value)
            if (!roots.has(root)) roots.set(root, answer === first && isCanonical);
      return { ...first, value: Array.from(roots, ([root, isCanonical]) => ({ root, isCanonical })) };
    },

    finality: (signal, stateId = "head") =>
      nodes.ask("getStateFinalityCheckpoints", signal, ({ client }) =>
        client.call(beaconRoutes.getStateFinalityCheckpoints, { state_id: stateId }, { timeoutMs: quickMs, signal }),
      ),

    committees: (epoch, stateId, signal) =>
      nodes.ask("getEpochCommittees", signal, (node) =>
        readCommittees(node, epoch, stateId, spec.slotsPerEpoch, signal),
      ),

    proposers: (epoch, signal) =>
      nodes.ask("getProposerDuties", signal, ({ client, firstOffered }) =>
        firstOffered(
          ([2, 1] as const).map((version) => {
            const route = proposerDuties(version, epoch, spec.slotsPerEpoch);
            const { operationId } = route;
            const call = () => client.callBytes(route, { epoch: String(epoch) }, { timeoutMs: stateMs, signal });
            return { operationId, call };
          }),
        ),
      ),

    async syncCommittee(epoch, stateId, signal) {
      const sizes = await sizesOf(signal);
      if (!sizes.ok) return sizes;
      return nodes.ask("getEpochSyncCommittees", signal, async ({ client, name }) => {
        const call = { query: `epoch=${epoch}`, timeoutMs: stateMs, signal };
        const seats = await client.call(syncCommitteeOfState, { state_id: stateId }, call);
        if (!seats.ok || seats.value.length === sizes.value.syncCommitteeSize) return seats;
        return failed(
          "getEpochSyncCommittees",
          name,
          `${seats.value.length} of ${sizes.value.syncCommitteeSize} seats`,
        );
      });
    },

    validators: (stateId, ids, { withoutStatus }, signal) =>
      nodes.ask("getStateValidators", signal, (node) => readValidators(node, stateId, ids, withoutStatus, signal)),

    balances: (stateId, indices, signal) =>
      nodes.ask("getStateValidatorBalances", signal, (node) => readBalances(node, stateId, indices, signal)),

    attestationRewards: (epoch, indices, signal, effectiveBalances) =>
      nodes.ask("getAttestationsRewards", signal, (node) =>
        readAttestationRewards(node, epoch, indices, effectiveBalances, signal),
      ),

    syncRewards: (root, signal) =>
      nodes.ask("getSyncCommitteeRewards", signal, (node) => readSyncRewards(node, root, signal)),

    blockReward: (root, signal) =>
      nodes.ask("getBlockRewards", signal, ({ client }) =>
        client.call(blockRewards, { block_id: root }, { timeoutMs: stateMs, signal }),
      ),

    get cost() {
      return { ...traffic };
    },
    close: () => nodes.close(),
  };
}
