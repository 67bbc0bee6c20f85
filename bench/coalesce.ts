import { openHttpLines } from "./lib/http-lines.ts";
import { round } from "./lib/statistics.ts";
import { startUpstream } from "./lib/upstream-process.ts";
import { renderRequest } from "./mix/render.ts";
import { mainnetScale, scaleMix, type MixRequest } from "./mix/scale.ts";
import { startUnderTest } from "../test/support/slotkeeper.ts";

/** Reads that may be shared: what the routing table marks so, of the routes in the mix. */
const shared = /attestation_data|duties\/(proposer|attester|sync)/;
const slotMs = 500;

/**
 * Upstream calls among reads that may be shared, against what fifty clients of 200 keys asked: the mix in its own time,
 * each client's request at its moment of the slot, with slots of half a second.
 */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const epochs = isQuick ? 2 : 8;
  const { slotsPerEpoch } = mainnetScale;
  const upstream = await startUpstream(slotMs);
  const slotkeeper = await startUnderTest("gateway", [{ name: "bench", url: upstream.url }]);
  const lines = openHttpLines(slotkeeper.gatewayUrl);
  try {
    const mix = scaleMix();
    const bySlot = Map.groupBy(mix, ({ slot }) => slot);
    const genesisAt = await firstEpochAt(upstream.url);
    const asked: Record<string, number> = {};
    const failed: Record<string, number> = {};
    let errors = 0;
    const epochMs = slotsPerEpoch * slotMs;
    const firstEpoch = Math.ceil((Date.now() - genesisAt) / epochMs);
    const before = await upstream.asked();
    for (let epoch = firstEpoch; epoch < firstEpoch + epochs; epoch++)
      for (let slot = 0; slot < slotsPerEpoch; slot++) {
        const startsAt = genesisAt + epoch * epochMs + slot * slotMs;
        const sent = (bySlot.get(slot) ?? []).map(async (request: MixRequest) => {
          await until(startsAt + request.share * slotMs);
          if (shared.test(request.route)) asked[request.route] = (asked[request.route] ?? 0) + 1;
          const answer = await lines.send(renderRequest(request, epoch, slotsPerEpoch));
          const { status } = answer;
          if (status < 200 || status >= 300) {
            if (errors < 3) console.log(`${status} ${request.route}: ${answer.body.slice(0, 300)}`);
            errors++;
            failed[`${status} ${request.route}`] = (failed[`${status} ${request.route}`] ?? 0) + 1;
          }
        });
        await Promise.all(sent);
      }
    const after = await upstream.asked();
    const calls = Object.fromEntries(
      Object.keys(after)
        .filter((route) => shared.test(route))
        .map((route) => [route, (after[route] ?? 0) - (before[route] ?? 0)]),
    );
    const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
    console.log("asked by clients:", asked);
    console.log("calls to the node:", calls);
    if (errors > 0) console.log("failed:", failed);
    return { factor: round(sum(asked) / sum(calls), 1), asked: sum(asked), calls: sum(calls), epochs, errors };
  } finally {
    lines.close();
    await slotkeeper.stop();
    upstream.stop();
  }
}

async function until(at: number): Promise<void> {
  const wait = at - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}

async function firstEpochAt(url: string): Promise<number> {
  const answer = (await (await fetch(`${url}/eth/v1/beacon/genesis`)).json()) as { data: { genesis_time: string } };
  return Number(answer.data.genesis_time) * 1000;
}
