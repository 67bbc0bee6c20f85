import type { Drain, GroupStatus } from "../control/types.ts";
import type { UpstreamGroup } from "../upstream/types.ts";
import { listenUrl } from "../fleet/listen-address.ts";
import type { GatewayGroup } from "../gateway/types.ts";

export interface RunningGroup {
  name: string;
  /** Does it listen with TLS? */
  isTls: boolean;
  upstream: UpstreamGroup;
  proxy: GatewayGroup;
}

/** Also what an observer without a listener of its own can give. */
export type StatusSource = Omit<RunningGroup, "proxy" | "isTls"> & {
  isTls?: boolean;
  proxy: Pick<GatewayGroup, "address"> & { stats(): GroupStatus["requests"] } & Partial<
      Pick<GatewayGroup, "safety" | "calendar">
    >;
};

/** Where validator clients reach a group. */
export function groupUrl({ isTls, proxy: { address } }: Pick<RunningGroup, "isTls" | "proxy">): string {
  return listenUrl({ ...address, isTls });
}

/** So many coming proposals are shown: with tens of thousands of validators there is one in every slot. */
const shownProposals = 64;

/** A group as control and metrics show it. */
export function groupStatusOf(source: StatusSource, drains: readonly Drain[] = []): GroupStatus {
  const { name, upstream, proxy, isTls = false } = source;
  const network = upstream.network();
  const branches = upstream.branches();
  const chosenBranch = upstream.chosenBranch();
  const { total, failed, perSecond, streams } = proxy.stats();
  return {
    group: name,
    listen: { ...proxy.address, ...(isTls ? { isTls } : {}) },
    view: upstream.view(),
    nodes: upstream.statuses(),
    network: network && {
      configName: network.spec.configName,
      genesisTimeMs: network.genesis.genesisTimeMs,
      slotDurationMs: network.spec.slotDurationMs,
      slotsPerEpoch: network.spec.slotsPerEpoch,
      genesisValidatorsRoot: network.genesis.genesisValidatorsRoot,
    },
    requests: { total, failed, perSecond, streams },
    ...proxy.safety?.status(),
    ...(branches.length > 0 ? { branches } : {}),
    ...(chosenBranch ? { chosenBranch } : {}),
    ...(drains.length > 0 ? { drains } : {}),
    ...(proxy.calendar ? { proposals: proxy.calendar.proposals().slice(0, shownProposals) } : {}),
  };
}
