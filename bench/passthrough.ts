import { haproxyVersion, startHaproxy } from "./lib/haproxy.ts";
import { cpuSeconds, processTree } from "./lib/process-usage.ts";
import { startUnderTest } from "../test/support/slotkeeper.ts";
import { median, round } from "./lib/statistics.ts";
import { startUpstream } from "./lib/upstream-process.ts";
import { loadWith } from "./lib/wrk.ts";

/** A route that every proxy hands through: a GET that no policy shares, of 1 kB of JSON. */
const path = "/eth/v1/beacon/pool/proposer_slashings";

/** Requests per CPU-second of the proxy's own processes, in turn with HAProxy (one thread), same upstream, same load. */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const [rounds, seconds] = isQuick ? [2, 3] : [5, 8];
  const upstream = await startUpstream();
  const slotkeeper = await startUnderTest("gateway", [{ name: "bench", url: upstream.url }]);
  const haproxy = await startHaproxy(
    ["option httpchk GET /eth/v1/node/health"],
    [`bench ${upstream.url.slice(7)} check`],
  );
  try {
    const systems = {
      slotkeeper: { url: slotkeeper.gatewayUrl, pid: slotkeeper.pid },
      haproxy: { url: haproxy.url, pid: haproxy.pid },
    };
    const figures = { slotkeeper: [] as Figure[], haproxy: [] as Figure[] };
    for (const { url } of Object.values(systems)) await loadWith(url + path, 32, 2);
    for (let number = 1; number <= rounds; number++)
      for (const name of ["slotkeeper", "haproxy"] as const) {
        const figure = await measure(systems[name], seconds);
        figures[name].push(figure);
        console.log(
          `round ${number} ${name}: ${round(figure.perCpuSecond, 0)} requests per CPU-second, ${round(figure.rps, 0)} per second, ${figure.errors} errors`,
        );
      }
    const own = median(figures.slotkeeper.map(({ perCpuSecond }) => perCpuSecond));
    const peer = median(figures.haproxy.map(({ perCpuSecond }) => perCpuSecond));
    return {
      ratio: round(own / peer, 3),
      rps: round(median(figures.slotkeeper.map(({ rps }) => rps)), 0),
      peerRps: round(median(figures.haproxy.map(({ rps }) => rps)), 0),
      perCpuSecond: round(own, 0),
      peerPerCpuSecond: round(peer, 0),
      errors: figures.slotkeeper.reduce((sum, { errors }) => sum + errors, 0),
      peer: `HAProxy ${haproxyVersion()}`,
    };
  } finally {
    await slotkeeper.stop();
    await haproxy.stop();
    upstream.stop();
  }
}

interface Figure {
  perCpuSecond: number;
  rps: number;
  errors: number;
}

async function measure({ url, pid }: { url: string; pid: number }, seconds: number): Promise<Figure> {
  const tree = processTree(pid);
  const cpu = () => tree.reduce((sum, one) => sum + cpuSeconds(one), 0);
  const before = cpu();
  const load = await loadWith(url + path, 32, seconds);
  return { perCpuSecond: load.requests / (cpu() - before), rps: load.requestsPerSecond, errors: load.errors };
}
