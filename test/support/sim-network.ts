import { systemClock } from "../../src/lib/clock.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import type { SimChain } from "../../src/sim/chain/types.ts";

export interface SimNetwork {
  chain: SimChain;
  nodes: readonly SimBeaconNode[];
  /** A slot for which a block can be produced now: the next one. */
  nextSlot(): number;
  /** The same, with at least half a slot left until it begins: nobody refuses a block for it while the test builds one. */
  slotToBuild(): Promise<number>;
  stop(): Promise<void>;
}

const clients = ["Lighthouse/v8.0.0", "Lodestar/v1.50.0", "Nimbus/v25.9.0"];

/** Simulated beacon nodes bn1, bn2 … of different clients on one chain that is sixty slots old. */
export async function startSimNetwork(count: number, slotDurationMs: number): Promise<SimNetwork> {
  const genesisTimeMs = Math.floor(systemClock.now() / 1000) * 1000 - 60 * slotDurationMs;
  const chain = createSimChain({ seed: "network", slotDurationMs, genesisTimeMs, validators: 64 });
  const nodes = await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const version = `${clients[index % clients.length]}/sim`;
      return startSimBeaconNode({ chain, clock: systemClock, name: `bn${index + 1}`, version });
    }),
  );
  const nextSlot = () => chain.slotAt(systemClock.now()) + 1;
  return {
    chain,
    nodes,
    nextSlot,
    async slotToBuild() {
      const left = genesisTimeMs + nextSlot() * slotDurationMs - systemClock.now();
      if (left < slotDurationMs / 2) await systemClock.sleep(left + 1);
      return nextSlot();
    },
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
}

const bytes = (byte: string, length: number) => `0x${byte.repeat(length)}`;

/** Produces a block at a gateway, and returns it signed as a validator client would publish it, with the node that built it. */
export async function produceBlock(
  gatewayUrl: string,
  slot: number,
): Promise<{ body: unknown; creator: string | null }> {
  const path = `/eth/v3/validator/blocks/${slot}?randao_reveal=${bytes("22", 96)}`;
  const answer = await fetch(gatewayUrl + path);
  const { data } = (await answer.json()) as { data: { block?: unknown } };
  if (answer.status !== 200) throw new Error(`no block of slot ${slot}: ${answer.status} ${JSON.stringify(data)}`);
  const signature = bytes("11", 96);
  const creator = answer.headers.get("x-slotkeeper-node");
  if (data.block === undefined) return { creator, body: { message: data, signature } };
  return { creator, body: { ...data, block: undefined, signed_block: { message: data.block, signature } } };
}

/** The blinded form that a validator client signs when a builder won: the header's part of it is all that is looked at. */
export function blindedBlock(slot: number, parentRoot: string): unknown {
  const message = {
    slot: String(slot),
    proposer_index: "1",
    parent_root: parentRoot,
    state_root: bytes("44", 32),
    body: {},
  };
  return { message, signature: bytes("11", 96) };
}

export function publishBlock(gatewayUrl: string, kind: "blocks" | "blinded_blocks", body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json", "eth-consensus-version": "fulu" };
  return fetch(`${gatewayUrl}/eth/v2/beacon/${kind}`, { method: "POST", headers, body: JSON.stringify(body) });
}
