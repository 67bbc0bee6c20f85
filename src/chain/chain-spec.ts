import { forkNames, type ChainSpec, type DeadlinesBps, type Fork } from "./types.ts";

export type ChainSpecResult =
  | { ok: true; spec: ChainSpec }
  | {
      ok: false;
      error: { code: "spec-not-an-object" | "spec-value-missing" | "spec-value-invalid"; key: string; message: string };
    };

/** An epoch that will never come: nodes send 2^64-1 for a fork that is not scheduled. */
const farFutureEpoch = Number.MAX_SAFE_INTEGER;

const defaultDeadlines: DeadlinesBps = { attestation: 3333, aggregate: 6667, syncMessage: 3333, contribution: 6667 };
const defaultDeadlinesGloas: DeadlinesBps = {
  attestation: 2500,
  aggregate: 5000,
  syncMessage: 2500,
  contribution: 5000,
};

const defaultPayloadAttestation = 7500;

type RawSpec = Readonly<Record<string, unknown>>;

/**
 * Reads the `data` of `GET /eth/v1/config/spec`. Values may be decimal strings, as the Beacon API says, or numbers, as
 * some nodes send. Slot length, epoch length and sync-committee period are essential; deadlines that the node does not
 * name take the defaults of consensus-specs (a third and two thirds; a quarter and a half from Gloas on, and three quarters
 * for the payload timeliness committee).
 */
export function parseChainSpec(raw: unknown): ChainSpecResult {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    return failure(
      "spec-not-an-object",
      "data",
      "read config/spec: the answer holds no table of values; check that the URL is a beacon node",
    );
  const values = raw as RawSpec;

  const slotDurationMs = readUint(values, "SLOT_DURATION_MS") ?? scale(readUint(values, "SECONDS_PER_SLOT"), 1000);
  if (slotDurationMs === undefined) return missing("SLOT_DURATION_MS");
  const slotsPerEpoch = readUint(values, "SLOTS_PER_EPOCH");
  if (slotsPerEpoch === undefined) return missing("SLOTS_PER_EPOCH");
  const epochsPerSyncCommitteePeriod = readUint(values, "EPOCHS_PER_SYNC_COMMITTEE_PERIOD");
  if (epochsPerSyncCommitteePeriod === undefined) return missing("EPOCHS_PER_SYNC_COMMITTEE_PERIOD");
  if (slotDurationMs === 0 || slotDurationMs > 3_600_000) return invalid("SLOT_DURATION_MS", slotDurationMs);
  if (slotsPerEpoch === 0) return invalid("SLOTS_PER_EPOCH", slotsPerEpoch);
  if (epochsPerSyncCommitteePeriod === 0)
    return invalid("EPOCHS_PER_SYNC_COMMITTEE_PERIOD", epochsPerSyncCommitteePeriod);

  return {
    ok: true,
    spec: {
      configName: readText(values, "CONFIG_NAME") ?? "unknown",
      presetBase: readText(values, "PRESET_BASE") ?? "unknown",
      slotDurationMs,
      slotsPerEpoch,
      epochsPerSyncCommitteePeriod,
      forks: readForks(values),
      deadlines: readDeadlines(values, "", defaultDeadlines),
      deadlinesGloas: readDeadlines(values, "_GLOAS", defaultDeadlinesGloas),
      payloadAttestationDueBps: readBps(values, "PAYLOAD_ATTESTATION_DUE_BPS", defaultPayloadAttestation),
    },
  };
}

function readForks(values: RawSpec): Fork[] {
  const forks: Fork[] = [];
  for (const name of forkNames) {
    const isGenesis = name === "phase0";
    const version = readText(values, isGenesis ? "GENESIS_FORK_VERSION" : `${name.toUpperCase()}_FORK_VERSION`);
    const epoch = isGenesis ? 0 : readUint(values, `${name.toUpperCase()}_FORK_EPOCH`);
    if (version === undefined || !/^0x[0-9a-f]{8}$/i.test(version)) continue;
    if (epoch === undefined || epoch >= farFutureEpoch) continue;
    forks.push({ name, version: version.toLowerCase(), epoch });
  }
  // Array.sort is stable, so forks that share an epoch (a devnet's genesis) stay in order of the specification.
  return forks.sort((a, b) => a.epoch - b.epoch);
}

function readDeadlines(values: RawSpec, suffix: "" | "_GLOAS", defaults: DeadlinesBps): DeadlinesBps {
  const read = (key: string, fallback: number) => readBps(values, `${key}_DUE_BPS${suffix}`, fallback);
  return {
    attestation: read("ATTESTATION", defaults.attestation),
    aggregate: read("AGGREGATE", defaults.aggregate),
    syncMessage: read("SYNC_MESSAGE", defaults.syncMessage),
    contribution: read("CONTRIBUTION", defaults.contribution),
  };
}

function readBps(values: RawSpec, key: string, fallback: number): number {
  const value = readUint(values, key);
  return value === undefined || value > 10_000 ? fallback : value;
}

function readUint(values: RawSpec, key: string): number | undefined {
  const value = values[key];
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 ? value : undefined;
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return Number(value);
  return undefined;
}

function readText(values: RawSpec, key: string): string | undefined {
  const value = values[key];
  return typeof value === "string" && value.length > 0 && value.length <= 200 ? value : undefined;
}

function scale(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

type SpecErrorCode = Extract<ChainSpecResult, { ok: false }>["error"]["code"];

function failure(code: SpecErrorCode, key: string, message: string): ChainSpecResult {
  return { ok: false, error: { code, key, message } };
}

function missing(key: string): ChainSpecResult {
  return failure(
    "spec-value-missing",
    key,
    `read config/spec: the node does not say ${key}; upgrade it or check that the URL is a beacon node`,
  );
}

function invalid(key: string, value: number): ChainSpecResult {
  return failure(
    "spec-value-invalid",
    key,
    `read config/spec: ${key} is ${value}, which cannot be; check the node's network configuration`,
  );
}
