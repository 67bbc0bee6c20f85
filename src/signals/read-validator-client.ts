import { processMetricNames, readProcess, type ProcessReading } from "./process-metrics.ts";
import { labelOf, samplesOf, type SampleIndex } from "./sample-lookup.ts";
import { vcCatalog, type MetricSource, type VcMetrics } from "./vc-metrics.ts";

/** What a validator client says about itself. `undefined` is unknown: the client does not say. */
export interface VcReading {
  client: string;
  version: string | undefined;
  keys: number | undefined;
  /** The metric that `keys` was read from, for the evidence. */
  keysMetric: string | undefined;
  activeKeys: number | undefined;
  slashedKeys: number | undefined;
  usableNodes: number | undefined;
  configuredNodes: number | undefined;
  process: ProcessReading;
}

/** Every name that the catalogue can use: a page's other series need not be kept. */
export const vcMetricNames: ReadonlySet<string> = new Set([
  ...vcCatalog.flatMap((entry) => [
    ...entry.fingerprints,
    ...(entry.version ? [entry.version.metric] : []),
    ...[entry.keys, entry.activeKeys, entry.slashed, entry.usableNodes, entry.configuredNodes]
      .flat()
      .map((source) => source.metric),
  ]),
  ...processMetricNames,
]);

/** Reads a validator client's page, or returns `undefined` when no known validator client's metrics are on it. */
export function readValidatorClient(index: SampleIndex): VcReading | undefined {
  const entry = vcCatalog.find((candidate) => candidate.fingerprints.some((name) => index.has(name)));
  return entry && readWith(entry, index);
}

function readWith(entry: VcMetrics, index: SampleIndex): VcReading {
  const keys = readFirst(entry.keys, index);
  return {
    client: entry.client,
    version: entry.version && labelOf(index, entry.version.metric, entry.version.label),
    keys: keys?.value,
    keysMetric: keys?.metric,
    activeKeys: readFirst(entry.activeKeys, index)?.value,
    slashedKeys: readFirst(entry.slashed, index)?.value,
    usableNodes: readFirst(entry.usableNodes, index)?.value,
    configuredNodes: readFirst(entry.configuredNodes, index)?.value,
    process: readProcess(index),
  };
}

/** A metric that is on the page but has no series that counts reads as 0; one that is not on the page is skipped. */
function readFirst(
  sources: readonly MetricSource[],
  index: SampleIndex,
): { value: number; metric: string } | undefined {
  const source = sources.find((candidate) => samplesOf(index, candidate.metric).length > 0);
  if (!source) return undefined;
  const counted = samplesOf(index, source.metric, source.where);
  const value = source.read === "count" ? counted.length : counted.reduce((sum, sample) => sum + sample.value, 0);
  return { value, metric: source.metric };
}
