import { setTimeout as sleep } from "node:timers/promises";
import { startDevnet } from "../../testbed/src/devnet.ts";
import type { Devnet } from "../../testbed/src/devnet-types.ts";
import { startUnderTest } from "../../test/support/slotkeeper.ts";
import { startHaproxy } from "../lib/haproxy.ts";
import { median } from "../lib/statistics.ts";
import { mainnetScale, scaleMix, type MixRequest } from "./scale.ts";
import { createWrkMix } from "./wrk-mix.ts";

/** What the recorded client reads, on the devnet's epochs and keys. Publishes would need signatures: they are left out. */
const reads = /duties|attestation_data/;

export interface RealNodes extends Record<string, unknown> {
  ratio: number;
  rps: number;
  peerRps: number;
  errors: number;
}

/** Requests a second that come through Slotkeeper and through HAProxy with the same two real beacon nodes behind both. */
export async function realNodesRatio(isQuick: boolean): Promise<RealNodes> {
  const [rounds, seconds] = isQuick ? [1, 3] : [3, 10];
  const devnet = await startDevnet({ nodes: 2, genesisDelaySeconds: 12 });
  try {
    const nodes = devnet.nodes.map(({ name, url }) => ({ name, url }));
    devnet.startValidatorClient({
      name: "vc",
      firstIndex: 0,
      lastIndex: 63,
      beaconNodeUrls: nodes.map(({ url }) => url),
    });
    const slotkeeper = await startUnderTest("gateway", nodes);
    const haproxy = await startHaproxy(
      ["balance roundrobin", "option httpchk GET /eth/v1/node/health"],
      nodes.map(({ name, url }) => `${name} ${url.slice(7)} check`),
    );
    try {
      while (devnet.currentSlot() < devnet.slotsPerEpoch + 2) await sleep(200);
      const rps = { slotkeeper: [] as number[], haproxy: [] as number[] };
      let errors = 0;
      for (let number = 1; number <= rounds; number++)
        for (const [name, url] of [
          ["slotkeeper", slotkeeper.gatewayUrl],
          ["haproxy", haproxy.url],
        ] as const) {
          const load = await loadOnDevnet(devnet, url, seconds);
          rps[name].push(load.requestsPerSecond);
          if (name === "slotkeeper") errors += load.errors;
          console.log(
            `real nodes, round ${number} ${name}: ${Math.round(load.requestsPerSecond)} per second, ${load.errors} errors`,
          );
        }
      const [own, peer] = [median(rps.slotkeeper), median(rps.haproxy)];
      return { ratio: own / peer, rps: Math.round(own), peerRps: Math.round(peer), errors };
    } finally {
      await haproxy.stop();
      await slotkeeper.stop();
    }
  } finally {
    await devnet.stop();
  }
}

/** All clients work on the slot that it is when the load begins. */
async function loadOnDevnet(devnet: Devnet, url: string, seconds: number) {
  const slot = devnet.currentSlot();
  const epoch = Math.floor(slot / devnet.slotsPerEpoch);
  const scale = { ...mainnetScale, slotsPerEpoch: devnet.slotsPerEpoch };
  const here: MixRequest[] = scaleMix(scale)
    .filter(({ route }) => reads.test(route))
    .map((request) => ({
      ...request,
      target: request.target.map((piece) =>
        typeof piece === "string"
          ? piece.replace(/committee_index=\d+/, "committee_index=0")
          : String("slot" in piece ? slot : epoch),
      ),
      // 64 validators: each client asks for as many as the devnet has.
      body: request.body.length === 0 ? [] : [JSON.stringify(Array.from({ length: 64 }, (_, index) => String(index)))],
    }));
  const mix = createWrkMix(here, 0);
  try {
    return await mix.load(url, mainnetScale.clients, seconds);
  } finally {
    mix.remove();
  }
}
