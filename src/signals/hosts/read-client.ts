import { processMetricNames, readProcess, type ProcessReading } from "../process-metrics.ts";
import { readValidatorClient, vcMetricNames } from "../read-validator-client.ts";
import { samplesOf, sumOf, type SampleIndex } from "../sample-lookup.ts";

/** What a client's own page says, whichever client it is. */
export interface ClientReading {
  /** Only validator clients and signers are told by their names. */
  client: string | undefined;
  keys: number | undefined;
  peers: number | undefined;
  process: ProcessReading;
}

/**
 * Where clients tell their number of peers, the first that is there: Nimbus, Prysm (by state), Besu and Nethermind, Reth,
 * Geth and Erigon, and the interop name of Lighthouse, Teku, Lodestar and Grandine. Read from the projects' own sources.
 */
const peerMetrics: readonly { metric: string; state?: string }[] = [
  { metric: "nbc_peers" },
  { metric: "p2p_peer_count", state: "Connected" },
  { metric: "ethereum_peer_count" },
  { metric: "reth_network_connected_peers" },
  { metric: "p2p_peers" },
  { metric: "libp2p_peers" },
];

export const clientMetricNames: ReadonlySet<string> = new Set([
  ...vcMetricNames,
  ...processMetricNames,
  ...peerMetrics.map(({ metric }) => metric),
]);

/** Reads a client's page, or returns `undefined` where nothing on it is a client's. */
export function readClient(index: SampleIndex): ClientReading | undefined {
  const reading = readValidatorClient(index);
  const process = reading?.process ?? readProcess(index);
  const peers = readPeers(index);
  const isEmpty = peers === undefined && Object.values(process).every((value) => value === undefined);
  return reading === undefined && isEmpty
    ? undefined
    : { client: reading?.client, keys: reading?.keys, peers, process };
}

function readPeers(index: SampleIndex): number | undefined {
  const known = peerMetrics.find(({ metric }) => samplesOf(index, metric).length > 0);
  return (
    known && sumOf(index, known.metric, ({ labels }) => known.state === undefined || labels["state"] === known.state)
  );
}
