import { haproxyVersion, startHaproxy } from "./lib/haproxy.ts";
import { cpuSeconds, processTree } from "./lib/process-usage.ts";
import { median, round } from "./lib/statistics.ts";
import { startUpstream } from "./lib/upstream-process.ts";
import { realNodesRatio } from "./mix/real-nodes.ts";
import { mainnetScale, scaleMix } from "./mix/scale.ts";
import { createWrkMix } from "./mix/wrk-mix.ts";
import { startUnderTest } from "../test/support/slotkeeper.ts";

/** One connection for each client: they wait for each answer before the next request. */
const connections = mainnetScale.clients;

/**
 * What fifty validator clients of 200 keys ask, recorded from a real one and scaled, through Slotkeeper and through
 * HAProxy in turn, over the same upstream: CPU time of the proxy per request decides, throughput informs.
 */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const [rounds, seconds] = isQuick ? [2, 3] : [5, 10];
  const upstream = await startUpstream();
  const slotkeeper = await startUnderTest("gateway", [{ name: "bench", url: upstream.url }]);
  const haproxy = await startHaproxy(
    ["option httpchk GET /eth/v1/node/health"],
    [`bench ${upstream.url.slice(7)} check`],
  );
  const mix = createWrkMix(scaleMix(), 320_100);
  try {
    const systems = {
      slotkeeper: { url: slotkeeper.gatewayUrl, pid: slotkeeper.pid },
      haproxy: { url: haproxy.url, pid: haproxy.pid },
    };
    const figures = { slotkeeper: [] as Figure[], haproxy: [] as Figure[] };
    for (const { url } of Object.values(systems)) await mix.load(url, connections, 3);
    for (let number = 1; number <= rounds; number++)
      for (const name of ["slotkeeper", "haproxy"] as const) {
        const { url, pid } = systems[name];
        const tree = processTree(pid);
        const cpu = () => tree.reduce((sum, one) => sum + cpuSeconds(one), 0);
        const before = cpu();
        const load = await mix.load(url, connections, seconds);
        const figure = {
          cpuUs: ((cpu() - before) * 1e6) / load.requests,
          rps: load.requestsPerSecond,
          errors: load.errors,
        };
        figures[name].push(figure);
        console.log(
          `round ${number} ${name}: ${round(figure.cpuUs, 1)} µs of CPU per request, ${round(figure.rps, 0)} per second, ${figure.errors} errors`,
        );
      }
    const own = median(figures.slotkeeper.map(({ cpuUs }) => cpuUs));
    const peer = median(figures.haproxy.map(({ cpuUs }) => cpuUs));
    const rps = median(figures.slotkeeper.map((figure) => figure.rps));
    const peerRps = median(figures.haproxy.map((figure) => figure.rps));
    const real = await realNodesRatio(isQuick);
    return {
      cpuRatio: round(own / peer, 3),
      ratio: round(rps / peerRps, 2),
      ratioRealNodes: round(real.ratio, 1),
      cpuUsPerRequest: round(own, 1),
      peerCpuUsPerRequest: round(peer, 1),
      rps: round(rps, 0),
      peerRps: round(peerRps, 0),
      errors: figures.slotkeeper.reduce((sum, { errors }) => sum + errors, 0),
      realNodes: real,
      peer: `HAProxy ${haproxyVersion()}`,
    };
  } finally {
    mix.remove();
    await slotkeeper.stop();
    await haproxy.stop();
    upstream.stop();
  }
}

interface Figure {
  cpuUs: number;
  rps: number;
  errors: number;
}
