import { createControlClient, type ControlClient } from "../../src/control/client.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Devnet } from "../../testbed/src/devnet.ts";
import { startShim, type Shim } from "../../test/support/shim.ts";
import { startUnderTest, type SlotkeeperUnderTest } from "../../test/support/slotkeeper.ts";
import { startHaproxy } from "../lib/haproxy.ts";

export const systemNames = ["slotkeeper", "haproxy", "haproxyTuned", "fallback", "control"] as const;
export type SystemName = (typeof systemNames)[number];

/** Validators behind one system; peers stand twice, once for each node that may be the first of their list. */
export interface Keeper {
  system: SystemName;
  /** The node that it prefers; absent where it does not matter. */
  primary?: string;
  indices: readonly number[];
  /** Between the validator client and what it talks to. */
  shims: readonly Shim[];
}

export interface Systems {
  keepers: readonly Keeper[];
  control: ControlClient;
  slotkeeper: SlotkeeperUnderTest;
  stop(): Promise<void>;
}

export const primaries = ["bn1", "bn2"] as const;

/**
 * The peers' groups are small: a block that one of them publishes late in an epoch's first slot makes everybody's target
 * wrong, the control's too, and the round void.
 */
const sizes = { slotkeeper: 96, peer: 8, control: 48 };
/** Slotkeeper's group, three peers for each primary, and the control. */
export const validatorCount = sizes.slotkeeper + 3 * primaries.length * sizes.peer + sizes.control;

/**
 * Starts every system on the same nodes and a validator client behind each, the control on a node that no system uses.
 * `urls`: of each node by name, as the systems see it.
 */
export async function startSystems(devnet: Devnet, urls: ReadonlyMap<string, string>): Promise<Systems> {
  const stops: (() => Promise<void>)[] = [];
  const keepers: Keeper[] = [];
  let nextIndex = 0;

  async function keep(system: Keeper["system"], targets: readonly string[], size: number, primary?: string) {
    const shims = await Promise.all(targets.map((url) => startShim(url)));
    stops.push(...shims.map((shim) => () => shim.stop()));
    const indices = Array.from({ length: size }, () => nextIndex++);
    const name = (primary === undefined ? system : `${system}-${primary}`).toLowerCase();
    devnet.startValidatorClient({
      name,
      firstIndex: indices[0] ?? 0,
      lastIndex: indices.at(-1) ?? 0,
      beaconNodeUrls: shims.map(({ url }) => url),
    });
    keepers.push({ system, indices, shims, ...(primary === undefined ? {} : { primary }) });
  }

  async function stop(): Promise<void> {
    for (const one of stops.reverse()) await one();
  }

  try {
    const nodes = [...urls].map(([name, url], priority) => ({ name, url, priority }));
    const slotkeeper = await startUnderTest("gateway", nodes);
    stops.push(() => slotkeeper.stop());
    await keep("slotkeeper", [slotkeeper.gatewayUrl], sizes.slotkeeper);
    for (const primary of primaries) {
      const ordered = [...urls].sort(([a], [b]) => Number(b === primary) - Number(a === primary)).map(([, url]) => url);
      for (const system of ["haproxy", "haproxyTuned"] as const) {
        const haproxy = await (system === "haproxy" ? plainHaproxy(ordered) : tunedHaproxy(ordered));
        stops.push(() => haproxy.stop());
        await keep(system, [haproxy.url], sizes.peer, primary);
      }
      await keep("fallback", ordered, sizes.peer, primary);
    }
    await keep("control", [devnet.nodes.at(-1)?.url ?? ""], sizes.control);
    const control = createControlClient({ kind: "socket", path: slotkeeper.controlSocket }, systemClock);
    return { keepers, control, slotkeeper, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const check = "option httpchk GET /eth/v1/node/health";

/** One active server and two backups, as beacon nodes are usually set up; every other value is HAProxy's own default. */
function plainHaproxy(urls: readonly string[]) {
  return startHaproxy([check], servers(urls, "check"));
}

/** What a careful operator adds: 206 is not healthy, quick checks, two seconds for an answer, retries on the next server. */
function tunedHaproxy(urls: readonly string[]) {
  const backend = [
    check,
    "http-check expect status 200",
    "retries 3",
    "option redispatch 1",
    "retry-on conn-failure empty-response response-timeout 500 502 503 504",
    "timeout connect 1s",
    "timeout server 2s",
  ];
  const tuned = servers(urls, "check inter 2s fall 2 rise 2 on-marked-down shutdown-sessions");
  return startHaproxy(backend, tuned, {
    // A two-second limit would cut event streams all the time.
    frontend: ["acl is_stream path /eth/v1/events", "use_backend streams if is_stream"],
    sections: [
      "backend streams",
      ...[check, "http-check expect status 200", "timeout server 1h", ...tuned.map((line) => `server ${line}`)].map(
        (line) => `  ${line}`,
      ),
    ],
  });
}

function servers(urls: readonly string[], options: string): string[] {
  return urls.map((url, index) => `node${index} ${new URL(url).host} ${options}${index === 0 ? "" : " backup"}`);
}
