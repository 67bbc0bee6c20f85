import type { BeaconClient } from "../beacon/beacon-client.ts";
import type { CallFailure, CallResult } from "../beacon/call-result.ts";
import { beaconRoutes } from "../beacon/routes.ts";
import { parseChainSpec } from "../chain/chain-spec.ts";
import type { ProbeAnswer, ProbeKind } from "./facts.ts";

/** How long each question may take, and how often it is asked when nothing asks for it out of turn. */
export const probePlan: Readonly<Record<Exclude<ProbeKind, "syncing">, { timeoutMs: number; periodMs: number }>> = {
  version: { timeoutMs: 2000, periodMs: 300_000 },
  peers: { timeoutMs: 2000, periodMs: 10_000 },
  genesis: { timeoutMs: 3000, periodMs: 600_000 },
  spec: { timeoutMs: 3000, periodMs: 600_000 },
  forks: { timeoutMs: 3000, periodMs: 600_000 },
  finality: { timeoutMs: 5000, periodMs: 60_000 },
  head: { timeoutMs: 2000, periodMs: 60_000 },
  header: { timeoutMs: 2000, periodMs: Number.POSITIVE_INFINITY },
};

/** How long to wait before asking again what failed. */
export const probeRetryMs = 2000;

export type ProbeOutcome =
  | { ok: true; answer: ProbeAnswer; latencyMs: number; serverTimeAt: number | undefined }
  | { ok: false; failure: CallFailure; latencyMs: number };

/** Asks one question. Never throws. */
export async function askProbe(
  client: BeaconClient,
  probe: ProbeKind,
  options: { timeoutMs: number; signal: AbortSignal; root?: string },
): Promise<ProbeOutcome> {
  switch (probe) {
    case "syncing":
      return outcome(await client.call(beaconRoutes.getSyncingStatus, {}, options), (status) => ({ probe, status }));
    case "version": {
      const [v1, v2] = await Promise.all([
        client.call(beaconRoutes.getNodeVersion, {}, options),
        client.call(beaconRoutes.getNodeVersionV2, {}, options),
      ]);
      const executionClient = v2.ok ? v2.value.executionClient : undefined;
      return outcome(v1, ({ version }) => ({ probe, version, executionClient }));
    }
    case "peers":
      return outcome(await client.call(beaconRoutes.getPeerCount, {}, options), ({ connected }) => ({
        probe,
        connected,
      }));
    case "genesis":
      return outcome(await client.call(beaconRoutes.getGenesis, {}, options), (genesis) => ({ probe, genesis }));
    case "spec":
      return askSpec(client, options);
    case "forks":
      return outcome(await client.call(beaconRoutes.getForkSchedule, {}, options), (forks) => ({ probe, forks }));
    case "head": {
      const result = await client.call(beaconRoutes.getBlockHeader, { block_id: "head" }, options);
      const isOptimistic = result.ok ? result.executionOptimistic : undefined;
      return outcome(result, (header) => ({ probe, header, isOptimistic }));
    }
    case "header":
      return outcome(
        await client.call(beaconRoutes.getBlockHeader, { block_id: options.root ?? "head" }, options),
        (header) => ({
          probe,
          header,
        }),
      );
    case "finality":
      return outcome(
        await client.call(beaconRoutes.getStateFinalityCheckpoints, { state_id: "head" }, options),
        (finality) => ({
          probe,
          finality,
        }),
      );
  }
}

async function askSpec(
  client: BeaconClient,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<ProbeOutcome> {
  const result = await client.call(beaconRoutes.getSpec, {}, options);
  if (!result.ok) return { ok: false, failure: result.failure, latencyMs: result.latencyMs };
  const parsed = parseChainSpec(result.value);
  if (!parsed.ok)
    return { ok: false, failure: { kind: "wrong-shape", message: parsed.error.message }, latencyMs: result.latencyMs };
  return outcome(result, () => ({ probe: "spec", spec: parsed.spec }));
}

function outcome<T>(result: CallResult<T>, toAnswer: (value: T) => ProbeAnswer): ProbeOutcome {
  if (!result.ok) return { ok: false, failure: result.failure, latencyMs: result.latencyMs };
  return { ok: true, answer: toAnswer(result.value), latencyMs: result.latencyMs, serverTimeAt: result.serverTimeAt };
}
