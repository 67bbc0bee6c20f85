import { createBeaconClient } from "../../beacon/beacon-client.ts";
import { beaconRoutes } from "../../beacon/routes.ts";
import { parseChainSpec } from "../../chain/chain-spec.ts";
import type { ChainTiming } from "../../chain/slot-clock.ts";
import type { ChainSpec } from "../../chain/types.ts";
import { dutySpecOf, type DutySpec } from "../../duties/judge/duty-spec.ts";
import type { DutyNode } from "../../duties/source/types.ts";
import { describeError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";

/** The chain that duties are judged on. */
export interface ChainNetwork {
  chain: ChainSpec;
  spec: DutySpec;
  timing: ChainTiming;
  /** 0x-prefixed, lower case. */
  genesisValidatorsRoot: string;
}

const timeoutMs = 5_000;

/** Asks one node for its network; an answer that cannot be read is a reason, never a guess. */
export async function readNetwork(
  node: DutyNode,
  clock: Clock,
  signal: AbortSignal,
): Promise<ChainNetwork | { problem: string }> {
  const client = createBeaconClient({ url: node.url, name: node.name, headers: node.headers ?? {}, clock });
  try {
    const raw = await client.call(beaconRoutes.getSpec, {}, { timeoutMs, signal });
    if (!raw.ok) return { problem: raw.failure.message };
    const genesis = await client.call(beaconRoutes.getGenesis, {}, { timeoutMs, signal });
    if (!genesis.ok) return { problem: genesis.failure.message };
    const parsed = parseChainSpec(raw.value);
    if (!parsed.ok) return { problem: `${node.name}: ${parsed.error.message}` };
    return {
      chain: parsed.spec,
      spec: dutySpecOf(raw.value),
      timing: { spec: parsed.spec, genesis: genesis.value },
      genesisValidatorsRoot: genesis.value.genesisValidatorsRoot,
    };
  } catch (error) {
    return { problem: `${node.name}: ${describeError(error)}` };
  } finally {
    await client.close();
  }
}
