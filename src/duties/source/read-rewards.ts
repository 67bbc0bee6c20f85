import type { CallResult } from "../../beacon/call-result.ts";
import type { BytesRoute } from "../../beacon/route.ts";
import type { AttestationReward } from "../types.ts";
import type { AskedNode } from "./ask-nodes.ts";
import { createPlaces, idsPerBody, joinCalls } from "./chunks.ts";
import { scanAttestationRewards, scanSyncRewards, type ScannedRewards } from "./scan-rewards.ts";

/** Computing them replays an epoch. */
const timeoutMs = 120_000;
/** From Electra on there is an ideal for each of 2048 effective balances. */
const idealMaxBytes = 1024 * 1024;

/** Attestation rewards by one node, each with the ideal of its effective balance. */
export async function readAttestationRewards(
  { client }: AskedNode,
  epoch: number,
  indices: Uint32Array,
  effectiveBalances: ArrayLike<number> | undefined,
  signal: AbortSignal,
): Promise<CallResult<readonly AttestationReward[]>> {
  const chunks: Uint32Array[] = [];
  for (let from = 0; from < indices.length; from += idsPerBody) chunks.push(indices.subarray(from, from + idsPerBody));
  const route: BytesRoute<ScannedRewards> = {
    operationId: "getAttestationsRewards",
    method: "POST",
    path: "/eth/v1/beacon/rewards/attestations/{epoch}",
    maxBytes: idealMaxBytes + Math.min(indices.length, idsPerBody) * 512,
    decode: scanAttestationRewards,
  };
  // An empty list would ask for everybody.
  if (indices.length === 0) return { ok: true, value: [], status: 200, latencyMs: 0 };
  return joinCalls(
    chunks,
    (some) => {
      const bodyText = `["${some.join('","')}"]`;
      return client.callBytes(route, { epoch: String(epoch) }, { bodyText, timeoutMs, signal });
    },
    (answers) => withIdeals(answers, indices, effectiveBalances),
  );
}

/** Sync-committee rewards of a block for all who sit in the committee. */
export function readSyncRewards(
  { client }: AskedNode,
  root: string,
  signal: AbortSignal,
): Promise<CallResult<ReadonlyMap<number, number>>> {
  return client.callBytes<ReadonlyMap<number, number>>(
    {
      operationId: "getSyncCommitteeRewards",
      method: "POST",
      path: "/eth/v1/beacon/rewards/sync_committee/{block_id}",
      maxBytes: 1024 * 1024,
      decode: scanSyncRewards,
    },
    { block_id: root },
    { body: [], timeoutMs, signal },
  );
}

function withIdeals(
  answers: readonly ScannedRewards[],
  indices: Uint32Array,
  effectiveBalances: ArrayLike<number> | undefined,
): AttestationReward[] {
  const placeOf = createPlaces(indices);
  const seen = new Uint8Array(indices.length);
  const rewards: AttestationReward[] = [];
  for (const { ideal, total } of answers) {
    for (const one of total) {
      const place = placeOf(one.index);
      if (place === undefined || seen[place] !== 0) continue;
      seen[place] = 1;
      const effectiveBalance = effectiveBalances?.[place];
      rewards.push({ ...one, ideal: effectiveBalance === undefined ? undefined : ideal.get(effectiveBalance) });
    }
  }
  return rewards;
}
