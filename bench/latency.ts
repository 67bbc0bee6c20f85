import { setTimeout as sleep } from "node:timers/promises";
import { openHttpLines } from "./lib/http-lines.ts";
import { round } from "./lib/statistics.ts";
import { startUpstream } from "./lib/upstream-process.ts";
import { renderRequest } from "./mix/render.ts";
import { mainnetScale, scaleMix, type MixRequest } from "./mix/scale.ts";
import { startUnderTest } from "../test/support/slotkeeper.ts";

/** Each request of the mix is sent twice, straight to the node and through Slotkeeper: 2,000 a second each. */
const perSecond = 2_000;

/**
 * Added latency at 2,000 requests a second of the mix: open loop, so that a slow answer delays nobody else's request. The
 * same request goes both ways at the same moment, and which way goes first alternates.
 */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const seconds = isQuick ? 5 : 30;
  const upstream = await startUpstream();
  const slotkeeper = await startUnderTest("gateway", [{ name: "bench", url: upstream.url }]);
  const ways = { direct: openHttpLines(upstream.url), through: openHttpLines(slotkeeper.gatewayUrl) };
  try {
    const mix = shuffled(scaleMix());
    const took = { direct: [] as number[], through: [] as number[] };
    let errors = 0;
    const waiting = new Set<Promise<void>>();
    const send = (name: "direct" | "through", request: string, isCounted: boolean): void => {
      const work = ways[name].send(request).then(({ status, ms }) => {
        if (status < 200 || status >= 300) errors++;
        else if (isCounted) took[name].push(ms);
        waiting.delete(work);
      });
      waiting.add(work);
    };
    const warmUp = 2 * perSecond;
    const total = warmUp + seconds * perSecond;
    const startedAt = performance.now();
    for (let sent = 0; sent < total;) {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
      for (; sent < due; sent++) {
        const request = mix[sent % mix.length];
        if (!request) continue;
        const bytes = renderRequest(request, 320_100 + Math.floor(sent / mix.length), mainnetScale.slotsPerEpoch);
        const order = sent % 2 === 0 ? (["direct", "through"] as const) : (["through", "direct"] as const);
        for (const name of order) send(name, bytes, sent >= warmUp);
      }
      await sleep(1);
    }
    await Promise.all(waiting);
    const [direct, through] = [sorted(took.direct), sorted(took.through)];
    console.log(`direct: p50 ${round(at(direct, 0.5))} ms, p99 ${round(at(direct, 0.99))} ms`);
    console.log(`through Slotkeeper: p50 ${round(at(through, 0.5))} ms, p99 ${round(at(through, 0.99))} ms`);
    return {
      rps: perSecond,
      addedP50Ms: round(at(through, 0.5) - at(direct, 0.5), 3),
      addedP99Ms: round(at(through, 0.99) - at(direct, 0.99), 3),
      directP50Ms: round(at(direct, 0.5), 3),
      directP99Ms: round(at(direct, 0.99), 3),
      requests: through.length,
      errors,
    };
  } finally {
    ways.direct.close();
    ways.through.close();
    await slotkeeper.stop();
    upstream.stop();
  }
}

/** The mix evenly: at this rate an epoch passes in three seconds, and its first slot is no longer a slot. The same each time. */
function shuffled(requests: readonly MixRequest[]): MixRequest[] {
  const mixed = [...requests];
  let state = 1;
  for (let i = mixed.length - 1; i > 0; i--) {
    state = (state * 48_271) % 2_147_483_647;
    const other = state % (i + 1);
    [mixed[i], mixed[other]] = [mixed[other] as MixRequest, mixed[i] as MixRequest];
  }
  return mixed;
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

function at(values: Float64Array, share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
